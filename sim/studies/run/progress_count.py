"""How far a command has got with its share of a study, counted and told.

State: the counts of one command.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a study has got, for whoever watches.

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


Watch = Callable[[Standing], None]


@dataclass(slots=True)
class Tally:
    """Counts what has ended, and tells."""

    watch: Watch
    began: float
    total: int = 0
    earlier: int = 0
    done: int = 0
    failed: int = 0
    worked: int = 0
    workers: int = 0
    working_since: float = 0.0

    def tell(self, notice: str = "") -> None:
        """Tell how far the command has got, and what is to be said once."""
        now = time.monotonic()
        spent = now - self.working_since
        rate = self.worked / spent if self.worked and spent > 0 else float("nan")
        left = self.total - self.done - self.failed
        self.watch(
            Standing(
                done=self.done,
                failed=self.failed,
                total=self.total,
                earlier=self.earlier,
                workers=self.workers,
                elapsed_s=now - self.began,
                rate_per_s=rate,
                remaining_s=left / rate if left else 0.0,
                notice=notice,
            )
        )


def nobody(_standing: Standing) -> None:
    """Watch nothing."""
