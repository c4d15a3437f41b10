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


def with_progress(work: Callable[[Tell], Answer], *, quiet: bool) -> Answer:
    """Run ``work`` under a progress bar, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        return work(lambda _what, _share: None)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {}

        def tell(what: str, share: float) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=1.0)
            progress.update(tasks[what], completed=share)

        return work(tell)
