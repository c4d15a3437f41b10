"""Lesson 1, rare events: why two sentences that sound opposed can both be true.

All numbers are published, or worked out from published counts as ``passerby claim`` does.

State:    none.
Evidence: docs/model/rare-events.md.
"""

from collections.abc import Hashable
from typing import Any

from scipy.stats import binom

from sim.analysis.claims import Share, read_claim
from sim.analysis.intervals import exact_interval, poisson_interval
from sim.briefing.rare import one_in, percent
from sim.briefing.words import chance, plain, whole
from sim.evidence.tables import census_shares, deployments
from sim.ui.teach.screens import Answer, Branch, Guesses, Lesson, Question, Screen, no_streets

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


def _counts() -> tuple[int, int, int]:
    """Return the year's faces, alerts and false alerts."""
    faces, alerts = year()
    if faces.of is None or alerts.of is None or faces.events is None:
        raise ValueError("the year's claim must give counts")
    return faces.of, alerts.of, faces.events


def accurate(_: Guesses) -> Answer:
    """Return how many of 1,000 alerts of that year were false."""
    faces, alerts, false = _counts()
    share = year()[1].estimate
    low, high = exact_interval(false, alerts, LEVEL)
    return Answer(
        value=1000 * share,
        low=1000 * low,
        high=1000 * high,
        words=(
            f"Of every 1,000 alerts, about {plain(1000 * share)} were false: "
            f"{false} of {whole(alerts)}.",
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
    faces, false = _counts()[0], _counts()[2]
    right = MADE_UP_MATCHES
    low, high = poisson_interval(false, 1.0, LEVEL)
    ends = [100 * count / (count + right) for count in (low, high)]
    return Answer(
        value=100 * false / (false + right),
        low=ends[0],
        high=ends[1],
        words=(
            f"Half: {false} false alerts, {right} right ones, so 50 of every 100 alerts are wrong.",
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
    row = _day()
    alerts, false, faces = (int(row[name]) for name in ("alerts", "false_alerts", "faces_seen"))
    stopped = int(row["false_alerts_engaged"])
    low, high = exact_interval(false, alerts, LEVEL)
    return Answer(
        value=float(false),
        low=alerts * low,
        high=alerts * high,
        words=(
            f"{false} of the {alerts} alerts were false. One was right, and led to an arrest.",
            f"Counted by faces, that day was “{100 * (1 - false / faces):.2f} % accurate”: "
            f"{whole(faces - false)} of {whole(faces)} faces without a false alert.",
            f"{stopped} of the {false} people were stopped. The others were let pass by somebody "
            "who looked at the pictures.",
        ),
        rests=(
            "What was recorded, with the exact 95 % interval that eight alerts leave. It was the "
            "second day of live use in London, with the system of that time; later ones err less."
        ),
        source=str(row["source"]),
        tree=_tree(faces, alerts - false, false),
    )


def _day() -> dict[Hashable, Any]:
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
            f"About {plain(FLAGGED * share)} of ten. It was {BLACK} of {FLAGGED}.",
            f"If it made no difference, {BLACK} or more of ten would come about by luck in "
            f"{chance(beyond)} such years.",
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
            f"{plain(100 * low)} of 100. {BLACK} of {FLAGGED} fits anything from "
            f"{plain(100 * low)} to {plain(100 * high)} of 100.",
            "Ten people are few. “80 %” sounds exact, and is not. It is still far above "
            f"{100 * census_shares('London')['black']:.1f} of 100, the share of residents.",
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
            f"{plain(100 * false / (false + KNIVES_FOUND))} of 100: {false} false alarms and "
            f"{KNIVES_FOUND} right ones.",
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


def lesson() -> Lesson:
    """Return the lesson."""
    faces, _, false = _counts()
    row = _day()
    return Lesson(
        name="rare",
        title="Rare events",
        minutes=20,
        about=(
            "Why “99.9997 % accurate” and “half of the alerts are wrong” can both be true. "
            "Real figures, one idea: divided by what?"
        ),
        screens=(
            Screen(
                name="accurate",
                title="99.9997 % accurate",
                question="Of every 1,000 alerts, how many were false?",
                kind="number",
                minutes=3,
                high=1000,
                unit="false alerts in 1,000",
                facts=(
                    "Cameras in London streets compare the face of everybody who walks past with "
                    "a list. When the system thinks it has found somebody, it sets off an alert.",
                    f"In a year, {whole(faces)} faces were scanned. {false} people who were not "
                    "on the list set off an alert: “99.9997 % accurate”.",
                ),
                discuss=("Who would quote the share of faces? Who the share of alerts? Why?",),
                say=(
                    "Let them guess without help. Somebody will say that the question cannot be "
                    "answered: praise it, and ask for a guess all the same.",
                    "Guesses are usually spread over the whole scale. That is the point: the "
                    "sentence leaves everything open.",
                ),
                answer=accurate,
            ),
            Screen(
                name="half",
                title="The same system, another street",
                question="Of every 100 alerts there, how many are false?",
                kind="number",
                minutes=3,
                unit="false alerts in 100",
                facts=(
                    f"Take the same system and again {whole(faces)} faces, with again {false} "
                    "false alerts.",
                    f"But hardly anybody on the list comes by: {MADE_UP_MATCHES} right alerts "
                    "instead of some two thousand. (Made up.)",
                ),
                discuss=(
                    "Did the system get worse? What would you write in a headline?",
                    "Which list, and which place, would give many right alerts?",
                ),
                say=(
                    "Draw the tree on the board: faces, alerts, right and false. Count people, "
                    "never percentages.",
                    "If they say “the system got worse”: ask which number of the system changed. "
                    "None did.",
                ),
                answer=half_wrong,
            ),
            Screen(
                name="day",
                title="A real day",
                question=f"Of its {row['alerts']} alerts, how many were false?",
                kind="number",
                minutes=3,
                high=int(row["alerts"]),
                unit="alerts",
                facts=(
                    "Oxford Circus, London, 27 February 2020. "
                    f"{whole(int(row['faces_seen']))} faces were seen, and "
                    f"{row['alerts']} alerts went off.",
                    "One person on the list was found.",
                ),
                discuss=("Was it a good day or a bad day? For whom?",),
                say=(
                    "One found and arrested; five stopped by mistake. Give both the same time.",
                    "If they ask about today: later systems err less, as the first screen shows.",
                ),
                answer=one_day,
            ),
            Screen(
                name="ten",
                title="Ten people",
                question="Of ten people flagged by mistake, how many would you expect to be Black?",
                kind="number",
                minutes=3,
                high=10,
                unit="of 10",
                facts=(
                    "13.5 of every 100 residents of London are Black (census of 2021).",
                    "Suppose that neither the list nor the system made any difference.",
                ),
                discuss=("What else could explain it? What would you have to count to know?",),
                say=(
                    "Ask what was expected before you say what was seen: eight.",
                    "Do not let the room settle on one cause. The second lesson takes four apart.",
                ),
                answer=expected_of_ten,
            ),
            Screen(
                name="eight",
                title="Eight of ten",
                question="How low could the true share be and still fit what was seen?",
                kind="number",
                minutes=4,
                unit="of 100",
                facts=(
                    "Of the ten people flagged by mistake in that year, eight were Black: 80 %.",
                    "Ten are few. After thousands of such mistakes the share might settle lower, "
                    "or higher.",
                ),
                discuss=("When is it right to wait for more cases, and who bears the waiting?",),
                say=(
                    "Toss ten coins if there is time. Seven heads or more come up about one time "
                    "in six, and nobody would call the coin bent.",
                ),
                answer=what_ten_can_say,
            ),
            Screen(
                name="bags",
                title="Somewhere else",
                question="Of every 100 alarms, how many are false?",
                kind="number",
                minutes=4,
                unit="false alarms in 100",
                facts=(
                    "A gate at an arena checks a million bags in a year. Five hold a knife, and it "
                    "finds four of them.",
                    "One harmless bag in 100,000 sets it off as well.",
                ),
                discuss=("Would you keep the gate? What would you want to know first?",),
                say=("Let them draw the tree themselves before they guess.",),
                answer=bags,
            ),
        ),
        streets=no_streets,
        before=Question(
            "A test finds all of the 2 bad letters in 100,000. It also rejects 1 good letter in "
            "10,000. Of all the letters that it rejects, how many in 100 are good?",
            "About 83 of 100: 10 good letters (1 in 10,000 of 99,998) and 2 bad ones.",
        ),
        after=Question(
            "A bank checks a million payments. 20 of them are fraud, and it stops 15 of those. It "
            "also stops 1 honest payment in 20,000. Of all that it stops, how many in 100 are "
            "honest?",
            "About 77 of 100: 50 honest payments (1 in 20,000 of 999,980) and 15 others.",
        ),
        prepare=(
            "Nothing is computed: this lesson works at once, also from paper.",
            "Have a board for one tree of frequencies.",
        ),
        questions=(
            Question(
                "So is the system good or bad?",
                "Neither follows from these numbers. They say how often it errs, and among whom "
                "you count. Whether that is worth what is found is a question for all of us.",
            ),
            Question(
                "Why not simply use percentages?",
                "With people counted as people, many more of us get such questions right. That has "
                "been tried many times. It is still hard, so draw the tree.",
            ),
            Question(
                "Are the ten false alerts all there were?",
                "They are all that were counted. Somebody has to notice that an alert is false.",
            ),
        ),
    )
