"""Names of places, so that what is known of one street helps to predict its neighbour.

A log writes "Northend, Croydon" one day and "Croydon, North End" the next. A name is cut at its
commas, the parts are spelled out, and parts that every town has (High Street) say nothing. A
deployment then shares an effect with every other that has a part in common.

State: none.
"""

import re

_IN_BRACKETS = re.compile(r"\(.*?\)")
_SPELLED_OUT = (
    (re.compile(r"\bb'way\b"), "broadway"),
    (re.compile(r"\brd\b"), "road"),
    (re.compile(r"\bst\b(?!\.?\s+(ann|john))"), "street"),
    (re.compile(r"\bstn\b"), "station"),
    (re.compile(r"\bjunc\b"), "junction"),
    (re.compile(r"\bct\b"), "court"),
    (re.compile(r"\bpk\b"), "park"),
    (re.compile(r"\bsq\b"), "square"),
    (re.compile(r"\bnorthend\b"), "north end"),
    (re.compile(r"\btottenham court road street\b"), "tottenham court road"),
)
_SAYS_NOTHING = frozenset({"high street", "high road", "broadway", "station", "town centre"})


def place_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a place's name that tell it from others, lower case, in order.

    Empty for an empty name; a name of nothing but a common part keeps it.
    """
    text = _IN_BRACKETS.sub("", name.lower().replace("’", "'"))
    for pattern, words in _SPELLED_OUT:
        text = pattern.sub(words, text)
    parts = [" ".join(part.split()) for part in text.split(",")]
    parts = list(dict.fromkeys(part for part in parts if part))
    telling = [part for part in parts if part not in _SAYS_NOTHING]
    return tuple(telling or parts)
