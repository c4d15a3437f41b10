"""Lesson 2, who is stopped: what each of its screens answers.

All answers are the model's, on one street and the same people.

State: none.
"""

from collections.abc import Mapping

from sim import columns as col
from sim.answer.result import Result
from sim.lessons import street_numbers as ask
from sim.lessons.screens import Answer, Guesses
from sim.scenario.schema import Scenario
from sim.words import lesson_who as say
from sim.words.numbers import plain

FEMALE, BLACK = "female", "black"
HIGH_M, BUSIER, STRICTER = 5.0, 1.5, 0.64
EVEN = "low-differential"
MODEL = "Passerby's model of Oxford Circus, 27 February 2020"
RANGE = (
    "The range is what the assumptions leave open: 200 draws of all that is not known, 95 of 100. "
)
RATES = "Error rates are those of the system of that time; newer ones err less, in like proportion."


def _base() -> Result:
    return ask.found(ask.street())


def _even(*changes: ask.Change) -> Result:
    return ask.found(ask.street(ask.even_errors, *changes))


def streets() -> Mapping[str, Scenario]:
    """Return the streets that the lesson needs walked; Explore's levers lead to the same."""
    return {
        "as it was": ask.street(),
        "cameras at 5 m": ask.street(ask.camera_height(HIGH_M)),
        "half as many people again": ask.street(ask.crowd(BUSIER)),
    }


def _answer(
    number: ask.Found, *words: str, rests: str = "", entries: tuple[str, ...] = ()
) -> Answer:
    return Answer(
        value=number.value,
        low=number.low,
        high=number.high,
        words=words,
        rests=RANGE + rests,
        source=MODEL,
        entries=entries,
    )


def _equal() -> Result:
    """Return the answer where nobody is mistaken more easily, nor for somebody who looks alike."""
    return ask.found(ask.street(ask.matcher("flat"), ask.list_as_crowd))


def crowd_alone(_: Guesses) -> Answer:
    """Return how many of 100 mistaken stops are of women where nothing makes a difference."""
    answer = _equal()
    women = ask.stops_of_100(answer, col.SEX, FEMALE)
    return _answer(
        women,
        say.of_100(women.value),
        "Mistakes still happen. They fall on everybody alike.",
        "This is the starting point. From here on, one thing changes at a time.",
        rests="It is narrow here because everything that could differ was set to be equal.",
    )


def the_list(_: Guesses) -> Answer:
    """Return the same with the list as it is assumed to be: mostly men."""
    women = ask.stops_of_100(_even(), col.SEX, FEMALE)
    before = ask.stops_of_100(_equal(), col.SEX, FEMALE)
    return _answer(
        women,
        say.of_100_before(women.value, before.value),
        "A matcher takes somebody for a person who looks like them. A list of men finds "
        "look-alikes among men. So who is listed decides who is stopped by mistake.",
        "The people on the list and the people stopped by mistake are different people. They "
        "resemble each other.",
        rests="Nobody publishes who is on a list: its make-up is a guess.",
        entries=("demographics.frte-median.cross_sex", "demographics.frte-median.cross_age"),
    )


def the_matcher(_: Guesses) -> Answer:
    """Return how many of 100 mistaken stops are of Black people with the median matcher."""
    base = _base()
    black = ask.stops_of_100(base, col.ETHNICITY, BLACK)
    before = ask.stops_of_100(_even(), col.ETHNICITY, BLACK)
    scanned = ask.scanned_of_100(base, col.ETHNICITY, BLACK)
    women = ask.stops_of_100(base, col.SEX, FEMALE)
    return _answer(
        black,
        say.of_100_before(black.value, before.value, say.scanned_of_100(scanned)),
        "Many matchers mistake some groups more easily. The median of 562 tested by NIST, the "
        "United States' institute of standards, is taken here.",
        say.women_too(women.value),
        rests="Which matcher a force uses, and how it errs, is not published: a guess.",
        entries=("demographics.frte-median.w_black", "demographics.frte-median.w_female"),
    )


def even_matcher(_: Guesses) -> Answer:
    """Return the same with one of the most even matchers."""
    black = ask.stops_of_100(ask.found(ask.street(ask.matcher(EVEN))), col.ETHNICITY, BLACK)
    before = ask.stops_of_100(_base(), col.ETHNICITY, BLACK)
    return _answer(
        black,
        say.of_100_instead(black.value, before.value),
        "Which matcher is bought is a choice. Here it moves this share more than the cameras or "
        "the threshold do.",
        "Even this matcher mistakes Black people about twice as easily as white people, so the "
        "share stays above theirs among those scanned.",
        entries=("demographics.low-differential.w_black", "demographics.frte-median.w_black"),
    )


def higher_cameras(_: Guesses) -> Answer:
    """Return what becomes of ten right matches with cameras at 5 m."""
    base, high = _base(), ask.found(ask.street(ask.camera_height(HIGH_M)))
    matches = ask.of_ten(base, high, "true_alerts")
    stops = ask.of_ten(base, high, "mistaken")
    women = ask.stops_of_100(high, col.SEX, FEMALE)
    return _answer(
        matches,
        say.of_ten(matches.value, stops.value),
        "From higher up a camera looks down on foreheads and sees fewer faces well. In a crowd it "
        "also looks over people's heads, but this street is not that full.",
        say.women_as_before(women.value),
        rests="How much a face loses when seen from above is a guess, and is held here.",
        entries=("camera.pitch_half_loss_deg",),
    )


def busier_street(_: Guesses) -> Answer:
    """Return what becomes of ten mistaken stops when half as many people again come."""
    base, busy = _base(), ask.found(ask.street(ask.crowd(BUSIER)))
    stops = ask.of_ten(base, busy, "mistaken")
    alerts = ask.of_ten(base, busy, "false_alerts")
    matches = ask.of_ten(base, busy, "true_alerts")
    return _answer(
        stops,
        say.busier(stops.value, alerts.value, matches.value),
        "Why not more mistaken stops? People read the alerts. Where false alerts are many, "
        "operators have believed fewer of them: nine published counts say so.",
        "So an officer, an operator and a system decide together who is stopped.",
        rests="That operators would go on like this in another street is a guess.",
        entries=("response.pursue_false_intercept", "response.pursue_false_slope"),
    )


def surer(_: Guesses) -> Answer:
    """Return what becomes of ten mistaken stops at a higher threshold."""
    base, strict = _base(), ask.found(ask.street(ask.threshold(STRICTER)))
    stops, matches = (ask.of_ten(base, strict, name) for name in ("mistaken", "true_alerts"))
    return _answer(
        stops,
        say.surer(stops.value, matches.value, matches.low, matches.high),
        "A surer system errs less and finds less. Neither comes alone.",
        "Where to put the threshold is a choice about people on both sides of it.",
        rests="How steeply mistakes fall with the threshold is a guess for this older system.",
        entries=("error_model.trials-2016-2019.threshold_slope",),
    )


def never_erred(_: Guesses) -> Answer:
    """Return how many of 100 people rightly stopped are not arrested: no mistake is left."""
    base = _base()
    number = ask.not_arrested_of_100(base)
    scanned = ask.scanned_a_match(base)
    people = int(base.drawn.faces.sum())
    hours = base.drawn.staff_hours
    return Answer(
        value=number.value,
        low=number.low,
        high=number.high,
        words=(
            say.not_arrested(number.value),
            say.still_scanned(people, scanned.value),
            "It still needs a list, and somebody who decides who is on it and for how long.",
        ),
        rests=RANGE
        + "Arrests per stop are published; how many entries are out of date is a guess.",
        source=MODEL,
        entries=("response.arrest_share", "response.out_of_date_share"),
        table=(
            ("What remains without a mistake", "in these six hours"),
            ("people stopped by mistake", "nobody: supposed"),
            ("people scanned who are not looked for", f"about {plain(float(people))}"),
            *(
                (label, ask.told(ask.expected(base, count)))
                for label, count in (
                    ("people on the list found", "true_alerts"),
                    ("arrests", "arrests"),
                    ("stops for entries that should have been deleted", "out_of_date"),
                )
            ),
            ("hours of officers and operators", plain(hours)),
        ),
    )


def which_first(_: Guesses) -> Answer:
    """Return all steps in one table; the vote has no right answer."""
    steps = (
        ("nothing makes a difference", _equal()),
        ("people who look alike are mixed up", _even(ask.list_as_crowd)),
        ("and the list is as assumed", _even()),
        ("and the matcher is the median one", _base()),
        ("... with a more even matcher instead", ask.found(ask.street(ask.matcher(EVEN)))),
        ("... with cameras at 5 m", ask.found(ask.street(ask.camera_height(HIGH_M)))),
        ("... with half as many people again", ask.found(ask.street(ask.crowd(BUSIER)))),
        ("... with the threshold at 0.64", ask.found(ask.street(ask.threshold(STRICTER)))),
    )
    rows = []
    for words, answer in steps:
        women = ask.stops_of_100(answer, col.SEX, FEMALE)
        black = ask.stops_of_100(answer, col.ETHNICITY, BLACK)
        counts = [ask.expected(answer, name) for name in ("mistaken", "true_alerts")]
        rows.append(
            (
                words,
                *map(ask.told, (women, black, *counts)),
            )
        )
    return Answer(
        words=(
            "There is no right answer: it depends on what you find worst.",
            "Shares say who bears the mistakes; counts say how many there are. Some causes move "
            "one, some the other.",
        ),
        rests=RANGE + RATES,
        source=MODEL,
        table=(
            (
                "Step",
                "women, of 100 stopped by mistake",
                "Black people, of 100",
                "mistaken stops",
                "right matches",
            ),
            *rows,
        ),
    )
