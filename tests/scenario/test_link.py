"""A link carries a whole scenario; whatever comes in is read safely, with a report."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import __version__
from sim.errors import SimError
from sim.scenario.identity import canonical_json, scenario_hash
from sim.scenario.link import scenario_from_share, share_text
from sim.scenario.link_text import FORMAT, LARGEST_JSON, LONGEST_TEXT
from sim.scenario.load import load_scenario, scenario_from_mapping
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped_scenarios
from tests.properties import examples

SHIPPED = {path.stem: load_scenario(path) for path in shipped_scenarios()}
LONGEST_LEVER_LINK = 2_000  # characters: what every browser, mail and chat program keeps whole
OLD_LINKS = json.loads((Path(__file__).parent / "links.json").read_text(encoding="utf-8"))

names = st.sampled_from(sorted(SHIPPED))


def packed(link: object, *, number: object = FORMAT) -> str:
    content = link if isinstance(link, bytes) else json.dumps(link).encode()
    text = base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")
    return f"{number}.{text}"


def unpacked(text: str) -> dict:
    payload = text.partition(".")[2]
    return json.loads(
        zlib.decompress(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    )


def whole(scenario: Scenario) -> dict:
    return {
        "by": __version__,
        "hash": scenario_hash(scenario),
        "whole": json.loads(canonical_json(scenario)),
    }


levers = st.fixed_dictionaries(
    {},
    optional={
        ("policy", "threshold"): st.floats(0, 1),
        ("policy", "watchlist", "size"): st.integers(0, 100_000_000),
        ("policy", "operators"): st.integers(0, 200),
        ("policy", "officers"): st.integers(0, 500),
        ("policy", "signs"): st.booleans(),
        ("street", "crowd", "sex"): st.floats(0, 1).map(lambda s: {"female": s, "male": 1 - s}),
        ("street", "footfall", "people"): st.floats(0, 1e6),
        ("assumptions", "demographic_preset"): st.sampled_from(["flat", "mugshot-2020"]),
        ("assumptions", "values"): st.floats(0.2, 2.2).map(
            lambda value: {"matching.listed_per_1000": {"value": value, "why": "a test – ≥"}}
        ),
        ("run", "seed"): st.integers(0, 2**63 - 1),
        ("recorded",): st.none(),
        ("name",): st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z"),
        ("title",): st.text(st.characters(codec="utf-8"), min_size=3, max_size=120),
    },
)


@st.composite
def changed_scenarios(draw) -> Scenario:
    """A shipped scenario with levers pulled anywhere in their range."""
    tree = json.loads(canonical_json(SHIPPED[draw(names)]))
    for (*above, last), value in draw(levers).items():
        section = tree
        for part in above:
            section = section[part]
        section[last] = value
    for camera in tree["policy"]["cameras"]:
        camera["height_m"] = draw(st.sampled_from([camera["height_m"], 2.5, 4.75]))
    return scenario_from_mapping(tree)


@given(changed_scenarios())
@settings(max_examples=examples(60))
def test_a_link_brings_back_the_scenario_that_was_shared(scenario):  # property
    shared = scenario_from_share(share_text(scenario))
    assert canonical_json(shared.scenario) == canonical_json(scenario)
    assert shared.is_same
    assert shared.warnings == ()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_levers_on_a_shipped_scenario_fit_a_short_link(name):
    base = SHIPPED[name]
    policy = base.policy.model_copy(
        update={
            "threshold": 0.613,
            "operators": 7,
            "officers": 11,
            "signs": not base.policy.signs,
            "watchlist": base.policy.watchlist.model_copy(
                update={"size": 123_456, "photo_age_years": 3.5}
            ),
        }
    )
    option = base.model_copy(update={"policy": policy})
    text = share_text(option)
    assert len(text) < LONGEST_LEVER_LINK
    assert unpacked(text)["base"] == name
    assert len(packed(whole(base))) < LONGEST_LEVER_LINK  # and so does one with no base at all


def test_the_same_scenario_gives_the_same_text():
    assert share_text(SHIPPED["carnival"]) == share_text(
        Scenario.model_validate_json(canonical_json(SHIPPED["carnival"]))
    )


def test_a_link_has_no_sign_that_an_address_would_escape():
    for scenario in SHIPPED.values():
        text = share_text(scenario)
        assert all(sign.isascii() and (sign.isalnum() or sign in "-_.") for sign in text)


def test_a_scenario_without_a_base_travels_whole():
    scenario = SHIPPED["high_street"]
    text = share_text(scenario, shipped={})
    assert "whole" in unpacked(text)
    assert scenario_from_share(text, shipped={}).scenario == scenario


def test_a_field_that_the_base_has_and_the_scenario_has_not_stays_away():
    tree = json.loads(canonical_json(SHIPPED["oxford_circus_2020"]))
    assert tree["assumptions"]["values"]
    tree["assumptions"]["values"] = {}
    scenario = scenario_from_mapping(tree)
    shared = scenario_from_share(share_text(scenario))
    assert shared.base == "oxford_circus_2020"
    assert shared.scenario == scenario


def test_the_sign_of_a_zero_survives():
    tree = json.loads(canonical_json(SHIPPED["high_street"]))
    tree["policy"]["cameras"][0]["position_m"] = [40.0, 4.0]
    tree["street"]["walkable_m"][0] = [-0.0, 0.0]
    scenario = scenario_from_mapping(tree)
    shared = scenario_from_share(share_text(scenario))
    assert canonical_json(shared.scenario) == canonical_json(scenario)


@given(st.text(max_size=300))
def test_any_text_is_a_scenario_or_a_fault_in_words(text):  # property
    _is_shared_or_a_fault(text)


@given(st.binary(max_size=300))
def test_any_content_is_a_scenario_or_a_fault_in_words(content):  # property
    _is_shared_or_a_fault(packed(content))


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["street", "policy", "cameras", "values", "assumptions", "", "run", "seed"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(
    st.dictionaries(
        st.sampled_from(["by", "hash", "base", "base_hash", "change", "gone", "whole", "x"]),
        trees | st.just("high_street"),
    )
)
@settings(max_examples=examples(200))
def test_any_object_is_a_scenario_or_a_fault_in_words(link):  # property
    _is_shared_or_a_fault(packed(link))


@given(trees, trees, st.lists(st.lists(trees, max_size=3), max_size=3))
@settings(max_examples=examples(200))
def test_any_change_of_a_base_is_a_scenario_or_a_fault_in_words(street, values, gone):  # property
    change = {"street": street, "assumptions": {"values": values}}
    link = {"by": "0", "hash": "0", "base": "high_street", "base_hash": "0", "change": change}
    _is_shared_or_a_fault(packed(link | {"gone": gone}))


def _is_shared_or_a_fault(text: str) -> None:
    try:
        words = scenario_from_share(text).warnings
    except SimError as fault:
        words = (str(fault),)
    assert all(line.strip() for line in words)
    "\n".join(words).encode()  # can be printed: raises on half of a surrogate pair


@given(st.integers(0, 200), st.sampled_from("aZ0-_.%"))
def test_a_changed_character_is_a_fault_or_changes_nothing(place, sign):  # property
    text = share_text(SHIPPED["high_street"])
    place %= len(text)
    broken = text[:place] + sign + text[place + 1 :]
    try:
        shared = scenario_from_share(broken)
    except SimError:
        return
    assert shared.scenario == SHIPPED["high_street"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this is no link of Passerby"),
        ("hello", "must begin with its format, such as '1.'; found 'hello'"),
        ("1.@@@", "a character is wrong or missing"),
        ("1.eNot", "its end is missing"),
        ("1.AAAA", "cannot be unpacked"),
        ("2.eNot", "the link is of format 2; this version"),
        ("1." + "A" * LONGEST_TEXT, "the link is too long: 8,194 characters; 8,192 is the most"),
        (packed(b"[]"), "does not hold a scenario"),
        (packed(b'{"by": NaN}'), "does not hold a scenario"),
        (packed(b'{"by": "\\ud800"}'), "does not hold a scenario"),
        (packed(b"[" * 100_000), "nested too deep"),
        (packed(b'{"by": ' + b"[" * 400 + b"]" * 400 + b"}"), "does not say 'by'"),
        (packed(b'{"by": ' + b"[" * 900 + b"]" * 900 + b"}"), "the link is damaged"),
        (packed(b"9" * 5_000), "does not hold a scenario"),
        (packed({}), "does not say 'by'"),
        (packed({"by": "1", "hash": "1", "whole": []}), "does not say 'whole'"),
        (
            packed({"by": "9.9", "hash": "1", "base": "../secret", "change": {}}),
            "changes the shipped scenario '../secret', which this version",
        ),
        (
            packed(
                {
                    "by": "1",
                    "hash": "1",
                    "base": "high_street",
                    "base_hash": "1",
                    "change": {},
                    "gone": 3,
                }
            ),
            "'gone' must be a list of fields",
        ),
    ],
)
def test_a_bad_link_says_what_is_wrong(text, words):
    with pytest.raises(SimError) as caught:
        scenario_from_share(text)
    assert words in str(caught.value)


def test_a_link_cut_anywhere_is_a_fault():
    text = share_text(SHIPPED["carnival"])
    for length in range(len(text)):
        with pytest.raises(SimError):
            scenario_from_share(text[:length])


def test_a_bomb_is_not_unpacked():
    text = packed(b" " * (LARGEST_JSON + 1))
    assert len(text) < LONGEST_TEXT
    with pytest.raises(SimError, match="unpacks to more than 256,000 bytes"):
        scenario_from_share(text)


def test_a_short_link_cannot_ask_for_much_work():
    link = whole(SHIPPED["high_street"])
    link["whole"]["street"]["holes_m"] = [[[1.0, 1.0], [1.1, 1.0], [1.0, 1.1]]] * 5_000
    text = packed(link)
    assert len(text) < LONGEST_TEXT
    with pytest.raises(SimError, match="holds a list of 5,000 entries; 1,000 is the most"):
        scenario_from_share(text)


def test_line_breaks_of_a_mail_do_no_harm():
    text = share_text(SHIPPED["carnival"])
    broken = "\r\n".join(text[place : place + 70] for place in range(0, len(text), 70))
    assert scenario_from_share(f" {broken}\n").scenario == SHIPPED["carnival"]
    hidden = "\u200b".join(text[:200]) + "\u00ad\ufeff" + text[200:]
    assert scenario_from_share(hidden).scenario == SHIPPED["carnival"]


def test_unknown_fields_are_named_and_all_else_applies():
    link = unpacked(share_text(SHIPPED["high_street"]))
    link["change"] |= {"policy": {"threshold": 0.6, "drones": 3}, "weather": "rain"}
    link["change"]["assumptions"] = {"values": {"matching.magic": {"value": 1.0, "why": "later"}}}
    link["colour"] = "blue"
    shared = scenario_from_share(packed(link))
    assert shared.scenario.policy.threshold == 0.6
    assert shared.ignored == (
        "colour",
        "assumptions.values.matching.magic",
        "policy.drones",
        "weather",
    )
    assert any("'policy.drones'" in line and "ignored" in line for line in shared.warnings)


def test_a_link_can_name_no_file_of_this_machine(tmp_path):
    (tmp_path / "place.geojson").write_text("{}")
    link = whole(SHIPPED["high_street"])
    link["whole"]["street"]["from_geojson"] = str(tmp_path / "place.geojson")
    link["whole"]["extends"] = "high_street.yaml"
    shared = scenario_from_share(packed(link))
    assert shared.scenario == SHIPPED["high_street"]
    assert shared.ignored == ("extends", "street.from_geojson")


def test_a_value_out_of_range_is_a_fault_with_its_field():
    link = unpacked(share_text(SHIPPED["high_street"]))
    link["change"]["policy"] = {"threshold": 2.0}
    with pytest.raises(SimError, match=r"the link: policy\.threshold: must be at most 1; found 2"):
        scenario_from_share(packed(link))


def test_another_version_is_said():
    link = unpacked(share_text(SHIPPED["high_street"])) | {"by": "0.0.9"}
    shared = scenario_from_share(packed(link))
    assert shared.model_changed
    assert shared.is_same
    assert shared.warnings == (
        f"This link was made with Passerby 0.0.9; this is {__version__}. The same question may "
        "now have another answer.",
    )


def test_a_base_that_has_changed_since_is_said_with_both_hashes():
    base = SHIPPED["high_street"]
    option = base.model_copy(update={"policy": base.policy.model_copy(update={"officers": 3})})
    text = share_text(option)
    later = base.model_copy(update={"policy": base.policy.model_copy(update={"hours": 2.0})})
    shared = scenario_from_share(text, shipped={"high_street": later})
    assert shared.base_changed
    assert not shared.is_same
    assert shared.scenario.policy.officers == 3
    assert shared.scenario.policy.hours == 2.0
    assert shared.made_hash == scenario_hash(option)
    words = " ".join(shared.warnings)
    assert "'high_street' has changed since" in words
    assert scenario_hash(option) in words
    assert scenario_hash(shared.scenario) in words


def test_a_later_seed_of_the_base_does_not_reach_an_old_link():
    base = SHIPPED["high_street"]
    later = base.model_copy(update={"run": base.run.model_copy(update={"seed": 99})})
    shared = scenario_from_share(share_text(base), shipped={"high_street": later})
    assert shared.scenario.run.seed == base.run.seed


def test_a_link_changed_by_hand_says_so():
    link = unpacked(share_text(SHIPPED["high_street"]))
    link["change"]["policy"] = {"officers": 3}
    assert "changed the link by hand" in scenario_from_share(packed(link)).warnings[0]


def test_the_title_of_a_stranger_stands_on_one_line_of_a_message():
    link = whole(SHIPPED["high_street"])
    link["whole"]["evil\n\x1b[31m" + "x" * 200] = 1
    (words,) = [line for line in scenario_from_share(packed(link)).warnings if "ignored" in line]
    assert "\n" not in words
    assert "\x1b" not in words
    assert len(words) < 200


@pytest.mark.parametrize("old", OLD_LINKS, ids=lambda old: old["made"])
def test_links_of_earlier_versions_still_open(old):  # regression
    shipped = {name: scenario_from_mapping(tree) for name, tree in old.get("shipped", {}).items()}
    shared = scenario_from_share(old["text"], shipped=shipped or None)
    tree = json.loads(canonical_json(shared.scenario))
    assert tree["name"] == old["name"]
    assert tree["policy"]["threshold"] == old["threshold"]
    assert tree["policy"]["watchlist"]["size"] == old["list_size"]
    assert tree["run"]["seed"] == old["seed"]
    assert shared.ignored == tuple(old["ignored"])


def test_a_link_that_could_not_be_opened_is_not_made():
    tree = json.loads(canonical_json(SHIPPED["high_street"]))
    tree["policy"]["officer_posts_m"] = [[40.0, 4.0]] * 1_001
    with pytest.raises(SimError, match="has a list of 1,001 entries; a link may have 1,000"):
        share_text(scenario_from_mapping(tree))


def test_a_scenario_too_large_for_a_link_says_to_send_its_file():
    tree = json.loads(canonical_json(SHIPPED["high_street"]))
    noise = np.random.default_rng(1).integers(33, 0x2FFF, 6_000)  # packs badly
    tree["purpose"] = "".join(chr(code) for code in noise)
    with pytest.raises(SimError, match=r"8,192 is the most that can be opened: send its file"):
        share_text(scenario_from_mapping(tree))


def test_the_code_in_the_howto_runs(capsys):
    text = (Path(__file__).parents[2] / "docs/howto/print-a-page.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    exec(compile(code, "print-a-page.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == f"{SHIPPED['high_street'].title}\n"
