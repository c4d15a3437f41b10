"""Property: each number moved alone over its range, and what that does to the headline."""

from pathlib import Path

import numpy as np
import pytest

from sim.answer.result import simulate
from sim.answer.trace import SCORED, WALKED, _scored_again, as_rows, trace
from sim.errors import SimError
from sim.scenario.load import load_scenario
from sim.scenario.shipped import shipped_path

pytestmark = pytest.mark.whole

SMALL = ["street.footfall.people=300.0", "run.assumption_draws=20", "run.draws=40"]


@pytest.fixture(scope="module")
def result():
    return simulate(load_scenario(shipped_path(Path("oxford_circus_2020")), settings=SMALL))


@pytest.fixture(scope="module")
def table(result):
    return trace(result)


def test_more_listed_people_who_pass_mean_a_smaller_ratio_in_proportion(result, table):
    row = table.set_index("name").loc["matching.listed_per_1000"]
    # True alerts are proportional to the listed people, while all stay far from certain.
    assert row["ratio_at_low"] / row["ratio_at_high"] == pytest.approx(
        row["high"] / row["low"], rel=0.02
    )


def test_every_entry_of_matcher_and_response_with_a_range_is_moved_once(result, table):
    moved = set(table["name"])
    assert len(moved) == len(table)
    assert set(table["how"]) == {SCORED}
    assert "response.review_s" in moved
    assert f"error_model.{result.believed.error_model}.fmr_060" in moved


def test_what_moves_the_ratio_most_stands_first(table):
    swing = np.abs(np.log(table["swing"]))
    assert (np.diff(swing) <= 1e-12).all()


def test_the_ratio_at_the_ends_lies_on_either_side_of_the_headline_or_touches_it(result, table):
    headline = result.spreads["per_true_match"].estimate
    intercept = table.set_index("name").loc["response.pursue_false_intercept"]
    assert intercept["ratio_at_low"] < headline < intercept["ratio_at_high"]


def test_held_at_its_value_an_entry_that_is_not_drawn_leaves_the_headline(result):
    held = _scored_again(result, "response.review_s", result.believed.value("response.review_s"))
    assert held.outcomes()["false_stops_per_true_match"] == pytest.approx(
        result.spreads["per_true_match"].estimate
    )


def test_an_entry_of_the_walk_is_moved_only_when_asked(result, monkeypatch):
    monkeypatch.setattr(
        type(result.believed), "names", lambda _self: ("crowd.phone_share", "response.review_s")
    )
    assert list(trace(result)["name"]) == ["response.review_s"]
    walked = trace(result, walk_again=True).set_index("name")
    assert walked.loc["crowd.phone_share", "how"] == WALKED
    # More people looking down: fewer faces seen, of listed and unlisted alike.
    assert walked.loc["crowd.phone_share", "stops_at_high"] != pytest.approx(
        walked.loc["crowd.phone_share", "stops_at_low"]
    )


def test_rows_for_json_hold_no_number_that_json_has_not(table):
    for row in as_rows(table):
        assert all(value is None or not isinstance(value, float) or np.isfinite(value)
                   for value in row.values())  # fmt: skip


def test_without_anybody_to_find_there_is_nothing_to_trace():
    scenario = load_scenario(
        shipped_path(Path("oxford_circus_2020")), settings=[*SMALL, "policy.watchlist.size=0"]
    )
    with pytest.raises(SimError, match="no true match is expected"):
        trace(simulate(scenario))
