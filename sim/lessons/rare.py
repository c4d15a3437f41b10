"""Lesson 1, rare events: why two sentences that sound opposed can both be true.

All numbers are published, or worked out from published counts as ``passerby claim`` does.

State:    none.
Evidence: docs/model/rare-events.md.
"""

from sim.lessons.rare_answers import (
    MADE_UP_MATCHES,
    accurate,
    bags,
    day_row,
    expected_of_ten,
    half_wrong,
    one_day,
    what_ten_can_say,
    year_counts,
)
from sim.lessons.screens import Lesson, Question, Screen, no_streets
from sim.words import lesson_rare as say
from sim.words.numbers import whole


def lesson() -> Lesson:
    """Return the lesson."""
    faces, _, false = year_counts()
    row = day_row()
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
                    say.a_year(faces, false),
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
                    say.again(faces, false),
                    say.few_come_by(MADE_UP_MATCHES),
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
