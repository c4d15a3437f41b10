"""Lesson 1, rare events: what each of its screens answers.

All numbers are published, or worked out from published counts as ``passerby claim`` does.

State:    none.
Evidence: docs/model/rare-events.md.
"""

from collections.abc import Hashable
from typing import Any

from scipy.stats import binom

from sim.analysis.claims import Share, read_claim
from sim.analysis.intervals import exact_interval, poisson_interval
from sim.evidence.tables import census_shares, deployments
from sim.lessons.screens import Answer, Branch, Guesses
from sim.words import lesson_rare as say
from sim.words.numbers import plain, whole
from sim.words.rare_events import one_in, percent

YEAR = "10 false of 3,147,436 faces and 2,077 alerts"
YEAR_SOURCE = (
    "Metropolitan Police, annual report on live facial recognition, September 2024 to September "
    "2025, as reported by The Register and the BBC"
)
YEAR_ENTRIES = ("matching.listed_per_1000",)  # rests on the same report
CENSUS_SOURCE = "Census 2021, England and Wales: residents of London by broad ethnic heading"
DAY = "MPS-2020-003"  # Oxford Circus, 27 February 2020, in the table of deployments
BLACK, FLAGGED = 8, 10  # of the year's false alerts
MADE_UP_MATCHES = 10  # of the thought experiment: as many right alerts as false ones
BAGS, BAGS_A_FALSE_ALARM, KNIVES, KNIVES_FOUND = 1_000_000, 100_000, 5, 4
LEVEL = 0.95


def year() -> tuple[Share, Share]:
    """Return the year's false alerts by faces scanned, and by alerts."""
    faces, alerts = read_claim(YEAR).shares
    return faces, alerts


def year_counts() -> tuple[int, int, int]:
    """Return the year's faces, alerts and false alerts."""
    faces, alerts = year()
    if faces.of is None or alerts.of is None or faces.events is None:
        raise ValueError("the year's claim must give counts")
    return faces.of, alerts.of, faces.events


def accurate(_: Guesses) -> Answer:
    """Return how many of 1,000 alerts of that year were false."""
    faces, alerts, false = year_counts()
    share = year()[1].estimate
    low, high = exact_interval(false, alerts, LEVEL)
    return Answer(
        value=1000 * share,
        low=1000 * low,
        high=1000 * high,
        words=(
            say.of_1000_alerts(share, false, alerts),
            "The sentence on the screen could not tell you that. It counts false alerts among "
            "faces. Your question was about alerts, and how many alerts there were was not said.",
            "Both are the same ten people. One number divides them by faces scanned, the other by "
            "alerts.",
        ),
        rests=(
            "The range is the exact 95 % interval of ten in so many: what the true rate could be "
            "if the year were one of many alike."
        ),
        source=YEAR_SOURCE,
        entries=YEAR_ENTRIES,
        table=(
            ("The same 10 false alerts", "divided by", "share", "or"),
            ("by faces", whole(faces), percent(false / faces), one_in(false / faces)),
            ("by alerts", whole(alerts), percent(share), one_in(share)),
        ),
        tree=_tree(faces, alerts - false, false),
    )


def _tree(faces: int, right: int, false: int) -> Branch:
    return Branch(
        f"{whole(faces)} faces scanned",
        (
            Branch(
                f"{whole(right + false)} alerts",
                (Branch(f"{whole(right)} right"), Branch(f"{whole(false)} false")),
            ),
            Branch(f"{whole(faces - right - false)} without an alert"),
        ),
    )


def half_wrong(_: Guesses) -> Answer:
    """Return how many of 100 alerts are false where few people on the list come by."""
    faces, false = year_counts()[0], year_counts()[2]
    right = MADE_UP_MATCHES
    low, high = poisson_interval(false, 1.0, LEVEL)
    ends = [100 * count / (count + right) for count in (low, high)]
    return Answer(
        value=100 * false / (false + right),
        low=ends[0],
        high=ends[1],
        words=(
            say.half(false, right),
            "“99.9997 % accurate” is still true of the faces. “Half of the alerts are wrong” is "
            "true of the alerts. Nothing about the system has changed.",
            "What changed is how many people on the list walked past. Where few are to be found, "
            "even very rare mistakes make up much of what is found.",
        ),
        rests=(
            "The ten right alerts are made up for this question; the rate of false alerts is the "
            "published one. The range is that of ten false alerts by luck alone (exact, 95 %)."
        ),
        source=f"{YEAR_SOURCE}; the number of right alerts is made up",
        entries=YEAR_ENTRIES,
        tree=_tree(faces, right, false),
    )


def one_day(_: Guesses) -> Answer:
    """Return how many of the alerts of one day were false."""
    row = day_row()
    alerts, false, faces = (int(row[name]) for name in ("alerts", "false_alerts", "faces_seen"))
    stopped = int(row["false_alerts_engaged"])
    low, high = exact_interval(false, alerts, LEVEL)
    return Answer(
        value=float(false),
        low=alerts * low,
        high=alerts * high,
        words=say.one_day(false, alerts, faces, stopped),
        rests=(
            "What was recorded, with the exact 95 % interval that eight alerts leave. It was the "
            "second day of live use in London, with the system of that time; later ones err less."
        ),
        source=str(row["source"]),
        tree=_tree(faces, alerts - false, false),
    )


def day_row() -> dict[Hashable, Any]:
    """Return the day's row in the table of deployments."""
    table = deployments()
    return table[table["id"] == DAY].iloc[0].to_dict()


def expected_of_ten(_: Guesses) -> Answer:
    """Return how many of ten wrongly flagged would be Black if nothing made a difference."""
    share = census_shares("London")["black"]
    low, high = binom.interval(LEVEL, FLAGGED, share)
    beyond = float(binom.sf(BLACK - 1, FLAGGED, share))
    return Answer(
        value=FLAGGED * share,
        low=float(low),
        high=float(high),
        words=(
            say.of_ten(FLAGGED * share, BLACK, FLAGGED),
            say.by_luck(BLACK, beyond),
            "So luck is a poor explanation. It does not say which other one is right: who is on "
            "the list, where the cameras stood, who passed them, or the system.",
        ),
        rests=(
            "The range is what luck does in 95 of 100 years. Residents stand for passers-by here, "
            "which is a guess: nobody published who was scanned."
        ),
        source=f"{YEAR_SOURCE}; {CENSUS_SOURCE}",
    )


def what_ten_can_say(_: Guesses) -> Answer:
    """Return the lowest true share that fits 8 of 10."""
    low, high = exact_interval(BLACK, FLAGGED, LEVEL)
    return Answer(
        value=100 * low,
        words=(
            say.fits(BLACK, FLAGGED, low, high),
            say.few(census_shares("London")["black"]),
            "Both sentences are true at once: ten cannot say how large the difference is, and ten "
            "can say that there is one.",
        ),
        rests=(
            "The exact 95 % interval of 8 in 10. It counts the ten as separate people; if one was "
            "flagged twice, they say less."
        ),
        source=YEAR_SOURCE,
        table=(
            ("Seen", "lowest that fits, of 100", "highest that fits, of 100"),
            *(
                (
                    f"{BLACK * times} of {FLAGGED * times}",
                    *(
                        plain(100 * end)
                        for end in exact_interval(BLACK * times, FLAGGED * times, LEVEL)
                    ),
                )
                for times in (1, 10, 100)
            ),
        ),
    )


def bags(_: Guesses) -> Answer:
    """Return how many of 100 alarms at a gate are false."""
    false = round((BAGS - KNIVES) / BAGS_A_FALSE_ALARM)
    return Answer(
        value=100 * false / (false + KNIVES_FOUND),
        words=(
            say.alarms(false, KNIVES_FOUND),
            "The gate is wrong about 1 harmless bag in 100,000, and wrong in most of its alarms.",
            "Whenever you hear “accurate”, ask: divided by what? And how many were there to find?",
        ),
        rests="The figures of this gate are made up, to see whether the idea travels.",
        source="made up for this question",
        tree=Branch(
            f"{whole(BAGS)} bags",
            (
                Branch(
                    f"{KNIVES} with a knife",
                    (
                        Branch(f"{KNIVES_FOUND} alarms"),
                        Branch(f"{KNIVES - KNIVES_FOUND} not found"),
                    ),
                ),
                Branch(
                    f"{whole(BAGS - KNIVES)} without",
                    (
                        Branch(f"{false} alarms"),
                        Branch(f"{whole(BAGS - KNIVES - false)} without an alarm"),
                    ),
                ),
            ),
        ),
    )
