"""Whatever an address says, a page answers in words: no trace, no path, nothing of this machine."""

import json
import sys
from tempfile import gettempdir

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from sim.scenario.link import share_text
from sim.scenario.link_text import packed
from sim.scenario.load import load_scenario
from sim.ui import state
from sim.ui.main import PAGES
from tests.ui.conftest import ROOT

KEYS = ("s", "b", "entry", "page", "class", "seat", "key", "lesson", "code", "x")
LEAKS = (
    "Traceback",
    'File "',
    "site-packages",
    str(ROOT),
    sys.prefix,
    "/home",
    "/root",
    gettempdir(),
)
SHARED = share_text(load_scenario(ROOT / "scenarios" / "high_street.yaml"))


def open_page(module):
    from importlib import import_module

    import streamlit as st

    from sim.ui import state

    state.begin()
    for note in st.session_state[state.NOTES]:
        st.info(note)
    import_module(module).view()


def mutated(text, places, letters):
    changed = list(text)
    for place, letter in zip(places, letters, strict=False):
        changed[place % len(changed)] = letter
    return "".join(changed)


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
links = st.one_of(
    st.text(max_size=60),
    st.builds(
        mutated,
        st.just(SHARED),
        st.lists(st.integers(0, 10_000), min_size=1, max_size=4),
        st.text(min_size=1, max_size=4),
    ),
    st.integers(0, len(SHARED)).map(lambda end: SHARED[:end]),
    st.builds(
        lambda tree: packed({"by": "0.1.0", "hash": "0" * 16, "whole": tree}),
        trees,
    ),
    st.builds(
        lambda tree: packed({"by": "9.9", "hash": "x", "base": "high_street", "change": tree}),
        trees,
    ),
    st.sampled_from(["../../etc/passwd", "<script>alert(1)</script>", "%00"]),
    st.integers(19_000, 21_000).map(lambda length: "a" * length),
)


@pytest.mark.slow
@pytest.mark.parametrize("module", [view.__module__ for view, _, _ in PAGES])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=st.dictionaries(st.sampled_from(KEYS), links, max_size=3))
@example(asked={"s": SHARED, "b": SHARED[:-3]})
def test_any_address_gets_a_page_or_a_reason(small_places, monkeypatch, module, asked):
    monkeypatch.setattr(state, "places", lambda: small_places)
    page = AppTest.from_function(open_page, default_timeout=120, kwargs={"module": module})
    for key, value in asked.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    shown = json.dumps([str(block.proto) for block in page.main])
    assert [leak for leak in LEAKS if leak in shown] == []
