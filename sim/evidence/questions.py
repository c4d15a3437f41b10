"""What to ask a force: for each entry of the register, the question whose answer would measure it.

State:    the parsed table, read once at first use and never changed.
Evidence: docs/model/sensitivity.md.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from sim.errors import EvidenceError
from sim.evidence.register import register

FIELDS = ("entries", "to", "question", "measures")


@dataclass(frozen=True, slots=True)
class Question:
    """A question to somebody who can answer it.

    entries  : the entry that it is about, or a pattern with *
    to       : who can answer
    measures : what the answer would be, as a number
    """

    entries: str
    to: str
    question: str
    measures: str


@cache
def questions() -> tuple[Question, ...]:
    """Return every question, in the order of the file."""
    text = files("sim.evidence").joinpath("data", "questions.csv").read_text(encoding="utf-8")
    return parse_questions(list(csv.DictReader(text.splitlines())))


def question_about(entry: str) -> Question | None:
    """Return the question about an entry: the one whose pattern is the longest that fits."""
    fitting = [one for one in questions() if fnmatchcase(entry, one.entries)]
    return max(fitting, key=lambda one: len(one.entries), default=None)


def parse_questions(rows: Iterable[dict[str, str]]) -> tuple[Question, ...]:
    """Return the questions of ``rows``; names every fault in one ``EvidenceError``."""
    found: list[Question] = []
    faults: list[str] = []
    for row in rows:
        empty = [field for field in FIELDS if not row[field]]
        if empty:
            faults.append(f"{row['entries']}: {', '.join(empty)} missing")
        elif not row["question"].endswith("?"):
            faults.append(f"{row['entries']}: '{row['question']}' is no question")
        elif not any(fnmatchcase(name, row["entries"]) for name in register()):
            faults.append(f"{row['entries']}: no entry of the evidence register is meant")
        elif row["entries"] in [one.entries for one in found]:
            faults.append(f"{row['entries']}: is there twice")
        else:
            found.append(Question(**{field: row[field] for field in FIELDS}))
    if faults:
        raise EvidenceError("\n".join(f"questions: {fault}" for fault in faults))
    return tuple(found)
