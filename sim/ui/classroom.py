"""Classes: which step a class is at, and what its seats guessed; each class is one SQLite file.

A class has a short code for its students and a secret key for its teacher; a seat is a random
number. Nothing else is kept, and the file goes when the teacher ends the class, when the server
stops, and after ``KEPT_S`` at the latest.

State: a private folder of files, and the open classes; one lock a class.
"""

import os
import secrets
import shutil
import sqlite3
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hmac import compare_digest
from math import isfinite
from pathlib import Path
from threading import Lock

from sim.errors import SimError

LETTERS = "ACDEFHJKLMNPRTUVWXY"  # none that is taken for another letter or for a digit
CODE_LENGTH = 4
MOST_CLASSES, MOST_SEATS = 20, 60
KEPT_S = 12 * 3600.0
_SEAT_BYTES, _KEY_BYTES = 16, 24
_TRIES = 1000  # of a code not yet taken: 20 classes among 130,000 codes need one


@dataclass(frozen=True, slots=True)
class Place:
    """Where a class is.

    lesson      : its name
    step        : the screen, from 0
    is_revealed : whether the answer of the screen may be seen
    """

    lesson: str
    step: int
    is_revealed: bool


@dataclass(slots=True)
class _Class:
    key: str
    place: Place
    began_s: float
    file: Path
    connection: sqlite3.Connection
    lock: Lock = field(default_factory=Lock)
    revealed: set[int] = field(default_factory=set)
    is_over: bool = False


class Classroom:
    """All classes of this server."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        choose: Callable[[str], str] = secrets.choice,
    ) -> None:
        """Make the private folder, which goes with this object and with the process.

        clock  : time in s; choose : draws a letter of a code
        """
        self.folder = Path(tempfile.mkdtemp(prefix="passerby-class-"))  # of mode 0700
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._clock, self._choose = clock, choose
        self._classes: dict[str, _Class] = {}
        self._lock = Lock()

    def begin(self, lesson: str) -> tuple[str, str]:
        """Begin a class; return its code and its teacher's key."""
        with self._lock:
            self._drop_old()
            if len(self._classes) >= MOST_CLASSES:
                raise SimError(
                    f"{MOST_CLASSES} classes are open, which is all that this machine takes: "
                    "end one of them first"
                )
            code = self._new_code()
            file = self.folder / f"{code}.sqlite"
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            connection.execute("pragma journal_mode = memory")  # no second file beside it
            connection.execute("create table seats (seat text primary key, place integer)")
            connection.execute(
                "create table guesses "
                "(seat text, step integer, value real, primary key (seat, step))"
            )
            key = secrets.token_urlsafe(_KEY_BYTES)
            place = Place(lesson, 0, is_revealed=False)
            self._classes[code] = _Class(key, place, self._clock(), file, connection)
            return code, key

    def _new_code(self) -> str:
        for _ in range(_TRIES):
            code = "".join(self._choose(LETTERS) for _ in range(CODE_LENGTH))
            if code not in self._classes:
                return code
        raise SimError("no free class code was found: end a class that is over, then try again")

    def _drop_old(self) -> None:
        now = self._clock()
        for code in [c for c, one in self._classes.items() if now - one.began_s >= KEPT_S]:
            self._delete(code)

    def _delete(self, code: str) -> None:
        one = self._classes.pop(code)
        with one.lock:
            one.is_over = True
            one.connection.close()
            with suppress(FileNotFoundError):
                one.file.unlink()

    def _found(self, code: str) -> _Class:
        code = tidy_code(code)
        with self._lock:
            self._drop_old()
            found = self._classes.get(code)
        if found is None:
            raise _no_class(code)
        return found

    @contextmanager
    def _held(self, code: str) -> Iterator[_Class]:
        """Hold a class; it may have ended while its lock was waited for."""
        one = self._found(code)
        with one.lock:
            if one.is_over:
                raise _no_class(tidy_code(code))
            yield one

    def join(self, code: str) -> str:
        """Take a new seat in a class; return its random number."""
        seat = secrets.token_urlsafe(_SEAT_BYTES)
        with self._held(code) as one:
            (taken,) = one.connection.execute("select count(*) from seats").fetchone()
            if taken >= MOST_SEATS:
                raise SimError(f"class {tidy_code(code)} is full: it has {MOST_SEATS} seats")
            one.connection.execute("insert into seats values (?, ?)", (seat, taken))
        return seat

    def seat_number(self, code: str, seat: str) -> int:
        """Return the number of a seat, from 0, in the order of joining; raises SimError if none."""
        with self._held(code) as one:
            row = one.connection.execute(
                "select place from seats where seat = ?", (seat,)
            ).fetchone()
        if row is None:
            raise SimError(
                f"this link's seat is not in class {tidy_code(code)}: join anew with the code"
            )
        return int(row[0])

    def place(self, code: str) -> Place:
        """Return where a class is."""
        return self._found(code).place

    def guess(self, code: str, seat: str, step: int, value: float) -> None:
        """Keep a seat's guess at a step; it may be changed until the answer is shown."""
        if not isfinite(value):
            raise SimError(f"a guess must be a number, not {value}")
        self.seat_number(code, seat)
        with self._held(code) as one:
            if step != one.place.step:
                raise SimError("the class has moved on: this guess was not counted")
            if one.place.is_revealed:
                raise SimError("the answer has been shown: this guess was not counted")
            one.connection.execute(
                "insert into guesses values (?, ?, ?) on conflict do update set value = ?",
                (seat, step, value, value),
            )

    def own_guess(self, code: str, seat: str, step: int) -> float | None:
        """Return what a seat guessed at a step."""
        with self._held(code) as one:
            row = one.connection.execute(
                "select value from guesses where seat = ? and step = ?", (seat, step)
            ).fetchone()
        return None if row is None else float(row[0])

    def done(self, code: str) -> tuple[int, int]:
        """Return how many seats have guessed at the present step, and how many there are."""
        with self._held(code) as one:
            (guessed,) = one.connection.execute(
                "select count(*) from guesses where step = ?", (one.place.step,)
            ).fetchone()
            (seats,) = one.connection.execute("select count(*) from seats").fetchone()
        return int(guessed), int(seats)

    def guesses(self, code: str, step: int) -> list[float]:
        """Return a step's guesses, sorted, without seats; none before its answer is shown."""
        with self._held(code) as one:
            if step not in one.revealed:
                return []
            rows = one.connection.execute(
                "select value from guesses where step = ? order by value", (step,)
            ).fetchall()
        return [float(value) for (value,) in rows]

    def is_teacher(self, code: str, key: str) -> bool:
        """Whether a key is that of the class's teacher."""
        return compare_digest(self._found(code).key.encode(), key.encode())

    def _check_teacher(self, code: str, key: str) -> None:
        if not self.is_teacher(code, key):
            raise SimError(f"only the teacher of class {tidy_code(code)} can do that")

    def reveal(self, code: str, key: str) -> None:
        """Show the answer of the present step to the class."""
        self._check_teacher(code, key)
        with self._held(code) as one:
            one.revealed.add(one.place.step)
            one.place = replace(one.place, is_revealed=True)

    def move(self, code: str, key: str, step: int) -> None:
        """Take the class to a step; what has been shown stays shown."""
        self._check_teacher(code, key)
        if step < 0:
            raise SimError(f"a lesson has no screen {step + 1}")
        with self._held(code) as one:
            one.place = Place(one.place.lesson, step, is_revealed=step in one.revealed)

    def end(self, code: str, key: str) -> None:
        """End a class and delete its file."""
        self._check_teacher(code, key)
        with self._lock:
            if tidy_code(code) in self._classes:
                self._delete(tidy_code(code))

    def close(self) -> None:
        """End all classes and delete the folder."""
        with self._lock:
            for code in list(self._classes):
                self._delete(code)
        self._remove()


def _no_class(code: str) -> SimError:
    return SimError(
        f"there is no class {code} here: it has ended, or a letter is wrong; look at the code on "
        "your teacher's screen"
    )


def tidy_code(text: str) -> str:
    """Return a code as it is kept; raises SimError where it cannot be one."""
    code = "".join(text.split()).upper()
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS):
        shown = "".join(letter for letter in text if letter.isprintable())[:12]
        raise SimError(
            f"'{shown}' is no class code: a code has {CODE_LENGTH} letters, such as "
            f"{LETTERS[:CODE_LENGTH]}, without {', '.join(_left_out())}"
        )
    return code


def _left_out() -> Mapping[str, None]:
    return dict.fromkeys(letter for letter in map(chr, range(65, 91)) if letter not in LETTERS)


@lru_cache(maxsize=1)
def classroom() -> Classroom:
    """Return the classes of this server."""
    return Classroom()
