"""Outcomes of a deployment as everybody reads them: one name and one description each.

Keys are the columns of a study and, where the JSON object of a run counts what no study asks for,
its names.

State: none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim import columns as col


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What an outcome is called.

    name        : after a number: ``2 mistaken stops``
    singular    : after one; empty where it is no count
    description : in a sentence that needs nothing else to be read
    label       : at the head of a row of counts of people; the name where it is no other
    """

    name: str
    singular: str
    description: str
    label: str = ""

    @property
    def heading(self) -> str:
        """The name of a row."""
        return self.label or self.name


OUTCOMES: Mapping[str, OutcomeWords] = {
    col.PEOPLE: OutcomeWords(
        "people who walk past", "person who walks past", "Everybody who walks down the street."
    ),
    col.FACES_USABLE: OutcomeWords(
        "people scanned", "person scanned", "People of whom a camera had a usable face."
    ),
    "alerts": OutcomeWords("alerts", "alert", "All alerts, right and false."),
    col.FALSE_ALERTS: OutcomeWords(
        "false alerts", "false alert", "Alerts on people who are not on the list."
    ),
    col.TRUE_ALERTS: OutcomeWords(
        "right matches", "right match", "Alerts on people who are on the list.", "rightly matched"
    ),
    col.MISTAKEN_STOPS: OutcomeWords(
        "mistaken stops",
        "mistaken stop",
        "Stops of people who are not on the list.",
        "stopped by mistake",
    ),
    col.CORRECT_STOPS: OutcomeWords(
        "stops of listed people",
        "stop of a listed person",
        "Stops of people who are on the list.",
        "stopped, on the list",
    ),
    col.ARRESTS: OutcomeWords("arrests", "arrest", "Stops of listed people that end in an arrest."),
    "no_action": OutcomeWords(
        "stops without further action",
        "stop without further action",
        "Stops of listed people after which they go free.",
        "no further action",
    ),
    col.OUT_OF_DATE_STOPS: OutcomeWords(
        "stops on entries out of date",
        "stop on an entry out of date",
        "Stops of people who should no longer have been on the list.",
        "entry out of date",
    ),
    col.MISSED_TRUE_ALERTS: OutcomeWords(
        "right matches not stopped",
        "right match not stopped",
        "Alerts on listed people that end in no stop.",
    ),
    "unread": OutcomeWords(
        "alerts read too late",
        "alert read too late",
        "No operator had read the alert before the person was gone.",
        "read too late",
    ),
    "dismissed": OutcomeWords(
        "alerts dismissed",
        "alert dismissed",
        "An operator looked and did not act.",
        "dismissed by an operator",
    ),
    "no_officer": OutcomeWords(
        "alerts with no officer free",
        "alert with no officer free",
        "Every officer was busy.",
        "no officer free",
    ),
    "lost": OutcomeWords(
        "people lost on the way",
        "person lost on the way",
        "An officer set out and did not find the person.",
        "lost on the way",
    ),
    col.MISTAKEN_MINUTES: OutcomeWords(
        "minutes of mistaken stops",
        "minute of mistaken stops",
        "How long people who are not on the list are held up, together.",
    ),
    "witnesses": OutcomeWords(
        "people who see a stop", "person who sees a stop", "People near enough to see a stop."
    ),
    col.OFFICER_HOURS_ON_ALERTS: OutcomeWords(
        "officer hours on alerts",
        "officer hour on alerts",
        "Time that officers spend on alerts, right and false.",
    ),
    col.STAFF_HOURS: OutcomeWords(
        "staff hours", "staff hour", "Officers and operators, times the hours they are there."
    ),
    col.PER_TRUE_MATCH: OutcomeWords(
        "mistaken stops for each right match",
        "mistaken stop for each right match",
        "Mistaken stops over right matches, in the long run.",
        "for each right match",
    ),
    col.PER_MILLION_FACES: OutcomeWords(
        "mistaken stops for each million people scanned",
        "mistaken stop for each million people scanned",
        "Mistaken stops over people scanned, in millions.",
        "for each million people scanned",
    ),
    col.PER_ALERT: OutcomeWords(
        "mistaken stops for each alert",
        "mistaken stop for each alert",
        "Mistaken stops over all alerts, right and false.",
        "for each alert",
    ),
    col.PER_STOP: OutcomeWords(
        "mistaken stops for each stop",
        "mistaken stop for each stop",
        "The share of all stops that are mistaken.",
        "for each stop",
    ),
    col.NO_TRUE_MATCH: OutcomeWords(
        "chance of no right match", "", "The chance that one deployment brings no right match."
    ),
    col.DISPARITY_SEX: OutcomeWords(
        "mistaken stops of the most stopped sex over the other",
        "",
        "How far the rates of mistaken stops of women and men lie apart.",
    ),
    col.DISPARITY_ETHNICITY: OutcomeWords(
        "mistaken stops of the most stopped ethnic group over the least",
        "",
        "How far the rates of mistaken stops of ethnic groups lie apart.",
    ),
    col.DISPARITY_AGE: OutcomeWords(
        "mistaken stops of the most stopped age over the least",
        "",
        "How far the rates of mistaken stops of ages lie apart.",
    ),
    col.DISPARITY: OutcomeWords(
        "mistaken stops of the most stopped group over the least",
        "",
        "The same as by ethnicity: the difference that is argued about most.",
    ),
}
SHORT_NAMES: Mapping[str, str] = {  # in the JSON object, below a key that says the rest
    "mistaken": col.MISTAKEN_STOPS,
    "correct": col.CORRECT_STOPS,
    "out_of_date": col.OUT_OF_DATE_STOPS,
    "true": col.TRUE_ALERTS,
    "false": col.FALSE_ALERTS,
    "per_true_match": col.PER_TRUE_MATCH,
    "per_million_faces": col.PER_MILLION_FACES,
    "per_alert": col.PER_ALERT,
    "per_stop": col.PER_STOP,
}


def outcome(name: str) -> OutcomeWords:
    """Return what an outcome is called, by its column or its name in the JSON object."""
    return OUTCOMES[SHORT_NAMES.get(name, name)]


def outcome_name(name: str) -> str:
    """Return an outcome's name; one that is none of ours is made readable.

    >>> outcome_name("mistaken_stops"), outcome_name("alerts_an_hour")
    ('mistaken stops', 'alerts an hour')
    """
    known = OUTCOMES.get(SHORT_NAMES.get(name, name))
    return name.replace("_", " ") if known is None else known.name
