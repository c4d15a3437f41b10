"""Lesson 3, the oversight board: roles, ceilings, votes, and which policies keep the ceilings.

State: none.
"""

from sim.lessons.board_answers import (
    ceiling_mistaken,
    ceiling_ratio,
    ceiling_scanned,
    how_many,
    nothing,
    remains,
    voted,
)
from sim.lessons.board_policies import GUESSED, MISTAKEN, RATIO, SCANNED, ballot, streets
from sim.lessons.screens import Lesson, Question, Role, Screen

ROLES = (
    Role(
        "the superintendent",
        "You run the deployment and answer for it.",
        "People who are wanted for serious crimes are found, some of whom nothing else would find.",
        "Officers stand here and not elsewhere; a mistaken stop costs trust that you need.",
    ),
    Role(
        "a resident",
        "You walk through this street twice a day.",
        "You may be safer, and may feel so.",
        "You are scanned each time; you may be stopped though you did nothing.",
    ),
    Role(
        "a civil-liberties lawyer",
        "You ask what the law allows and who can check it.",
        "Clear ceilings, written down, bind everybody, and can be tested in court.",
        "Who is scanned has not been suspected of anything; who is listed may not know it.",
    ),
    Role(
        "the vendor",
        "You made the matcher and want it used well.",
        "Your system errs less each year, and published tests show how much.",
        "A setting that you did not choose, or a bad list, is blamed on your product.",
    ),
    Role(
        "a journalist",
        "You tell the public what it cannot see.",
        "Published counts let everybody judge, and honest figures calm false fears.",
        "One number without its denominator misleads, whichever way it points.",
    ),
)

REMAINS = (
    "Who is on the list, and who decides",
    "Everybody is scanned, suspected or not",
    "What happens after a right match",
    "Who is found, and what that is worth",
    "Who checks all this, and what is published",
)


def _ceiling_screen(
    name: str, title: str, question: str, fact: str, *, high: int, unit: str, ask_of: str
) -> Screen:
    answers = {MISTAKEN: ceiling_mistaken, RATIO: ceiling_ratio, SCANNED: ceiling_scanned}
    return Screen(
        name=name,
        title=title,
        question=question,
        kind="number",
        minutes=10,
        low=0 if name == MISTAKEN else 1,
        high=high,
        unit=unit,
        facts=(fact, "Argue in your role for two minutes, then set your own ceiling."),
        discuss=(ask_of, "Which role would set it lowest? Highest? Why?"),
        say=(
            "One sentence from each role before anybody types. Then silence while they set it.",
            "The board's ceiling is the median, so one extreme number moves it little.",
        ),
        answer=answers[name],
        uses=(name,),
        has_roles=True,
    )


def lesson() -> Lesson:
    """Return the lesson."""
    return Lesson(
        name="board",
        title="The oversight board",
        minutes=90,
        about=(
            "A board of five roles sets ceilings, votes, and sees which of a dozen policies keep "
            "them: superintendent, resident, lawyer, vendor, journalist."
        ),
        roles=ROLES,
        screens=(
            Screen(
                name="roles",
                title="Your role",
                question="Whom do you speak for, and what do you hope and fear?",
                kind="read",
                minutes=10,
                facts=(
                    "The police want to use face recognition in a shopping street. Your board "
                    "decides whether, and how.",
                    "You argue for your role. You vote as yourself at the end.",
                ),
                say=(
                    "Same roles sit together for five minutes and find their best argument, and "
                    "the best one against it.",
                ),
                answer=nothing,
                has_roles=True,
            ),
            _ceiling_screen(
                MISTAKEN,
                "First ceiling: mistakes",
                "For every 100 people rightly matched, how many may be stopped by mistake at most?",
                "A right match: somebody on the list is recognised. A mistaken stop: somebody who "
                "is not on it is held up.",
                high=200,
                unit="mistaken stops, per 100 right matches",
                ask_of="Would your ceiling be the same if a stop took a minute? An hour?",
            ),
            _ceiling_screen(
                RATIO,
                "Second ceiling: who bears it",
                "How many times everybody's rate may one group's rate of mistaken stops be?",
                "1 means that no group is stopped by mistake more often than others, for each face "
                "scanned. 3 means three times as often.",
                high=20,
                unit="times everybody's rate",
                ask_of="Is a larger difference acceptable if there are fewer mistakes in all?",
            ),
            _ceiling_screen(
                SCANNED,
                "Third ceiling: people scanned",
                "How many people may be scanned for each right match, at most?",
                "Everybody who walks past is scanned. In London's published year of 2024-25 it was "
                "about 1,500 people for each right match; in other places more.",
                high=100_000,
                unit="people scanned for each right match",
                ask_of="Does being scanned cost anything if nobody keeps the picture?",
            ),
            Screen(
                name="how-many",
                title="What is left?",
                question="How many of twelve policies keep all three of the board's ceilings?",
                kind="number",
                minutes=15,
                high=12,
                unit="policies, of 12",
                facts=(
                    "Twelve policies: three thresholds (0.60, 0.62, 0.64), a long or a short list "
                    "(7,292 or 1,500 people), a median or a more even matcher.",
                ),
                discuss=(
                    "Which ceiling rules out most? Would you move it?",
                    "How sure must it be that a ceiling is kept?",
                ),
                say=(
                    "Read one row of the table together, aloud, with its ranges.",
                    "If none is kept, do not rescue the board: ask what it wants to do.",
                ),
                answer=how_many,
                uses=GUESSED,
            ),
            Screen(
                name="vote",
                title="The vote",
                question="What do you vote for?",
                kind="choice",
                minutes=15,
                choices=ballot(),
                facts=("Speak for your role first. Then vote as yourself.",),
                discuss=("Is a majority enough here? Who is not in the room?",),
                say=("Hear each role for one minute, in turn, with the clock in sight.",),
                answer=voted,
                uses=GUESSED,
                has_roles=True,
            ),
            Screen(
                name="never",
                title="Suppose it never erred: what remains?",
                question="Which question would still matter most to you?",
                kind="choice",
                minutes=10,
                choices=REMAINS,
                facts=("Suppose a system that never mistakes anybody. The rest stays.",),
                discuss=("Is it a question that a better system could answer?",),
                say=("Ask those who would now vote otherwise to say why, on both sides.",),
                answer=remains,
            ),
            Screen(
                name="again",
                title="The second vote",
                question="What do you vote for now?",
                kind="choice",
                minutes=10,
                choices=ballot(),
                discuss=("What changed your mind, or did not?",),
                say=("Compare the two charts. Nobody has to say how they voted.",),
                answer=voted,
                uses=GUESSED,
            ),
        ),
        streets=streets,
        before=Question(
            "Name one reason for and one against face recognition in a street. For each: would it "
            "still hold if the system never erred?",
            "Any pair of reasons. Look for at least one that does not depend on mistakes.",
        ),
        after=Question(
            "Answer the same question again. Add one number that you would want to see first, and "
            "what it should be divided by.",
            "A reason on each side that survives without mistakes; a number with its denominator.",
        ),
        prepare=(
            "Press “Begin a class” a few minutes early: one street is walked, and twelve policies "
            "are asked of it.",
            "Five places for the roles, and a clock.",
            "Lesson 1 or 2 first, or ten minutes on what a false alert and a threshold are.",
        ),
        questions=(
            Question(
                "Who sits on such boards?",
                "That differs from place to place, and in many places there is none. The five "
                "roles are ours.",
            ),
            Question(
                "Can a force choose how its matcher errs?",
                "It can choose which matcher it buys, if tests of it are published. That is why "
                "the matcher is part of a policy here.",
            ),
            Question(
                "Is the median a fair way to decide?",
                "It is one way. Half of the board gets less than it wanted. Ask for another, and "
                "what it would have given.",
            ),
        ),
    )
