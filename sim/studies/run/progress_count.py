"""How far a command has got with its share of a study, counted and told.

State: the counts of one command.
"""

import time
from dataclasses import dataclass

from sim.storage.progress import StudyProgress, Watch


@dataclass(slots=True)
class ProgressCount:
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
            StudyProgress(
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


def nobody(_progress: StudyProgress) -> None:
    """Watch nothing."""
