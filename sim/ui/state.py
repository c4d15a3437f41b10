"""What a visitor has chosen: a baseline and an option, kept in the session and in the link.

State: ``st.session_state``, under the names below; nothing is kept between sessions but the link.
"""

import json
import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from sim.errors import SimError
from sim.scenario.identity import canonical_json
from sim.scenario.link import scenario_from_share, share_text
from sim.scenario.schema import Scenario
from sim.scenario.texts import FIRST_PLACE, places, scenario_of

BASE, OPTION, OWNER, NOTES, EDITION = "base", "option", "owner", "notes", "edition"
PAGES = "pages"  # by their addresses, for links between them
LINK = "s"  # of the address: the option
BASE_LINK = "b"  # the baseline, where it is not a shipped scenario


def begin() -> None:
    """Fill the session when it starts: from the link if there is one, else with the first place."""
    if BASE in st.session_state:
        return
    st.session_state[OWNER] = uuid.uuid4().hex
    st.session_state[NOTES] = []
    st.session_state[EDITION] = 0
    own = places()[FIRST_PLACE][1]
    st.session_state[BASE] = st.session_state[OPTION] = own
    for parameter, name in ((BASE_LINK, BASE), (LINK, OPTION)):
        text = st.query_params.get(parameter)
        if text:
            _read_link(text, name)
    if LINK in st.query_params and BASE_LINK not in st.query_params:
        option = json.loads(st.session_state[OPTION])
        shipped = places().get(option["name"])
        st.session_state[BASE] = shipped[1] if shipped else st.session_state[OPTION]


def _read_link(text: str, name: str) -> None:
    try:
        shared = scenario_from_share(text)
    except SimError as error:
        st.session_state[NOTES].append(f"The link could not be read: {error} The page starts anew.")
        return
    st.session_state[name] = canonical_json(shared.scenario)
    st.session_state[NOTES] += list(shared.warnings)


def base() -> Scenario:
    """Return the visitor's baseline."""
    return scenario_of(st.session_state[BASE])


def option() -> Scenario:
    """Return the visitor's option."""
    return scenario_of(st.session_state[OPTION])


def texts() -> tuple[str, str]:
    """Return baseline and option as canonical JSON, the keys of the caches."""
    return st.session_state[BASE], st.session_state[OPTION]


def choose_place(name: str) -> None:
    """Begin with another place: baseline and option alike."""
    own = places()[name][1]
    st.session_state[BASE] = st.session_state[OPTION] = own
    st.session_state[EDITION] += 1
    _write_link()


def change(tree: dict[str, Any]) -> None:
    """Make a changed tree the option; raises ScenarioError, and then nothing has changed."""
    scenario = scenario_of(json.dumps(tree, sort_keys=True, ensure_ascii=False))
    st.session_state[OPTION] = canonical_json(scenario)
    _write_link()


def set_option(scenario: Scenario) -> None:
    """Make a scenario the option, as when a policy of the frontier is chosen."""
    st.session_state[OPTION] = canonical_json(scenario)
    st.session_state[EDITION] += 1
    _write_link()


def reset() -> None:
    """Make the option the baseline again."""
    st.session_state[OPTION] = st.session_state[BASE]
    st.session_state[EDITION] += 1
    _write_link()


def keep_as_baseline() -> None:
    """Make the option the baseline."""
    st.session_state[BASE] = st.session_state[OPTION]
    st.session_state[EDITION] += 1
    _write_link()


def keep_link() -> None:
    """Put the link back into the address, which another page has emptied."""
    if LINK not in st.query_params and st.session_state[OPTION] != places()[FIRST_PLACE][1]:
        _write_link()


def owner() -> str:
    """Return a random name for this session's jobs; it says nothing about the visitor."""
    return str(st.session_state[OWNER])


def link_address() -> str:
    """Return the address that opens the option, with its baseline where it needs one.

    Raises ``SimError`` where the option is too large for a link.
    """
    own = urlsplit(st.context.url or "")
    return urlunsplit((own.scheme, own.netloc, "/", urlencode(_link()), ""))


def is_local() -> bool:
    """Whether the page was opened by an address that means this machine alone."""
    return urlsplit(st.context.url or "").hostname in {"localhost", "127.0.0.1", "::1"}


def _link() -> dict[str, str]:
    """Return what the address of the first page holds of the visitor's choices."""
    own = base()
    shipped = places().get(own.name)
    is_shipped = shipped is not None and shipped[1] == st.session_state[BASE]
    found = {LINK: share_text(option())}
    return found if is_shipped else found | {BASE_LINK: share_text(own)}


def _write_link() -> None:
    found = _link()
    st.query_params[LINK] = found[LINK]
    if BASE_LINK in found:
        st.query_params[BASE_LINK] = found[BASE_LINK]
    else:
        st.query_params.pop(BASE_LINK, None)
