"""Lesson 3, the oversight board: roles, ceilings, votes, and which policies keep the ceilings.

State: none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.briefing.words import chance, plain
from sim.experiments.instant import Instant
from sim.scenario.schema import Scenario
from sim.ui.teach import street_numbers as ask
from sim.ui.teach.histogram import LETTERS, middle
from sim.ui.teach.screens import Answer, Guesses, Lesson, Question, Role, Screen, amount
from sim.ui.teach.who import MODEL, RANGE

TODAY = "npl-2023"  # of the three accounts the one between the others
THRESHOLDS = (0.60, 0.62, 0.64)
LISTS = {7292: "long list", 1500: "short list"}
MATCHERS = {"frte-median": "median matcher", "low-differential": "even matcher"}
MISTAKEN, RATIO, SCANNED = "mistaken", "ratio", "scanned"  # the screens of the ceilings
CEILINGS = ("mistakes", "difference", "people scanned")  # in the order of GUESSED
GUESSED = (MISTAKEN, RATIO, SCANNED)
RATES = (
    "All policies are asked of the same people in the same street. Error rates are those of the "
    "bench test of 2023; rates fitted to London's streets are lower."
)
NO_CAMERAS = "No cameras"

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


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the dozen policies that the board can choose from."""

    threshold: float
    list_size: int
    matcher: str

    @property
    def words(self) -> str:
        """Return the policy in words."""
        return f"threshold {self.threshold:.2f}, {LISTS[self.list_size]}, {MATCHERS[self.matcher]}"

    def scenario(self) -> Scenario:
        """Return the policy on the first place's street."""
        return ask.street(
            ask.error_rates(TODAY),
            ask.threshold(self.threshold),
            ask.list_size(self.list_size),
            ask.matcher(self.matcher),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What a policy brings: the three numbers that have ceilings, and right matches."""

    policy: Policy
    answer: Instant
    mistaken: ask.Found
    ratio: ask.Found
    scanned: ask.Found

    def over(self, ceilings: Sequence[float]) -> tuple[str, ...]:
        """Return the names of the ceilings that the central numbers are above."""
        found = (self.mistaken, self.ratio, self.scanned)
        named = zip(CEILINGS, found, ceilings, strict=True)
        return tuple(name for name, number, ceiling in named if number.value > ceiling)

    def chance(self, ceilings: Sequence[float]) -> float:
        """Return the share of draws of what is not known in which all three are kept."""
        mistaken, ratio, scanned = ceilings
        return ask.chance_within(self.answer, mistaken=mistaken, ratio=ratio, scanned=scanned)


def policies() -> tuple[Policy, ...]:
    """Return the dozen."""
    return tuple(
        Policy(threshold, size, matcher)
        for threshold in THRESHOLDS
        for size in LISTS
        for matcher in MATCHERS
    )


@lru_cache(maxsize=1)
def measured() -> tuple[Measured, ...]:
    """Return what each policy brings, on the same people."""
    rows = []
    for policy in policies():
        answer = ask.found(policy.scenario())
        rows.append(
            Measured(
                policy,
                answer,
                ask.mistaken_of_100_matches(answer),
                ask.disparity(answer),
                ask.scanned_a_match(answer),
            )
        )
    return tuple(rows)


def ceilings_of(guesses: Guesses) -> tuple[float, float, float] | None:
    """Return the board's three ceilings, the medians of its guesses; None if one has none."""
    found = [middle(guesses[name]) if guesses.get(name) else None for name in GUESSED]
    mistaken, ratio, scanned = found
    if mistaken is None or ratio is None or scanned is None:
        return None
    return mistaken, ratio, scanned


def streets() -> Mapping[str, Scenario]:
    """Return the one street that all policies share."""
    return {"as it was": ask.street()}


def _ceiling(name: str, guesses: Guesses, words: str, unit: str) -> Answer:
    """Return the board's ceiling, and what the dozen policies bring."""
    values = guesses.get(name, ())
    numbers = [getattr(one, name) for one in measured()]
    lowest, highest = (pick(numbers, key=lambda number: number.value) for pick in (min, max))
    first = (
        f"The board's ceiling is {amount(middle(values))} {unit}: half would allow less, half more."
        if values
        else "Nobody has set a ceiling."
    )
    kept = sum(number.value <= middle(values) for number in numbers) if values else 0
    how_many = f"{kept or 'None'} of the {len(numbers)} policies {'keeps' if kept == 1 else 'keep'}"
    return Answer(
        words=(
            first,
            f"{words} In the dozen policies that the board can choose from it lies between "
            f"{ask.told(lowest)} and {ask.told(highest)}.",
            *((f"{how_many} this ceiling, by the middle of what is known.",) if values else ()),
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
            _kept(names),
            chance(share) if (share := one.chance(ceilings)) else "in none of the draws",
        )
        for place, (one, names) in enumerate(zip(measured(), over, strict=True))
    ]
    count = over.count(())
    return Answer(
        value=float(count),
        words=(
            f"{count or 'None'} of {len(over)} policies {'keeps' if count == 1 else 'keep'} your "
            f"ceilings: {amount(ceilings[0])} mistaken stops for every 100 right "
            f"matches, "
            f"{amount(ceilings[1])} times everybody's rate, {plain(ceilings[2])} people scanned "
            "for each right match.",
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


def _kept(over: Sequence[str]) -> str:
    return f"over: {', '.join(over)}" if over else "keeps all three"


def _options() -> tuple[Policy, ...]:
    """Return the policies on the ballot: all thresholds, lists and matchers are among them."""
    found = policies()
    return found[0], found[3], found[5], found[9], found[11]


def ballot() -> tuple[str, ...]:
    """Return what can be voted for; no cameras is always among it."""
    return (NO_CAMERAS, *(policy.words for policy in _options()), "Not yet: ask for more evidence")


def voted(guesses: Guesses) -> Answer:
    """Return what each policy on the ballot brings; a vote has no right answer."""
    ceilings = ceilings_of(guesses)
    by_policy = {one.policy: one for one in measured()}
    rows = [("A", "nobody", "no rate: nobody is stopped", "nobody", "none", "keeps all three")]
    for place, policy in enumerate(_options(), start=1):
        one = by_policy[policy]
        said = "not set" if ceilings is None else _kept(one.over(ceilings))
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


REMAINS = (
    "Who is on the list, and who decides",
    "Everybody is scanned, suspected or not",
    "What happens after a right match",
    "Who is found, and what that is worth",
    "Who checks all this, and what is published",
)


def remains(_: Guesses) -> Answer:
    """Return what a system without mistakes would still bring; the vote has no right answer."""
    base = measured()[0].answer
    scanned, rest = ask.scanned_a_match(base), ask.not_arrested_of_100(base)
    return Answer(
        words=(
            "No mistaken stops, and no difference between groups in them: two ceilings are kept.",
            f"Still {ask.told(scanned)} people are scanned for each right match, and of 100 people "
            f"rightly stopped {ask.told(rest)} are not arrested.",
            "And people who are looked for are found, without anybody being taken for them.",
        ),
        rests=RANGE + "That there are no mistakes is supposed.",
        source=MODEL,
        entries=("response.arrest_share",),
    )


def nothing(_: Guesses) -> Answer:
    """Return the answer of a screen that asks nothing."""
    return Answer(words=("Read your card.",), rests="", source="")


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
