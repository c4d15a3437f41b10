"""The method pages and the glossary, as they are read inside the page.

State: none.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from sim.scenario.shipped import shipped_page
from sim.ui.glossary import GLOSSARY

METHOD_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "limits.md": "What this model cannot tell you",
        "odd.md": "How the model works, in the form of the ODD protocol",
        "walk.md": "The walk: how people move",
        "anticipation.md": "The walk in dense crowds",
        "arrivals.md": "Who comes, and when",
        "places.md": "The places that ship",
        "looks.md": "Looks: which faces a camera can use",
        "matching.md": "Matching: error rates and lists",
        "response.md": "From alerts to outcomes",
        "results.md": "What is counted",
        "density.md": "What a crowd does",
        "exposure.md": "One person's year",
        "rare-events.md": "Rare events: what so few can show",
        "anchors.md": "What is fitted, and to what",
        "calibration.md": "Calibration",
        "record.md": "Predicting real deployments",
        "validation.md": "Against the record",
        "studies.md": "Studies: many policies on one walk",
        "sensitivity.md": "What moves an outcome",
        "frontier.md": "Which policy, and where it fails",
        "evidence.md": "How evidence is kept",
        "parameters.md": "All numbers, in tables",
        "trace.md": "How far to trust it, in the form of TRACE",
    }
)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)([^)\s]*)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_NAMED = re.compile(r"`([a-z-]+\.md)`")


def page_text(name: str) -> str:
    """Return a method page as text whose links lead to pages here; others are left as words."""
    text = shipped_page(name).read_text(encoding="utf-8")
    text = _PICTURE.sub(r"*(picture: \1)*", text)
    return _NAMED.sub(_link_to, _LINK.sub(_linked, text))


def page_address(name: str) -> str:
    """Return the address of a method page, from any page of this server."""
    return f"evidence?page={name}"


def _linked(match: "re.Match[str]") -> str:
    words_shown, target = match.groups()
    name = target.rpartition("/")[2].partition("#")[0]
    if name in METHOD_PAGES or name == GLOSSARY:
        return f"[{words_shown}]({page_address(name)})"
    return words_shown


def _link_to(match: "re.Match[str]") -> str:
    name = match[1]
    return f"[{METHOD_PAGES[name]}]({page_address(name)})" if name in METHOD_PAGES else match[0]
