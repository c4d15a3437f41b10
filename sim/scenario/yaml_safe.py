"""YAML read safely: small, plain, once; each value with the line it stands on.

Refused before anything is built: files over 256 kB, anchors and aliases (a few hundred bytes of
them expand to gigabytes), tags, duplicate keys, deep nesting, more than one document.

State: none.
"""

from pathlib import Path
from typing import Any

import yaml

from sim.errors import ScenarioError

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
_TAGS = ("map", "seq", "str", "int", "float", "bool", "null")

Where = tuple[str | int, ...]


class _PlainLoader(yaml.SafeLoader):
    """A safe loader that leaves dates and clock times as text."""


# YAML 1.1 reads 2020-02-27 as a date and 12:30 as 750: here they stay what was written.
_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_text(path: Path) -> str:
    """Return a scenario file's text, or say why it cannot be read."""
    if path.is_dir():
        raise ScenarioError([f"{path}: is a folder; name a scenario file in it"])
    if not path.exists():
        raise ScenarioError([f"{path}: no such file"])
    if not path.is_file():
        raise ScenarioError([f"{path}: is not a regular file"])
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise ScenarioError(
            [f"{path}: {size:,} bytes; a scenario may have {LARGEST_BYTES:,} at most"]
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(
            [f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"]
        ) from None
    except OSError as error:
        raise ScenarioError([f"{path}: cannot be read ({error.strerror})"]) from None


def parse(text: str, *, origin: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """Return the tree of a YAML text, and the line of each of its values."""
    faults: list[str] = []
    lines: dict[Where, int] = {}
    try:
        for event in yaml.parse(text, Loader=_PlainLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = _line(event)
                raise ScenarioError(
                    [f"{origin}:{line}: anchors (&) and aliases (*) are not allowed; write it out"]
                )
        documents = list(yaml.compose_all(text, Loader=_PlainLoader))
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
