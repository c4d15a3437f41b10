"""Progress with the time left, on stderr: a bar where a person is looking, lines elsewhere.

State: none.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from sim.storage.progress import StudyProgress, Watch
from sim.words.numbers import counted

Answer = TypeVar("Answer")
Tell = Callable[[str, float], None]  # hears what is done, and the share done
PREPARING = "preparing the fast loops, once per machine"
LINE_EVERY_S = 30.0  # where nobody sees a bar
JSON_EVERY_S = 1.0
SLOW_START_S = 6.0  # workers start in less, unless they compile


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


@contextmanager
def study_progress(*, quiet: bool, log_json: bool) -> Iterator[Watch]:
    """Yield a watch that shows how far a study has got; what must be known is said even if quiet.

    log_json : one JSON object a line instead of words
    """
    if log_json:
        yield _json_watch()
    elif quiet:
        yield _notices_only
    elif sys.stderr.isatty():
        with _bar() as watch:
            yield watch
    else:
        yield _line_watch()


def duration(seconds: float) -> str:
    """Return a time in words that a person takes in: 45 s, 12 min, 3 h 20 min."""
    if math.isnan(seconds):
        return "unknown"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60:,} h {minutes % 60} min"


def _words(so_far: StudyProgress) -> str:
    """Return how far a study has got as one line."""
    words = f"{so_far.done + so_far.failed:,} of {counted(so_far.total, 'unit')}"
    if so_far.failed:
        words += f", {so_far.failed:,} failed"
    if not math.isnan(so_far.rate_per_s):
        words += f", {60 * so_far.rate_per_s:,.3g} a minute"
        words += f", {duration(so_far.remaining_s)} left"
    return words


def _phase(so_far: StudyProgress) -> str:
    if so_far.workers or so_far.done + so_far.failed == so_far.total:
        return "units"
    return PREPARING if so_far.elapsed_s > SLOW_START_S else "starting"


@contextmanager
def _bar() -> Iterator[Watch]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("starting", total=None, words="")

        def watch(so_far: StudyProgress) -> None:
            if so_far.notice:
                progress.console.print(so_far.notice, markup=False, highlight=False)
            progress.update(
                task,
                description=_phase(so_far),
                total=so_far.total,
                completed=so_far.done + so_far.failed,
                words=_words(so_far),
            )

        yield watch


def _line_watch() -> Watch:
    last = {"said_s": -math.inf, "ended": -1.0}

    def watch(so_far: StudyProgress) -> None:
        _notices_only(so_far)
        now, ended = time.monotonic(), so_far.done + so_far.failed
        is_over = ended == so_far.total and ended != last["ended"]
        if is_over or now - last["said_s"] >= LINE_EVERY_S:
            phase = _phase(so_far)
            print(f"{'' if phase == 'units' else f'{phase}: '}{_words(so_far)}", file=sys.stderr)  # noqa: T201
            last.update(said_s=now, ended=ended)

    return watch


def _json_watch() -> Watch:
    last = {"said_s": -math.inf, "ended": -1.0}

    def watch(so_far: StudyProgress) -> None:
        if so_far.notice:
            _print_json({"event": "notice", "text": so_far.notice})
        now, ended = time.monotonic(), so_far.done + so_far.failed
        is_news = ended != last["ended"] and now - last["said_s"] >= JSON_EVERY_S
        is_over = ended == so_far.total and ended != last["ended"]
        if is_news or is_over or now - last["said_s"] >= LINE_EVERY_S:
            numbers = {
                name: None if math.isnan(value) else round(value, 3)
                for name, value in (
                    ("elapsed_s", so_far.elapsed_s),
                    ("rate_per_s", so_far.rate_per_s),
                    ("remaining_s", so_far.remaining_s),
                )
            }
            counts = {
                name: getattr(so_far, name)
                for name in ("done", "failed", "total", "earlier", "workers")
            }
            _print_json({"event": "progress", "phase": _phase(so_far), **counts, **numbers})
            last.update(said_s=now, ended=ended)

    return watch


def _notices_only(so_far: StudyProgress) -> None:
    if so_far.notice:
        print(so_far.notice, file=sys.stderr)  # noqa: T201 - progress is all this module does


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201
