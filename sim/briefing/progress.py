"""Progress with the time left, on stderr, where a person is looking.

State: none.
"""

import sys
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

Answer = TypeVar("Answer")
Tell = Callable[[str, float], None]  # hears what is done, and the share done
PREPARING = "preparing the fast loops, once per machine"


def with_progress(work: Callable[[Tell], Answer], *, quiet: bool) -> Answer:
    """Run ``work`` under a progress bar, on a terminal only.

    Where the kernels have yet to be compiled a line says so until the work gets on.
    """
    if quiet or not sys.stderr.isatty():
        return work(lambda _what, _share: None)
    from sim.kernels._jit import is_in_cache  # noqa: PLC0415 - numba, which a quiet run may not need

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {}
        if not is_in_cache("walk.advance"):
            tasks[PREPARING] = progress.add_task(PREPARING, total=None)

        def tell(what: str, share: float) -> None:
            if share > 0 and PREPARING in tasks:
                progress.remove_task(tasks.pop(PREPARING))
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=1.0)
            progress.update(tasks[what], completed=share)

        return work(tell)
