"""Lesson 3, the oversight board: what each of its screens answers.

State: none.
"""

from sim.lessons import street_numbers as ask
from sim.lessons.board_policies import GUESSED, MISTAKEN, RATIO, SCANNED, measured, options
from sim.lessons.histogram import LETTERS, middle
from sim.lessons.screens import Answer, Guesses
from sim.lessons.who_answers import MODEL, RANGE
from sim.words import lesson_board as say
from sim.words.numbers import chance

RATES = (
    "All policies are asked of the same people in the same street. Error rates are those of the "
    "bench test of 2023; rates fitted to London's streets are lower."
)


def ceilings_of(guesses: Guesses) -> tuple[float, float, float] | None:
    """Return the board's three ceilings, the medians of its guesses; None if one has none."""
    found = [middle(guesses[name]) if guesses.get(name) else None for name in GUESSED]
    mistaken, ratio, scanned = found
    if mistaken is None or ratio is None or scanned is None:
        return None
    return mistaken, ratio, scanned


def _ceiling(name: str, guesses: Guesses, words: str, unit: str) -> Answer:
    """Return the board's ceiling, and what the dozen policies bring."""
    values = guesses.get(name, ())
    numbers = [getattr(one, name) for one in measured()]
    lowest, highest = (pick(numbers, key=lambda number: number.value) for pick in (min, max))
    first = say.own_ceiling(middle(values), unit) if values else "Nobody has set a ceiling."
    kept = sum(number.value <= middle(values) for number in numbers) if values else 0
    return Answer(
        words=(
            first,
            say.lies_between(words, ask.told(lowest), ask.told(highest)),
            *((say.keep_this(kept, len(numbers)),) if values else ()),
        ),
        rests=RANGE + "Nothing is right or wrong about a ceiling: it says what you would accept.",
        source=MODEL,
    )


def ceiling_mistaken(guesses: Guesses) -> Answer:
    """Return the ceiling on mistaken stops."""
    return _ceiling(
        MISTAKEN,
        guesses,
        "Mistaken stops per hundred right matches.",
        "for every 100 right matches",
    )


def ceiling_ratio(guesses: Guesses) -> Answer:
    """Return the ceiling on the difference between groups."""
    return _ceiling(
        RATIO,
        guesses,
        "The rate of the ethnic group that is stopped by mistake most, everybody's rate being 1.",
        "times everybody's rate",
    )


def ceiling_scanned(guesses: Guesses) -> Answer:
    """Return the ceiling on people scanned."""
    return _ceiling(
        SCANNED, guesses, "People scanned for each right match.", "people for each right match"
    )


def how_many(guesses: Guesses) -> Answer:
    """Return how many policies keep all three ceilings, and which."""
    ceilings = ceilings_of(guesses)
    if ceilings is None:
        return Answer(
            words=("One of the three ceilings has not been set: go back and set it.",),
            rests="Without ceilings there is nothing to compare with.",
            source=MODEL,
        )
    over = [one.over(ceilings) for one in measured()]
    rows = [
        (
            f"{LETTERS[place]}: {one.policy.words}",
            ask.told(one.mistaken),
            ask.told(one.ratio),
            ask.told(one.scanned),
            ask.told(ask.expected(one.answer, "true_alerts")),
            say.over_words(names),
            chance(share) if (share := one.chance(ceilings)) else "in none of the draws",
        )
        for place, (one, names) in enumerate(zip(measured(), over, strict=True))
    ]
    count = over.count(())
    return Answer(
        value=float(count),
        words=(
            say.keep_all(count, len(over), ceilings),
            "The last column says how sure that is: the share of draws of what is not known in "
            "which all three are kept. Having no cameras keeps all three, and finds nobody.",
            "If none is kept, the board has three ways: other ceilings, other policies, or no "
            "cameras.",
        ),
        rests=RANGE + RATES,
        source=MODEL,
        table=(
            (
                "Policy",
                "mistaken stops, per 100 right matches",
                "worst-off group's rate",
                "scanned for each right match",
                "right matches in six hours",
                "ceilings",
                "chance to keep all three",
            ),
            *rows,
        ),
    )


def voted(guesses: Guesses) -> Answer:
    """Return what each policy on the ballot brings; a vote has no right answer."""
    ceilings = ceilings_of(guesses)
    by_policy = {one.policy: one for one in measured()}
    rows = [("A", "nobody", "no rate: nobody is stopped", "nobody", "none", "keeps all three")]
    for place, policy in enumerate(options(), start=1):
        one = by_policy[policy]
        said = "not set" if ceilings is None else say.over_words(one.over(ceilings))
        rows.append(
            (
                LETTERS[place],
                ask.told(one.mistaken),
                ask.told(one.ratio),
                ask.told(one.scanned),
                ask.told(ask.expected(one.answer, "true_alerts")),
                said,
            )
        )
    return Answer(
        words=(
            "A vote has no right answer. What each choice brings stands below.",
            "Say for your role: what would have to be different for you to vote otherwise?",
        ),
        rests=RANGE,
        source=MODEL,
        table=(
            (
                "Choice",
                "mistaken stops, per 100 right matches",
                "worst-off group's rate",
                "scanned for each right match",
                "right matches in six hours",
                "the board's ceilings",
            ),
            *rows,
        ),
    )


def remains(_: Guesses) -> Answer:
    """Return what a system without mistakes would still bring; the vote has no right answer."""
    base = measured()[0].answer
    scanned, rest = ask.scanned_a_match(base), ask.not_arrested_of_100(base)
    return Answer(
        words=(
            "No mistaken stops, and no difference between groups in them: two ceilings are kept.",
            say.still(ask.told(scanned), ask.told(rest)),
            "And people who are looked for are found, without anybody being taken for them.",
        ),
        rests=RANGE + "That there are no mistakes is supposed.",
        source=MODEL,
        entries=("response.arrest_share",),
    )


def nothing(_: Guesses) -> Answer:
    """Return the answer of a screen that asks nothing."""
    return Answer(words=("Read your card.",), rests="", source="")
