"""A scenario in one line of text that fits a web address: written, and read back with a report.

The text (``sim.scenario.link_text``) holds a JSON object that says which version of Passerby made
it (``by``), the hash of the scenario (``hash``), and the scenario itself, in the shorter of two
ways:

- ``base``, ``base_hash`` and ``change``: the name of a scenario that ships, its hash when the text
  was made, what differs from it, and in ``gone`` the fields that it has and this one has not;
- ``whole``: the scenario with nothing left to defaults.

The seed is always written, since no hash holds it. A link can name no file, and what it holds
passes the same checks as a scenario file.

State: none but the scenarios that ship, read once a process.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from sim import __version__
from sim.errors import ScenarioError, SimError
from sim.evidence.register import register
from sim.scenario.assumption_faults import generic_names
from sim.scenario.faults import lines_of
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.layers import EXTENDS, FROM_GEOJSON
from sim.scenario.link_text import (
    AGAIN,
    DAMAGED,
    LONGEST_LIST,
    LONGEST_TEXT,
    Tree,
    as_json,
    longest_list,
    mapping_of,
    packed,
    short,
    text_of,
    unpacked,
)
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.yaml_safe import Where

MOST_NAMED = 8  # ignored fields that a warning names one by one

_KEYS = {"by", "hash", "base", "base_hash", "change", "gone", "whole"}
_ORIGIN = "the link"
_BY_HAND = ": somebody has changed the link by hand, or the form of a scenario has changed"
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Shared:
    """A scenario that came in a link, and what the reader should know about it.

    made_with    : the version of Passerby that made the link
    made_hash    : hash of the scenario when the link was made
    base         : the shipped scenario that the link changes; None: the link holds all
    base_changed : that scenario is another one today, so that the rest of this one is too
    ignored      : fields of the link that this version does not know, as paths with dots
    """

    scenario: Scenario
    made_with: str
    made_hash: str
    base: str | None
    base_changed: bool
    ignored: tuple[str, ...]

    @property
    def model_changed(self) -> bool:
        """Whether another version of Passerby made the link: its numbers may have been others."""
        return self.made_with != __version__

    @property
    def is_same(self) -> bool:
        """Whether the scenario asks what it asked when the link was made."""
        return scenario_hash(self.scenario) == self.made_hash

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to tell the reader, in sentences; none: all is as it was."""
        found = []
        if self.model_changed:
            found.append(
                f"This link was made with Passerby {short(self.made_with)}; this is "
                f"{__version__}. The same question may now have another answer."
            )
        if self.base_changed:
            found.append(
                f"The shipped scenario '{self.base}' has changed since this link was made. What "
                "the link changes is applied to the scenario of today."
            )
        if self.ignored:
            found.append(
                f"This version does not know {_listed(self.ignored)}: ignored. All else applies."
            )
        if not self.is_same:
            why = "" if self.base_changed or self.ignored or self.model_changed else _BY_HAND
            found.append(
                f"The scenario has hash {scenario_hash(self.scenario)}; when the link was made it "
                f"was {short(self.made_hash)}{why}."
            )
        return tuple(found)


def share_text(scenario: Scenario, *, shipped: Mapping[str, Scenario] | None = None) -> str:
    """Return the scenario as text for a link: the same scenario gives the same text.

    shipped : scenarios to tell differences from; None: those that ship

    Raises ``SimError`` where the scenario is too large for a link.

    >>> from sim import load_scenario, share_text
    >>> share_text(load_scenario("high_street"))[:2]
    '1.'
    """
    bases = _Bases(shipped)
    named = bases.get(scenario.name)
    near = [scenario.name] if named is not None else bases.names()
    texts = [packed(_whole(scenario))]
    for name in near:
        base = bases.get(name)
        if base is not None:
            texts.append(packed(_difference(scenario, base)))
    text = min(texts, key=len)
    entries = longest_list(_tree(scenario))
    if entries > LONGEST_LIST:
        raise SimError(
            f"scenario '{scenario.name}' has a list of {entries:,} entries; a link may have "
            f"{LONGEST_LIST:,}: send its file instead"
        )
    if len(text) > LONGEST_TEXT:
        raise SimError(
            f"scenario '{scenario.name}' needs a link of {len(text):,} characters; "
            f"{LONGEST_TEXT:,} is the most that can be opened: send its file instead"
        )
    return text


def scenario_from_share(text: str, *, shipped: Mapping[str, Scenario] | None = None) -> Shared:
    """Return the scenario in a link's text, with what had to be ignored and what has changed.

    Raises ``SimError``, and nothing else, whatever the text is.

    >>> from sim import load_scenario, scenario_from_share, share_text
    >>> scenario_from_share(share_text(load_scenario("high_street"))).scenario.name
    'high_street'
    """
    link = unpacked(text)
    made_with, made_hash = text_of(link, "by"), text_of(link, "hash")
    ignored = [str(key) for key in link if key not in _KEYS]
    base_name, base_changed = None, False
    if "whole" in link:
        tree = mapping_of(link, "whole")
    else:
        base_name = text_of(link, "base")
        base = _Bases(shipped).get(base_name)
        if base is None:
            raise SimError(
                f"the link changes the shipped scenario '{short(base_name)}', which this version "
                f"({__version__}) does not have; the link was made with {short(made_with)}"
            )
        base_changed = scenario_hash(base) != text_of(link, "base_hash")
        tree = _changed(_tree(base), mapping_of(link, "change"), link.get("gone", []))
    unknown = _take_unknown(tree)
    try:  # first its form alone: what checks the values against each other takes it for granted
        Scenario.model_validate_json(as_json(tree))
    except ValidationError as error:
        raise ScenarioError(lines_of(error, origin=_ORIGIN, marks={}, hints={})) from None
    return Shared(
        scenario=scenario_from_mapping(tree, origin=_ORIGIN),
        made_with=made_with,
        made_hash=made_hash,
        base=base_name,
        base_changed=base_changed,
        ignored=(*ignored, *unknown),
    )


class _Bases:
    """The scenarios that a link may name: given ones, or those that ship, each read when asked."""

    def __init__(self, given: Mapping[str, Scenario] | None) -> None:
        self.given = given

    def names(self) -> list[str]:
        return sorted(_shipped_names() if self.given is None else self.given)

    def get(self, name: str) -> Scenario | None:
        if self.given is not None:
            return self.given.get(name)
        return _shipped(name) if name in _shipped_names() else None


@cache
def _shipped_names() -> frozenset[str]:
    return frozenset(path.stem for path in shipped_scenarios())


@cache
def _shipped(name: str) -> Scenario:
    """Return a scenario that ships; the name is one of ``_shipped_names``, so never a path."""
    return load_scenario(next(path for path in shipped_scenarios() if path.stem == name))


def _tree(scenario: Scenario) -> Tree:
    tree: Tree = json.loads(canonical_json(scenario))
    return tree


def _whole(scenario: Scenario) -> Tree:
    return {**_made(scenario), "whole": _tree(scenario)}


def _difference(scenario: Scenario, base: Scenario) -> Tree:
    gone: list[list[str]] = []
    change = _differing(_tree(base), _tree(scenario), (), gone)
    change.setdefault("run", {})["seed"] = scenario.run.seed
    link = {
        **_made(scenario),
        "base": base.name,
        "base_hash": scenario_hash(base),
        "change": change,
    }
    return link | ({"gone": gone} if gone else {})


def _made(scenario: Scenario) -> Tree:
    return {"by": __version__, "hash": scenario_hash(scenario)}


def _differing(base: Tree, other: Tree, where: tuple[str, ...], gone: list[list[str]]) -> Tree:
    """Return what ``other`` says and ``base`` does not: mappings inside, everything else whole."""
    gone += [[*where, key] for key in base if key not in other]
    found: Tree = {}
    for key, value in other.items():
        there = base.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            inner = _differing(there, value, (*where, key), gone)
            if inner:
                found[key] = inner
        # As text: -0.0 and 0.0, 1 and true are equal and not the same scenario.
        elif key not in base or as_json(there) != as_json(value):
            found[key] = value
    return found


def _changed(base: Tree, change: Tree, gone: object) -> Tree:
    """Return ``base`` with the changes of a link: the inverse of ``_differing``."""
    tree = deepcopy(base)
    if not isinstance(gone, list) or not all(isinstance(place, list) and place for place in gone):
        raise SimError(f"{DAMAGED}: 'gone' must be a list of fields; {AGAIN}")
    for *above, last in gone:
        target: Any = tree
        for part in above:
            target = target.get(part) if isinstance(target, dict) and _is_name(part) else None
        if isinstance(target, dict) and _is_name(last):
            target.pop(last, None)  # a base that has changed may lack it already
    return _merged(tree, change)


def _is_name(part: object) -> bool:
    return isinstance(part, str)


def _merged(below: Tree, above: Tree) -> Tree:
    merged = dict(below)
    for key, value in above.items():
        inner = merged.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict)
        merged[key] = _merged(inner, value) if both else value  # type: ignore[arg-type]
    return merged


def _take_unknown(tree: Tree) -> list[str]:
    """Take out of the tree whatever this version does not know; return the fields' paths."""
    places: list[Where] = []
    street, assumptions = tree.get("street"), tree.get("assumptions")
    if EXTENDS in tree:
        places.append((EXTENDS,))
    if isinstance(street, dict) and FROM_GEOJSON in street:
        places.append(("street", FROM_GEOJSON))  # would be read from a file of this machine
    values = assumptions.get("values") if isinstance(assumptions, dict) else None
    if isinstance(values, dict):
        known = {*register(), *generic_names()}
        places += [("assumptions", "values", name) for name in values if name not in known]
    try:
        Scenario.model_validate_json(as_json(tree))
    except ValidationError as error:
        places += [
            fault["loc"]
            for fault in error.errors(include_url=False, include_context=False)
            if fault["type"] == "extra_forbidden"
        ]
    taken = [_name(place) for place in dict.fromkeys(places) if _taken(tree, place)]
    return sorted(taken)


def _taken(tree: Tree, place: Sequence[str | int]) -> bool:
    """Take one field out of a tree; False where it is gone with what held it."""
    target: Any = tree
    for part in place[:-1]:
        try:
            target = target[part]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(target, dict) and target.pop(place[-1], _NOTHING) is not _NOTHING


def _name(place: Sequence[str | int]) -> str:
    return ".".join(short(str(part)) for part in place)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{short(name)}'" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return shown if more <= 0 else f"{shown} and {more} more"
