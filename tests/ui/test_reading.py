"""Every page as it opens is read at the age of fourteen."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from sim.ui.main import PAGES
from tests.reading import grade

pytestmark = pytest.mark.whole

OPENED = """
from sim.ui import state
from sim.ui.views import {name}

state.begin()
{name}.view()
"""
SAID = re.compile(r'class="p-(?:note|sentence|headline)')


@pytest.mark.parametrize("name", [path for *_, path in PAGES])
def test_a_page_is_read_at_the_age_of_fourteen(small_place, name):
    visit = AppTest.from_string(OPENED.format(name=name), default_timeout=60).run()
    assert not visit.exception
    bodies = [block.proto.body for block in visit.get("html")]
    said = [
        re.sub(r"<[^>]+>", " ", body)
        for body in bodies
        if SAID.search(body) and "<svg" not in body and "hash" not in body
    ]
    said += [re.sub(r"\]\([^)]*\)", "]", block.value) for block in visit.markdown]
    text = ". ".join(said)
    assert len(text.split()) >= 20  # something was said
    assert grade(text) <= 9, (grade(text), text)
