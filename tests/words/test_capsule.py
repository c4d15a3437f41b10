"""What is said of a capsule fits a terminal and leaves no number without its meaning."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from sim.capsules.capsule import Packed
from sim.capsules.drift import Moved
from sim.capsules.rerun import Rerun
from sim.words.capsule import MOST_MOVED_SHOWN, packed_sentence, rerun_tables

LONGEST = "mistaken_stops_per_million_faces"
SAME = Rerun(
    capsule=Path("a.zip"),
    title="A study",
    kind="passerby study",
    rows=10_000,
    tolerance=0.0,
    moved=(),
    others=(),
    failed=0,
    causes=(),
    differs=(),
    missing="",
    out=None,
)
MOVED = Moved(
    name=LONGEST,
    rows=10_000,
    of=10_000,
    largest=1.2e-06,
    largest_relative=0.25,
    gone=2,
    come=3,
    example="point 3, replication 1: 1.0 then, 2.0 now",
)


def printed(found):
    console = Console(width=80, highlight=False)
    with console.capture() as said:
        console.print(rerun_tables(asdict(found)))
    return said.get()


def test_the_same_is_one_sentence_with_how_many_rows():
    assert " ".join(printed(SAME).split()) == (
        "A study: 10,000 rows computed again. The same exactly: every number, in every row."
    )


def test_a_tolerance_is_named_where_it_was_used():
    said = printed(replace(SAME, tolerance=1e-9))
    assert "within 1e-09 of each value" in " ".join(said.split())


def test_what_differs_is_listed_under_the_same():
    said = printed(replace(SAME, failed=1, differs=("Python: 3.11 then, 3.12 now",)))
    assert "1 row failed, then as now." in said
    assert "That although these differ:\n- Python: 3.11 then, 3.12 now" in said


def test_the_longest_row_fits_a_terminal_and_keeps_its_name_whole():
    said = printed(replace(SAME, moved=(MOVED,), causes=("the model",)))
    line = next(line for line in said.splitlines() if LONGEST in line)
    assert line.split() == [LONGEST, "10,000", "of", "10,000", "1.2e-06", "0.25", "5"]
    assert "NOT the same" in said
    assert "- the model" in said


def test_most_rows_come_first_and_the_rest_is_counted():
    many = tuple(replace(MOVED, name=f"x{n}", rows=n) for n in range(1, MOST_MOVED_SHOWN + 4))
    said = printed(replace(SAME, moved=many, causes=("the model",)))
    shown = [line.split()[0] for line in said.splitlines() if line.startswith("x")]
    assert shown[0] == f"x{MOST_MOVED_SHOWN + 3}"
    assert len(shown) == MOST_MOVED_SHOWN
    assert "and 3 more" in said


@pytest.mark.parametrize(("value", "words"), [(np.nan, "-"), (np.inf, "infinite")])
def test_no_number_and_no_end_are_words(value, words):
    found = replace(SAME, moved=(replace(MOVED, largest=value),), causes=("the model",))
    assert f" {words} " in printed(found)


def test_a_packed_capsule_names_what_it_lacks_and_left_out():
    packed = Packed(
        file=Path("a.zip"),
        kind="passerby study",
        files=12,
        file_bytes=2048,
        missing="half of it",
        left_out=("notes.txt", "units/"),
        is_replaced=True,
    )
    assert packed_sentence(asdict(packed)) == (
        "a.zip: 12 files, 2 KiB (replaced)\nincomplete: half of it\nleft out: notes.txt, units/"
    )
