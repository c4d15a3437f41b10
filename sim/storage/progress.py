"""How far a study has got, as it is told to whoever watches.

State: none.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyProgress:
    """How far a command has got with its share of a study.

    done, failed  : units of this command's share, earlier ones included
    total         : units of this command's share
    earlier       : units that an earlier command had already finished
    workers       : ready for units; 0 while they start
    rate_per_s    : units a second in this command; nan before the first has ended
    remaining_s   : expected; nan before the first has ended
    notice        : something to be said once, such as a part that is corrupt; else empty
    """

    done: int
    failed: int
    total: int
    earlier: int
    workers: int
    elapsed_s: float
    rate_per_s: float
    remaining_s: float
    notice: str = ""


Watch = Callable[[StudyProgress], None]
