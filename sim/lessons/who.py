"""Lesson 2, who is stopped: list, matcher, camera height, crowd, threshold, one at a time.

All answers are the model's, on one street and the same people.

State: none.
"""

from sim.lessons import street_numbers as ask
from sim.lessons.screens import Lesson, Question, Screen
from sim.lessons.who_answers import (
    busier_street,
    crowd_alone,
    even_matcher,
    higher_cameras,
    never_erred,
    streets,
    surer,
    the_list,
    the_matcher,
    which_first,
)
from sim.words.lesson_who import who_walks_past
from sim.words.numbers import plain

CAUSES = (
    "The list: who is on it",
    "The matcher: whom it mixes up",
    "The threshold: how sure it must be",
    "The cameras: where they hang",
    "The crowd: where and when",
    "The people who read the alerts",
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
                    who_walks_past(place.street.footfall.people),
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
