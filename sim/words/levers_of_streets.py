"""Where people walk, how many come and who they are, in words: the levers of a street.

State: none.
"""

from collections.abc import Mapping

from sim.groups import AGE_BANDS, ETHNICITIES, SEXES
from sim.words.groups import group_name
from sim.words.lever_words import LeverWords, together
from sim.words.numbers import counted

_DOOR = "moving the doors of the street"
_CROWD = "changing who walks past"
_SHARES = {
    f"street.crowd.{heading}.{label}": together(f"share of {group_name(label)}", _CROWD)
    for heading, labels in (("sex", SEXES), ("ethnicity", ETHNICITIES), ("age_band", AGE_BANDS))
    for label in labels
}

STREET_LEVERS: Mapping[str, LeverWords] = {
    "street": together("the street", "changing the street"),
    "street.place": LeverWords("place", "Which place it is."),
    "street.walkable_m": together("the walkable ground", "changing the walkable ground"),
    "street.holes_m": together("what stands in the way", "changing what stands in the way"),
    "street.entrances": together("where people come in", _DOOR),
    "street.entrances.*.from_m": together("one end of an entrance", _DOOR),
    "street.entrances.*.to_m": together("the other end of an entrance", _DOOR),
    "street.exits": together("where people go out", _DOOR),
    "street.exits.*.from_m": together("one end of an exit", _DOOR),
    "street.exits.*.to_m": together("the other end of an exit", _DOOR),
    "street.flows": together("who walks where", "changing who walks where"),
    "street.footfall": together("how many people come", "changing how many people come"),
    "street.footfall.people": LeverWords(
        "crowd",
        "How many people walk past, by what is usual for this place. A denser crowd hides "
        "faces, shorter people's first, and keeps operators busier.",
        "people",
        said=lambda value: counted(round(value), "person a count", "people a count"),
        gerund=lambda there, here: (
            f"having {counted(round(here), 'person walk', 'people walk')} past instead of "
            f"{round(there):,}"
        ),
        choices={0.5: "half as many people", 1.0: "as many as usual", 1.5: "half as many again"},
    ),
    "street.footfall.counted_from_hour": LeverWords(
        "start of the count", "The hour from which people were counted.", "o'clock"
    ),
    "street.footfall.counted_hours": LeverWords(
        "length of the count", "For how long people were counted.", "hours"
    ),
    "street.footfall.profile": LeverWords("shape of the day", "A weekday or a weekend."),
    "street.crowd": together("who walks past", _CROWD),
    "street.crowd.sex": together("sexes of those who walk past", _CROWD),
    "street.crowd.ethnicity": together("ethnicities of those who walk past", _CROWD),
    "street.crowd.age_band": together("ages of those who walk past", _CROWD),
    "street.crowd.joint": together("groups of those who walk past", _CROWD),
    **_SHARES,
}
