"""A scenario in one line of text that fits a web address: written, and read back with a report.

The text is ``FORMAT.PAYLOAD``: the format's number, a full stop, and JSON, compressed by zlib, in
the base64 of URLs. The JSON object says which version of Passerby made it (``by``), the hash of
the scenario (``hash``), and the scenario itself, in the shorter of two ways:

- ``base``, ``base_hash`` and ``change``: the name of a scenario that ships, its hash when the text
  was made, what differs from it, and in ``gone`` the fields that it has and this one has not;
- ``whole``: the scenario with nothing left to defaults.

The seed is always written, since no hash holds it. Whoever opens a text may have been sent it by
a stranger: its size is bounded before and after it is unpacked, it can name no file, and what it
holds passes the same checks as a scenario file.

State: none but the scenarios that ship, read once a process.
"""

import binascii
import json
import re
import zlib
from base64 import b64decode, urlsafe_b64encode
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
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios
from sim.scenario.yaml_safe import Where

FORMAT = 1  # raised when a key changes its meaning, never when one is added
LONGEST_TEXT = 8_192  # characters: what web servers take in one address
LARGEST_JSON = 256_000  # bytes, unpacked: as much as a scenario file may have
LONGEST_SHOWN = 60  # characters of a name from a link that a message repeats
MOST_NAMED = 8  # ignored fields that a warning names one by one

Tree = dict[str, Any]

_KEYS = {"by", "hash", "base", "base_hash", "change", "gone", "whole"}
_ORIGIN = "the link"
_DAMAGED = "the link is damaged"
_AGAIN = "copy it again, whole, from where it was made"
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
                f"This link was made with Passerby {_shown(self.made_with)}; this is "
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
                f"was {_shown(self.made_hash)}{why}."
            )
        return tuple(found)


def share_text(scenario: Scenario, *, shipped: Mapping[str, Scenario] | None = None) -> str:
    """Return the scenario as text for a link: the same scenario gives the same text.

    shipped : scenarios to tell differences from; None: those that ship

    Raises ``SimError`` where the scenario is too large for a link.
    """
    bases = _Bases(shipped)
    named = bases.get(scenario.name)
    near = [scenario.name] if named is not None else bases.names()
    texts = [_packed(_whole(scenario))]
    for name in near:
        base = bases.get(name)
        if base is not None:
            texts.append(_packed(_difference(scenario, base)))
    text = min(texts, key=len)
    if len(text) > LONGEST_TEXT:
        raise SimError(
            f"scenario '{scenario.name}' needs a link of {len(text):,} characters; "
            f"{LONGEST_TEXT:,} is the most that can be opened: send its file instead"
        )
    return text


def scenario_from_share(text: str, *, shipped: Mapping[str, Scenario] | None = None) -> Shared:
    """Return the scenario in a link's text, with what had to be ignored and what has changed.

    Raises ``SimError``, and nothing else, whatever the text is.
    """
    link = _unpacked(text)
    made_with, made_hash = _text_of(link, "by"), _text_of(link, "hash")
    ignored = [str(key) for key in link if key not in _KEYS]
    base_name, base_changed = None, False
    if "whole" in link:
        tree = _mapping_of(link, "whole")
    else:
        base_name = _text_of(link, "base")
        base = _Bases(shipped).get(base_name)
        if base is None:
            raise SimError(
                f"the link changes the shipped scenario '{_shown(base_name)}', which this version "
                f"({__version__}) does not have; the link was made with {_shown(made_with)}"
            )
        base_changed = scenario_hash(base) != _text_of(link, "base_hash")
        tree = _changed(_tree(base), _mapping_of(link, "change"), link.get("gone", []))
    unknown = _take_unknown(tree)
    try:  # first its form alone: what checks the values against each other takes it for granted
        Scenario.model_validate_json(_as_json(tree))
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
        elif key not in base or _as_json(there) != _as_json(value):
            found[key] = value
    return found


def _changed(base: Tree, change: Tree, gone: object) -> Tree:
    """Return ``base`` with the changes of a link: the inverse of ``_differing``."""
    tree = deepcopy(base)
    if not isinstance(gone, list) or not all(isinstance(place, list) and place for place in gone):
        raise SimError(f"{_DAMAGED}: 'gone' must be a list of fields; {_AGAIN}")
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


def _as_json(tree: object) -> str:
    return json.dumps(
        tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _packed(link: Tree) -> str:
    packed = zlib.compress(_as_json(link).encode(), level=9)
    return f"{FORMAT}.{urlsafe_b64encode(packed).decode().rstrip('=')}"


def _unpacked(text: str) -> Tree:
    """Return the JSON object in a link's text, or say what is wrong with the text."""
    if len(text) > LONGEST_TEXT:
        raise SimError(
            f"the link is too long: {len(text):,} characters; {LONGEST_TEXT:,} is the most"
        )
    number, stop, payload = "".join(text.split()).partition(".")  # mail breaks long lines
    if not stop or not re.fullmatch(r"[0-9]{1,6}", number):
        raise SimError(
            f"this is no link of Passerby: it must begin with its format, such as '{FORMAT}.'; "
            f"found '{_shown(text)}'"
        )
    if int(number) != FORMAT:
        raise SimError(
            f"the link is of format {int(number)}; this version ({__version__}) reads format "
            f"{FORMAT}: open it with the version that made it, or a later one"
        )
    content = _inflated(payload)
    try:
        link = json.loads(content.decode(), parse_constant=_no_constant)
        _as_json(link).encode()  # half of a surrogate pair is a text that nothing can print
    except RecursionError:
        raise SimError(f"{_DAMAGED}: nested too deep; {_AGAIN}") from None
    except ValueError:
        raise SimError(f"{_DAMAGED}: it does not hold a scenario; {_AGAIN}") from None
    if not isinstance(link, dict):
        raise SimError(f"{_DAMAGED}: it does not hold a scenario; {_AGAIN}")
    return link


def _inflated(payload: str) -> bytes:
    """Return what the payload unpacks to; never more than ``LARGEST_JSON`` bytes are made."""
    try:
        packed = b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SimError(f"{_DAMAGED}: a character is wrong or missing; {_AGAIN}") from None
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, LARGEST_JSON)
    except zlib.error:
        raise SimError(f"{_DAMAGED}: it cannot be unpacked; {_AGAIN}") from None
    if unpacking.unconsumed_tail:
        raise SimError(
            f"the link unpacks to more than {LARGEST_JSON:,} bytes, the most a scenario may have"
        )
    if not unpacking.eof:
        raise SimError(f"{_DAMAGED}: its end is missing; {_AGAIN}")
    if unpacking.unused_data:
        raise SimError(f"{_DAMAGED}: something follows its end; {_AGAIN}")
    return content


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _text_of(link: Tree, key: str) -> str:
    value = link.get(key)
    if not isinstance(value, str):
        raise SimError(f"{_DAMAGED}: it does not say '{key}'; {_AGAIN}")
    return value


def _mapping_of(link: Tree, key: str) -> Tree:
    value = link.get(key)
    if not isinstance(value, dict):
        raise SimError(f"{_DAMAGED}: it does not say '{key}'; {_AGAIN}")
    return value


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
        Scenario.model_validate_json(_as_json(tree))
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
    return ".".join(_shown(str(part)) for part in place)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{_shown(name)}'" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return shown if more <= 0 else f"{shown} and {more} more"


def _shown(text: str) -> str:
    """Return a text from a link as a message may repeat it: short, on one line, printable."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in text)
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 3] + "..."
