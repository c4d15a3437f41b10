"""Lesson 2, who is stopped: list, matcher, camera height, crowd, threshold, one at a time.

All answers are the model's, on one street and the same people.

State: none.
"""

from collections.abc import Mapping

from sim import columns as col
from sim.briefing.words import between, plain, whole
from sim.experiments.instant import Instant
from sim.scenario.schema import Scenario
from sim.ui.teach import street_numbers as ask
from sim.ui.teach.screens import Answer, Guesses, Lesson, Question, Screen

FEMALE, BLACK = "female", "black"
HIGH_M, BUSIER, STRICTER = 5.0, 1.5, 0.64
EVEN = "low-differential"
MODEL = "Passerby's model of Oxford Circus, 27 February 2020"
RANGE = (
    "The range is what the assumptions leave open: 200 draws of all that is not known, 95 of 100. "
)
RATES = "Error rates are those of the system of that time; newer ones err less, in like proportion."
CAUSES = (
    "The list: who is on it",
    "The matcher: whom it mixes up",
    "The threshold: how sure it must be",
    "The cameras: where they hang",
    "The crowd: where and when",
    "The people who read the alerts",
)


def _base() -> Instant:
    return ask.found(ask.street())


def _even(*changes: ask.Change) -> Instant:
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


def _equal() -> Instant:
    """Return the answer where nobody is mistaken more easily, nor for somebody who looks alike."""
    return ask.found(ask.street(ask.matcher("flat"), ask.list_as_crowd))


def crowd_alone(_: Guesses) -> Answer:
    """Return how many of 100 mistaken stops are of women where nothing makes a difference."""
    answer = _equal()
    women = ask.stops_of_100(answer, col.SEX, FEMALE)
    return _answer(
        women,
        f"About {plain(women.value)} of 100: their share of those scanned.",
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
        f"About {plain(women.value)} of 100; it was {plain(before.value)} before.",
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
        f"About {plain(black.value)} of 100; it was {plain(before.value)} before, and "
        f"{plain(scanned)} of 100 people scanned are Black.",
        "Many matchers mistake some groups more easily. The median of 562 tested by NIST, the "
        "United States' institute of standards, is taken here.",
        f"It also mistakes women more easily: of 100 stopped by mistake, {plain(women.value)} are "
        "now women. Two causes can work against each other.",
        rests="Which matcher a force uses, and how it errs, is not published: a guess.",
        entries=("demographics.frte-median.w_black", "demographics.frte-median.w_female"),
    )


def even_matcher(_: Guesses) -> Answer:
    """Return the same with one of the most even matchers."""
    black = ask.stops_of_100(ask.found(ask.street(ask.matcher(EVEN))), col.ETHNICITY, BLACK)
    before = ask.stops_of_100(_base(), col.ETHNICITY, BLACK)
    return _answer(
        black,
        f"About {plain(black.value)} of 100 instead of {plain(before.value)}.",
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
        f"About {plain(matches.value)} of ten right matches, and {plain(stops.value)} of ten "
        "mistaken stops.",
        "From higher up a camera looks down on foreheads and sees fewer faces well. In a crowd it "
        "also looks over people's heads, but this street is not that full.",
        f"Who is stopped hardly changes: of 100 stopped by mistake, {plain(women.value)} are "
        "women.",
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
        f"About {plain(stops.value)}. False alerts rise from ten to {plain(alerts.value)}, right "
        f"matches from ten to {plain(matches.value)}.",
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
        f"About {plain(stops.value)} of ten mistaken stops remain, and {plain(matches.value)} of "
        f"ten right matches (it could be {between(matches.low, matches.high)}).",
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
    people = int(base.score.outcomes[col.FACES_USABLE])
    hours = base.score.outcomes[col.STAFF_HOURS]
    return Answer(
        value=number.value,
        low=number.low,
        high=number.high,
        words=(
            f"About {plain(number.value)} of 100 people who were rightly matched and stopped are "
            "not arrested. The match was right; what to do about it is another question.",
            f"A system without a mistake still scans {whole(people)} faces in these hours: "
            f"{plain(scanned.value)} for each right match. And it still finds people who are "
            "looked for.",
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


def lesson() -> Lesson:
    """Return the lesson."""
    place = ask.street()
    men = round(100 * place.policy.watchlist.composition.sex["male"])
    listed = round(100 * place.policy.watchlist.composition.ethnicity["black"])
    crowd = 100 * place.street.crowd.ethnicity["black"]
    low = place.policy.cameras[0].height_m
    same = "Everything else stays, and the same people walk past."
    return Lesson(
        name="who",
        title="Who is stopped",
        minutes=50,
        about=(
            "Who is stopped by mistake, and why: the list, the matcher, the cameras, the crowd, "
            "taken apart one at a time on a simulated street."
        ),
        screens=(
            Screen(
                name="crowd",
                title="A street where nothing makes a difference",
                question="Of every 100 people stopped by mistake, how many are women?",
                kind="number",
                minutes=5,
                unit="women, of 100",
                facts=(
                    f"About {plain(place.street.footfall.people)} people walk past two cameras in "
                    "six hours. Half of them are women.",
                    "Suppose that the list is made up like the crowd, and that the system mistakes "
                    "nobody more easily than others.",
                ),
                discuss=("Is a mistake fair if it could hit anybody?",),
                say=(
                    "The answer is what everybody expects. It fixes what “no difference” means.",
                    "Say that this is a simulation: people walk, cameras see, a matcher errs. Its "
                    "guesses are marked as guesses.",
                ),
                answer=crowd_alone,
            ),
            Screen(
                name="list",
                title="The list",
                question="Of every 100 people stopped by mistake, how many are women now?",
                kind="number",
                minutes=5,
                unit="women, of 100",
                facts=(
                    "A matcher mixes up people who look alike: same sex, near in age, same group.",
                    f"Now {men} of 100 people on the list are men. (A guess: nobody publishes it.)",
                    same,
                ),
                discuss=("Who decides who is on the list? Who should know?",),
                say=(
                    "Many say that the list cannot matter, since those stopped by mistake are not "
                    "on it. Let the answer surprise them, then ask for the reason.",
                ),
                answer=the_list,
            ),
            Screen(
                name="matcher",
                title="The matcher",
                question="Of every 100 people stopped by mistake, how many are Black?",
                kind="number",
                minutes=6,
                unit="Black people, of 100",
                facts=(
                    f"Of 100 people in this crowd, {plain(crowd)} are Black; of 100 on the list, "
                    f"{listed} (a guess).",
                    "Now the matcher mistakes some groups more easily than others, as the median "
                    "of 562 tested ones does.",
                    same,
                ),
                discuss=(
                    "How sure is this number? Read the range aloud.",
                    "If you could ask the maker of a matcher one question, which?",
                ),
                say=(
                    "The range is wide. Say so before somebody quotes the middle.",
                    "This may touch students themselves. Keep to counts and causes; nobody needs "
                    "to speak for a group.",
                ),
                answer=the_matcher,
            ),
            Screen(
                name="even",
                title="Another matcher",
                question="Of every 100 people stopped by mistake, how many are Black now?",
                kind="number",
                minutes=5,
                unit="Black people, of 100",
                facts=("One of the most even matchers of the same test is used instead.", same),
                discuss=("Who chooses the matcher? Who could check it?",),
                say=("Have them compare with the last screen before they guess.",),
                answer=even_matcher,
            ),
            Screen(
                name="height",
                title="The cameras",
                question="Of ten right matches before, how many are left?",
                kind="number",
                minutes=5,
                high=20,
                unit="right matches, of ten before",
                facts=(
                    f"The cameras hung {low:g} m above the ground. Now they hang at 5 m, on a lamp "
                    "post.",
                    "The matcher is the median one again. The same people walk past.",
                ),
                discuss=("Why might a police force want low cameras? Why might passers-by?",),
                say=("Small changes are answers too. Most levers do less than people think.",),
                answer=higher_cameras,
            ),
            Screen(
                name="busy",
                title="The crowd",
                question="Ten people were stopped by mistake before. How many are now?",
                kind="number",
                minutes=6,
                high=40,
                unit="mistaken stops, ten before",
                facts=(
                    "The cameras are back at their height. Half as many people again walk past: "
                    "three where there were two.",
                ),
                discuss=("What would make an operator believe more alerts, or fewer?",),
                say=(
                    "Fifteen is the natural guess, and right for false alerts. The stops depend "
                    "on people who read them.",
                ),
                answer=busier_street,
            ),
            Screen(
                name="surer",
                title="How sure it must be",
                question="Of ten mistaken stops before, how many are left?",
                kind="number",
                minutes=5,
                high=20,
                unit="mistaken stops, of ten before",
                facts=(
                    "The system sets off an alert when its score reaches a threshold. It goes from "
                    "0.60 to 0.64, which London uses since 2023.",
                    same,
                ),
                discuss=("Who gains and who loses by a higher threshold?",),
                say=("Ask for a guess of the right matches too, by a show of hands.",),
                answer=surer,
            ),
            Screen(
                name="never",
                title="Suppose it never erred: what remains?",
                question="Of 100 people rightly matched and stopped, how many are not arrested?",
                kind="number",
                minutes=7,
                unit="not arrested, of 100",
                facts=("From now on the system makes no mistake at all. (Supposed.)",),
                discuss=(
                    "Which of your objections is gone? Which remains?",
                    "Which of your hopes came true? Which did not?",
                ),
                say=(
                    "The most important screen. Some reasons for and against have nothing to do "
                    "with mistakes. Collect both kinds in two columns of equal size.",
                ),
                answer=never_erred,
            ),
            Screen(
                name="first",
                title="What would you look at first?",
                question="Which of these would you want to know more about before you decide?",
                kind="choice",
                minutes=6,
                choices=CAUSES,
                discuss=(
                    "Does somebody who voted otherwise have a reason you had not thought of?",
                ),
                say=("There is no right answer. The table has all steps of this lesson.",),
                answer=which_first,
            ),
        ),
        streets=streets,
        before=Question(
            "A list holds mostly men. People who are not on it are stopped by mistake. Will they "
            "be mostly men, mostly women, or as many of both? Why?",
            "Mostly men, if the matcher errs alike for both: it takes people for others who look "
            "like them.",
        ),
        after=Question(
            "A city makes its list of missing elderly women. Who will be stopped by mistake more "
            "often than before? What else would you need to know?",
            "Older women. Also how the matcher errs by age and sex, the threshold, who walks past, "
            "and who reads the alerts.",
        ),
        prepare=(
            "Press “Begin a class” a few minutes early: three streets are walked first, which "
            "takes some seconds to a minute. They are kept for the next time.",
            "Two columns on the board for the screen “Suppose it never erred”.",
        ),
        questions=(
            Question(
                "Is this what happened on that day?",
                "No. On that day seven of eight alerts were false. The model walks simulated "
                "people past simulated cameras; its record against real days is on the page "
                "Record, misses included.",
            ),
            Question(
                "Why is the range so wide?",
                "Because much is not published: who is listed, which matcher, how it errs. The "
                "range is what is left when all of that is let vary.",
            ),
            Question(
                "Does the model prove that the system discriminates?",
                "No. It shows what would follow from published error rates and marked guesses. A "
                "proof needs counts from streets, and far more than a day has.",
            ),
        ),
    )
