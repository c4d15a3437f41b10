"""YAML read safely: small, plain, once; each value with the line it stands on.

Numbers are decimal: what YAML 1.1 reads otherwise (``12:30`` as 750, ``010`` as 8) stays text.

Refused before anything is built: files over 256 kB, anchors and aliases (a few hundred bytes of
them expand to gigabytes), tags, duplicate keys, deep nesting, more than one document.

State: none.
"""

import re
import stat
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ScenarioError

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
_NO_SHARING = "anchors (&) and aliases (*) are not allowed; write it out"
_TAGS = ("map", "seq", "str", "int", "float", "bool", "null")

Where = tuple[str | int, ...]


class _SharedError(Exception):
    """An anchor or an alias, at ``event``."""

    def __init__(self, event: yaml.Event) -> None:
        super().__init__(event)
        self.event = event


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that reads truth, none and decimal numbers; the rest stays text.

    Raises ``_SharedError`` at the first anchor or alias, and ``RecursionError`` at the first level
    too many: the time that the parser takes grows with the square of the depth.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next node, once it is known to be plain."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _SharedError(event)
        if self._depth > DEEPEST + 1:
            raise RecursionError
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), list("-+0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"(?:[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
    ),
    list("-+.0123456789"),
)


def read_text(path: Path, *, largest: int = LARGEST_BYTES, kind: str = "a scenario") -> str:
    """Return a file's text, or say why it cannot be read.

    largest : bytes that it may have
    kind    : what it should be, in words
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ScenarioError([f"{path}: is a folder; name a file in it"])
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError([f"{path}: is not a regular file"])
        if status.st_size > largest:
            raise ScenarioError(
                [f"{path}: {status.st_size:,} bytes; {kind} may have {largest:,} at most"]
            )
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise ScenarioError([f"{path}: no such file"]) from None
    except UnicodeDecodeError as error:
        raise ScenarioError(
            [f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"]
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise ScenarioError([f"{path}: cannot be read ({why})"]) from None


def parse(text: str, *, origin: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """Return the tree of a YAML text, and the line of each of its values."""
    faults: list[str] = []
    lines: dict[Where, int] = {}
    try:
        documents = list(yaml.compose_all(text, Loader=_PlainLoader))
    except _SharedError as shared:
        raise ScenarioError([f"{origin}:{_line(shared.event)}: {_NO_SHARING}"]) from None
    except yaml.YAMLError as error:
        raise ScenarioError([f"{origin}{_place(error)}: not YAML: {_problem(error)}"]) from None
    except RecursionError:
        raise ScenarioError([f"{origin}: nested deeper than {DEEPEST} levels"]) from None
    if not documents or documents[0] is None:
        raise ScenarioError([f"{origin}: is empty; see scenarios/high_street.yaml for an example"])
    if len(documents) > 1:
        raise ScenarioError([f"{origin}: holds {len(documents)} documents (---); write one"])
    if not isinstance(documents[0], yaml.MappingNode):
        raise ScenarioError([f"{origin}: must be a mapping of fields (name: value) at the top"])
    tree = _built(documents[0], (), origin, faults, lines)
    if faults:
        raise ScenarioError(faults)
    return tree, lines


def parse_value(text: str) -> Any:
    """Return one YAML value, as ``--set`` gives it; raise ``ValueError`` if it is none."""
    faults: list[str] = []
    if len(text) > LARGEST_BYTES:
        raise ValueError("is too long")
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except _SharedError:
        raise ValueError(_NO_SHARING) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError("is not a YAML value") from error
    if node is None:
        raise ValueError("has no value")
    value = _built(node, (), "--set", faults, {})
    if faults:
        raise ValueError(faults[0].partition(": ")[2])
    return value


def _built(
    node: yaml.Node, where: Where, origin: str, faults: list[str], lines: dict[Where, int]
) -> Any:
    line = _line(node)
    lines[where] = line
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind not in _TAGS:
        faults.append(f"{origin}:{line}: the tag !{kind.lstrip('!')} is not allowed")
        return None
    if len(where) > DEEPEST:
        faults.append(f"{origin}:{line}: nested deeper than {DEEPEST} levels")
        return None
    if isinstance(node, yaml.MappingNode):
        return _built_mapping(node, where, origin, faults, lines)
    if isinstance(node, yaml.SequenceNode):
        return [
            _built(child, (*where, place), origin, faults, lines)
            for place, child in enumerate(node.value)
        ]
    return _built_scalar(node, kind, origin, faults)


def _built_mapping(
    node: yaml.MappingNode,
    where: Where,
    origin: str,
    faults: list[str],
    lines: dict[Where, int],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, child in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(f"{origin}:{line}: a field's name must be plain text")
            continue
        key = key_node.value
        if key in found:
            faults.append(f"{origin}:{line}: the field '{key}' is given twice")
            continue
        found[key] = _built(child, (*where, key), origin, faults, lines)
        lines[*where, key] = line
    return found


def _built_scalar(node: yaml.Node, kind: str, origin: str, faults: list[str]) -> Any:
    loader = _PlainLoader("")
    try:
        return loader.construct_object(node)
    except (yaml.YAMLError, ValueError):
        faults.append(f"{origin}:{_line(node)}: '{node.value}' is not a {kind}")
        return None
    finally:
        loader.dispose()


def _line(marked: yaml.Node | yaml.Event) -> int:
    """Return the line on which a node or event stands, from 1."""
    mark = marked.start_mark
    return mark.line + 1 if mark is not None else 1


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f":{mark.line + 1}" if mark is not None else ""


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return str(problem or "a character that YAML does not allow")
