"""The method pages as they are read inside the page: their titles, and links between them.

State: none.
"""

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from sim.scenario.shipped import shipped_page
from sim.ui.glossary import GLOSSARY

METHOD_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "limits.md": "What this model cannot tell you",
        GLOSSARY: "Glossary: what the words mean",
        "odd.md": "How the model works, in the form of the ODD protocol",
        "walk.md": "The walk",
        "anticipation.md": "The walk: people who see where they will meet",
        "arrivals.md": "Who comes, and when",
        "places.md": "The places that ship",
        "looks.md": "Looks: what a camera sees of a crowd",
        "matching.md": "Matching: error rates and lists",
        "anchors.md": "Matching: what is fitted, and to what",
        "response.md": "From alerts to outcomes",
        "results.md": "What is counted",
        "density.md": "Density: what a crowd does",
        "rare-events.md": "Rare events: what so few can show",
        "exposure.md": "One person's year",
        "studies.md": "Studies: many policies on one walk",
        "frontier.md": "Frontier: which policy, and where it fails",
        "sensitivity.md": "Sensitivity: what moves an outcome",
        "calibration.md": "Calibration",
        "record.md": "Predicting real deployments",
        "validation.md": "Against the record",
        "trace.md": "How far to trust it, in the form of TRACE",
        "evidence.md": "How numbers are kept, and where accounts disagree",
        "parameters.md": "All parameters and all disputed figures",
    }
)
_PAGE_LINK = re.compile(r"\]\((?:\.\./model/|\.\./)?([a-z-]+\.md)(?:#[^)]*)?\)")
_PAGE_CODE = re.compile(r"(?<![\[\w])`(?:docs/model/|docs/)?([a-z-]+\.md)`(?!\])")
_PAGE_NAME = re.compile(r"(?<![\w/])(?:docs/model/|docs/)([a-z-]+\.md)")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|evidence\?)[^)]*\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")


def with_pages(text: str) -> str:
    """Return a text as HTML, method pages that it names as links."""
    return _PAGE_NAME.sub(
        lambda found: (
            f'<a href="evidence?page={found[1]}">{escape(METHOD_PAGES[found[1]])}</a>'
            if found[1] in METHOD_PAGES
            else found[0]
        ),
        escape(text),
    )


def page_text(name: str) -> str:
    """Return a method page as text.

    Links to other method pages stay inside the page; those to files that are not here lead nowhere.
    """
    text = shipped_page(name).read_text(encoding="utf-8")
    text = _PICTURE.sub(r"*(picture: \1)*", text)
    text = _PAGE_LINK.sub(_inside, text)
    text = _PAGE_CODE.sub(_named, text)
    return _LINK.sub(r"\1", text)


def _inside(found: re.Match[str]) -> str:
    return f"](evidence?page={found[1]})" if found[1] in METHOD_PAGES else found[0]


def _named(found: re.Match[str]) -> str:
    page = found[1]
    return f"[{METHOD_PAGES[page]}](evidence?page={page})" if page in METHOD_PAGES else found[0]
