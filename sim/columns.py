"""Every column of every table that leaves a run: its name, dtype, unit and meaning.

No other module spells a column's name as a string.
"""

from typing import Final, NamedTuple


class Column(NamedTuple):
    """What a column holds."""

    dtype: str
    unit: str
    meaning: str


PERSON: Final = "person"
SEX: Final = "sex"
ETHNICITY: Final = "ethnicity"
AGE_BAND: Final = "age_band"
GROUP: Final = "group"
HEIGHT: Final = "height_m"
DESIRED_SPEED: Final = "desired_speed_mps"
PARTY: Final = "party"
PARTY_SIZE: Final = "party_size"
ENTRANCE: Final = "entrance"
EXIT: Final = "exit"
ON_PHONE: Final = "on_phone"
COVERED: Final = "covered"
AVOIDED: Final = "avoided"
TURNED_AWAY: Final = "turned_away"
DETOUR: Final = "detour_m"
ARRIVED: Final = "arrived_s"
ENTERED: Final = "entered_s"
LEFT: Final = "left_s"
CAMERA: Final = "camera"
EXPOSURE: Final = "exposure_s"
BEST_LOOK: Final = "best_look_s"
CROWDING: Final = "crowding_per_m2"
P_LISTED: Final = "p_listed"
P_TRUE: Final = "p_true"
P_FALSE: Final = "p_false"

DRAW: Final = "draw"
ALERT_TIME: Final = "alert_s"
IS_TRUE: Final = "is_true"
OUTCOME: Final = "outcome"
STOP_MINUTES: Final = "stop_min"
OFFICER_MINUTES: Final = "officer_min"
WITNESSES: Final = "witnesses"

FRAME: Final = "frame"
ID: Final = "id"  # PedPy's word for a person
X: Final = "x"
Y: Final = "y"
X_CM: Final = "x_cm"
Y_CM: Final = "y_cm"
NOSE: Final = "nose_deg"
STATE: Final = "state"
EVENT_TIME: Final = "event_s"
EVENT: Final = "event"
OFFICER: Final = "officer"
X_M: Final = "x_m"
Y_M: Final = "y_m"
WORDS: Final = "words"

RUN_ID: Final = "run_id"
SCENARIO: Final = "scenario"
SCENARIO_HASH: Final = "scenario_hash"
SEED: Final = "seed"
MEASURE: Final = "measure"
ESTIMATE: Final = "estimate"
LOW: Final = "low"
HIGH: Final = "high"
UNIT: Final = "unit"
LUCK_LOW: Final = "luck_low"
LUCK_HIGH: Final = "luck_high"
UNKNOWN_LOW: Final = "unknown_low"
UNKNOWN_HIGH: Final = "unknown_high"
ONE_DEPLOYMENT_LOW: Final = "one_deployment_low"
ONE_DEPLOYMENT_HIGH: Final = "one_deployment_high"
PEOPLE: Final = "people"
FACES_USABLE: Final = "faces_usable"
FALSE_ALERTS: Final = "false_alerts"
TRUE_ALERTS: Final = "true_alerts"
MISTAKEN_STOPS: Final = "mistaken_stops"
ERROR_MODEL: Final = "error_model"
RATIO: Final = "ratio"
DETECTABLE: Final = "detectable_ratio"
SETTING: Final = "setting"
CAMERA_HEIGHT: Final = "camera_height_m"
CAMERA_DISTANCE: Final = "camera_distance_m"
DENSITY_ASKED: Final = "density_asked_per_m2"
DENSITY: Final = "density_per_m2"
FOOTFALL: Final = "footfall_per_h"
STANDING: Final = "standing"
NAME: Final = "name"
VALUE: Final = "value"
GRADE: Final = "grade"
SOURCE: Final = "source"
HOW: Final = "how"
LOG_LIKELIHOOD: Final = "log_likelihood"
RATIO_AT_LOW: Final = "ratio_at_low"
RATIO_AT_HIGH: Final = "ratio_at_high"
STOPS_AT_LOW: Final = "stops_at_low"
STOPS_AT_HIGH: Final = "stops_at_high"
SWING: Final = "swing"
IS_STEADY: Final = "is_steady"
POINT: Final = "point"
REPLICATION: Final = "replication"
STATUS: Final = "status"
REASON: Final = "reason"
CORRECT_STOPS: Final = "correct_stops"
ARRESTS: Final = "arrests"
OUT_OF_DATE_STOPS: Final = "out_of_date_stops"
MISSED_TRUE_ALERTS: Final = "missed_true_alerts"
MISTAKEN_MINUTES: Final = "minutes_of_mistaken_stops"
OFFICER_HOURS_ON_ALERTS: Final = "officer_hours_on_alerts"
STAFF_HOURS: Final = "staff_hours"
PER_TRUE_MATCH: Final = "false_stops_per_true_match"
PER_MILLION_FACES: Final = "mistaken_stops_per_million_faces"
PER_ALERT: Final = "mistaken_stops_per_alert"
PER_STOP: Final = "mistaken_stops_per_stop"
NO_TRUE_MATCH: Final = "no_true_match"
DISPARITY_SEX: Final = "disparity_sex"
DISPARITY_ETHNICITY: Final = "disparity_ethnicity"
DISPARITY_AGE: Final = "disparity_age"
DISPARITY: Final = "disparity"
IS_NOT_BEATEN: Final = "is_not_beaten"
P_NOT_BEATEN: Final = "p_not_beaten"
P_KEEPS_ALL: Final = "p_keeps_all"
FAILS: Final = "fails"
DEPLOYMENT: Final = "deployment"
DATE: Final = "date"
PLACE: Final = "place"
COUNTED: Final = "counted"
EXPOSED: Final = "exposed"
RATE: Final = "rate"
SIDE: Final = "side"
THRESHOLD: Final = "threshold"
DEPRESSION: Final = "depression_deg"

TABLE_COLUMNS: Final[dict[str, Column]] = {
    PERSON: Column("int64", "", "id of a person, in order of arrival, from 0"),
    SEX: Column("category", "", "female or male"),
    ETHNICITY: Column("category", "", "broad census heading"),
    AGE_BAND: Column("category", "", "child, young, middle, older"),
    GROUP: Column("int64", "", "index into sim.groups.GROUPS"),
    HEIGHT: Column("float64", "m", "crown above the ground, shod"),
    DESIRED_SPEED: Column("float64", "m/s", "speed when nobody is in the way"),
    PARTY: Column("int64", "", "id of the people who walk together"),
    PARTY_SIZE: Column("int64", "person", "how many walk together"),
    ENTRANCE: Column("category", "", "door through which the person comes in"),
    EXIT: Column("category", "", "door to which the person walks"),
    ON_PHONE: Column("bool", "", "looks down at a device"),
    COVERED: Column("bool", "", "face covered"),
    AVOIDED: Column("bool", "", "saw the sign and kept off the zone: went round or turned away"),
    TURNED_AWAY: Column("bool", "", "avoided, and no way led round the zone: did not come in"),
    DETOUR: Column(
        "float64",
        "m",
        "way round the zone less the way through it; 0: not avoided, nan: turned away",
    ),
    ARRIVED: Column("float64", "s", "reached the entrance, from the start of the cameras"),
    ENTERED: Column("float64", "s", "found room and stepped in; nan: never"),
    LEFT: Column("float64", "s", "stepped out; nan: still inside at the end"),
    CAMERA: Column("category", "", "name of a camera"),
    EXPOSURE: Column("float64", "s", "seconds of good face that a camera had of a passage"),
    BEST_LOOK: Column("float64", "s", "time of the best frame; nan: none"),
    CROWDING: Column(
        "float64", "1/m2", "other people a square metre around the person at that time"
    ),
    P_LISTED: Column("float64", "1", "chance that the person is on the list"),
    P_TRUE: Column("float64", "1", "chance of a true alert, if listed"),
    P_FALSE: Column("float64", "1", "chance of a false alert, if not listed"),
    DRAW: Column("int64", "", "number of the response draw, from 0"),
    ALERT_TIME: Column("float64", "s", "time of the alert, from the start of the cameras"),
    IS_TRUE: Column("bool", "", "the person is on the list"),
    OUTCOME: Column("category", "", "what became of the alert"),
    STOP_MINUTES: Column("float64", "min", "how long the person was held up; 0: not stopped"),
    OFFICER_MINUTES: Column("float64", "min", "officer time that the alert took"),
    WITNESSES: Column("int64", "person", "people near enough to see the stop"),
    FRAME: Column("int32", "", "number of the moment, from 0"),
    ID: Column("int32", "", "id of a person, as in the run's tables"),
    X: Column("float64", "m", "east"),
    Y: Column("float64", "m", "north"),
    X_CM: Column("int32", "cm", "east, rounded"),
    Y_CM: Column("int32", "cm", "north, rounded"),
    NOSE: Column("int16", "deg", "where the nose points, clockwise from north"),
    STATE: Column("category", "", "walking, standing, alert, pursued or stopped"),
    EVENT_TIME: Column("float64", "s", "when it happens, from the start of the cameras"),
    EVENT: Column("str", "", "what happens"),
    OFFICER: Column("int64", "", "number of an officer, from 1; -1: none"),
    X_M: Column("float64", "m", "where it happens, east"),
    Y_M: Column("float64", "m", "where it happens, north"),
    WORDS: Column("str", "", "what happens, as a sentence"),
    RUN_ID: Column("str", "", "hash of scenario, seed and version"),
    SCENARIO: Column("str", "", "name of the scenario"),
    SCENARIO_HASH: Column("str", "", "hash of all that determines the result but the seed"),
    SEED: Column("int64", "", "the run's seed"),
    MEASURE: Column("str", "", "what is counted"),
    ESTIMATE: Column("float64", "", "best single value"),
    LOW: Column("float64", "", "low end of the interval"),
    HIGH: Column("float64", "", "high end of the interval"),
    UNIT: Column("str", "", "unit of estimate, low and high"),
    LUCK_LOW: Column("float64", "", "low end over response draws, assumptions held"),
    LUCK_HIGH: Column("float64", "", "high end over response draws, assumptions held"),
    UNKNOWN_LOW: Column("float64", "", "low end over assumption draws, luck averaged out"),
    UNKNOWN_HIGH: Column("float64", "", "high end over assumption draws, luck averaged out"),
    ONE_DEPLOYMENT_LOW: Column("float64", "", "low end of one deployment, luck and unknowns"),
    ONE_DEPLOYMENT_HIGH: Column("float64", "", "high end of one deployment, luck and unknowns"),
    PEOPLE: Column("int64", "person", "people who walked past"),
    FACES_USABLE: Column("int64", "person", "people of whom a camera had a usable face"),
    FALSE_ALERTS: Column("float64", "event", "expected alerts on people who are not listed"),
    TRUE_ALERTS: Column("float64", "event", "expected alerts on people who are listed"),
    MISTAKEN_STOPS: Column("float64", "event", "expected stops of people who are not listed"),
    ERROR_MODEL: Column("str", "", "which measurements the false match rate rests on"),
    RATIO: Column("float64", "1", "false alerts a face, by the rate of everybody"),
    DETECTABLE: Column("float64", "1", "smallest ratio that these numbers could have shown"),
    SETTING: Column("str", "", "how the cameras hang and at which distance they look"),
    CAMERA_HEIGHT: Column("float64", "m", "lens above the ground"),
    CAMERA_DISTANCE: Column("float64", "m", "distance looked at; nan: the scenario's whole range"),
    DENSITY_ASKED: Column("float64", "1/m2", "density that was wanted in the cameras' zone"),
    DENSITY: Column("float64", "1/m2", "mean density measured in the cameras' zone"),
    FOOTFALL: Column("float64", "1/h", "people an hour who come to the street"),
    IS_STEADY: Column("bool", "", "the crowd keeps its density; else the street is filling"),
    STANDING: Column("float64", "1", "clear share of a crowd that stands at random, closed form"),
    NAME: Column("str", "", "name of an entry of the register, or of a fitted number"),
    VALUE: Column("float64", "", "value of that number, in its own unit"),
    GRADE: Column("str", "", "what kind of evidence the number is"),
    SOURCE: Column("str", "", "who says so"),
    HOW: Column("str", "", "what was done again with the number moved"),
    LOG_LIKELIHOOD: Column("float64", "", "profile log likelihood, 0 at the best value"),
    RATIO_AT_LOW: Column("float64", "1", "mistaken stops per true match, number at its low end"),
    RATIO_AT_HIGH: Column("float64", "1", "the same, number at its high end"),
    STOPS_AT_LOW: Column("float64", "", "expected mistaken stops, number at its low end"),
    STOPS_AT_HIGH: Column("float64", "", "the same, number at its high end"),
    SWING: Column("float64", "1", "the larger of the two ratios over the smaller"),
    POINT: Column("int64", "", "number of the point of the design, from 0"),
    REPLICATION: Column("int64", "", "number of the replication of a point, from 0"),
    STATUS: Column("str", "", "done, or failed: then every outcome is missing"),
    REASON: Column("str", "", "why it failed, or why an outcome is missing; else empty"),
    CORRECT_STOPS: Column("float64", "event", "expected stops of people who are listed"),
    ARRESTS: Column("float64", "event", "expected arrests after a true alert"),
    OUT_OF_DATE_STOPS: Column("float64", "event", "expected stops on an entry that is out of date"),
    MISSED_TRUE_ALERTS: Column("float64", "event", "expected true alerts that end in no stop"),
    MISTAKEN_MINUTES: Column("float64", "min", "expected minutes of mistaken stops"),
    OFFICER_HOURS_ON_ALERTS: Column("float64", "h", "expected officer hours spent on alerts"),
    STAFF_HOURS: Column("float64", "h", "officers and operators, times the hours they are there"),
    PER_TRUE_MATCH: Column("float64", "1", "mistaken stops by true alerts; inf: no true alert"),
    PER_MILLION_FACES: Column("float64", "1", "mistaken stops by million faces scanned"),
    PER_ALERT: Column("float64", "1", "mistaken stops by alerts, true and false"),
    PER_STOP: Column("float64", "1", "mistaken stops by stops, mistaken and correct"),
    NO_TRUE_MATCH: Column("float64", "1", "chance of a deployment without any true alert"),
    DISPARITY_SEX: Column("float64", "1", "largest by smallest mistaken stops a face, by sex"),
    DISPARITY_ETHNICITY: Column("float64", "1", "the same by ethnicity"),
    DISPARITY_AGE: Column("float64", "1", "the same by age band"),
    DISPARITY: Column("float64", "1", "disparity_ethnicity, the one usually argued about"),
    IS_NOT_BEATEN: Column("bool", "", "no policy beats it on the means over draws"),
    P_NOT_BEATEN: Column("float64", "1", "share of draws in which no policy beats it"),
    P_KEEPS_ALL: Column("float64", "1", "share of draws in which it keeps all limits set"),
    FAILS: Column("bool", "", "fulfils what was asked with --fails"),
    DEPLOYMENT: Column("str", "", "name or number of a deployment"),
    DATE: Column("str", "", "day it began; missing: not recorded"),
    PLACE: Column("str", "", "where it was"),
    COUNTED: Column("float64", "event", "events that were counted"),
    EXPOSED: Column("float64", "", "faces or hours they are counted in"),
    RATE: Column("float64", "", "events by exposure"),
    SIDE: Column("str", "", "inside, above or below the limits of a level"),
    THRESHOLD: Column("float64", "1", "score from which the matcher gives an alert"),
    DEPRESSION: Column("float64", "deg", "angle of a camera's axis below the horizontal"),
}
