"""Many policies scored on one walk against the ways that look at every person and every alert."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim import columns as col
from sim.answer import point_scores as scoring
from sim.answer.cells import MOST_CELLS_OF_ONE_PERSON, cells_of
from sim.answer.outcomes import GROUP_OUTCOMES, OUTCOMES
from sim.answer.point_scores import score_points
from sim.answer.policy_draws import policy_draws
from sim.answer.result import simulate
from sim.answer.walked_street import WalkedStreet
from sim.groups import GROUP_COUNT, GROUPS
from sim.model.matching import matching_parameters, score
from sim.model.passages import Passages, Trail
from sim.scenario.beliefs import beliefs

pytestmark = pytest.mark.whole

POINT = pd.DataFrame({col.POINT: [0]})


def outcomes_of(passages, scenario, believed):
    """Return the outcomes under one set of beliefs."""
    return policy_draws(WalkedStreet(scenario, passages), scenario, [believed]).mean.outcomes()


def crowd(rng, people, cameras):
    """Return passages of made-up people: lognormal exposures, a third unseen by each camera."""
    exposure = rng.lognormal(1.5, 0.8, (people, cameras)) * (rng.random((people, cameras)) > 0.33)
    seen = exposure > 0
    group = rng.integers(0, GROUP_COUNT, people)
    arrived = np.sort(rng.uniform(0, 3600, people))
    table = pd.DataFrame(
        {
            col.GROUP: group,
            col.ARRIVED: arrived,
            col.LEFT: arrived + 40.0,
            col.TURNED_AWAY: np.zeros(people, dtype=bool),
        }
    )
    stay = np.arange(people + 1) * 40
    xy = np.tile(np.column_stack([np.arange(40.0), np.zeros(40)]), (people, 1))
    return Passages(
        people=table,
        exposure_s=exposure,
        best_look_s=np.where(seen, arrived[:, None] + 10.0, np.nan),
        crowding_per_m2=np.where(seen, 0.3, np.nan),
        trail=Trail(stay, arrived, xy.astype(np.float32)),
        cameras=tuple(f"camera {k}" for k in range(cameras)),
    )


@pytest.fixture(scope="module")
def base(quiet_street):
    return quiet_street()


@pytest.mark.parametrize("cameras", [1, 2, 3])
@pytest.mark.parametrize("threshold", [0.52, 0.60, 0.66])
def test_cells_sum_to_what_everybody_sums_to(base, cameras, threshold):  # theory
    # Curvature within a cell, beyond second order, is all that differs; cameras that see people
    # independently of each other, as here, are the worst case.
    passages = crowd(np.random.default_rng(cameras), 30_000, cameras)
    asked = base.model_copy(
        update={"policy": base.policy.model_copy(update={"threshold": threshold})}
    )
    for changed in ({}, {"matching.repeat_frame": 0.2, "matching.genuine_frame_weight": 0.6}):
        believed = beliefs(asked).replaced(changed)
        exact = score(passages, matching_parameters(asked, believed))
        found = outcomes_of(passages, asked, believed)
        assert found[col.FALSE_ALERTS] == pytest.approx(exact.false_alerts.sum(), rel=1e-3)
        assert found[col.TRUE_ALERTS] == pytest.approx(exact.true_alerts.sum(), rel=1e-3)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.3, 0.45])
def test_where_every_face_is_taken_for_somebody_all_alert(base, threshold):
    """So many false matches that their count has no end: chances of one, never no number."""
    passages = crowd(np.random.default_rng(6), 3_000, 2)
    asked = base.model_copy(
        update={"policy": base.policy.model_copy(update={"threshold": threshold})}
    )
    exact = score(passages, matching_parameters(asked, beliefs(asked)))
    found = outcomes_of(passages, asked, beliefs(asked))
    assert found[col.FALSE_ALERTS] == pytest.approx(exact.false_alerts.sum(), rel=1e-3)
    assert np.isfinite(found[col.MISTAKEN_STOPS])


def test_in_a_small_crowd_everybody_is_a_cell(base):
    passages = crowd(np.random.default_rng(7), MOST_CELLS_OF_ONE_PERSON, 2)
    asked = beliefs(base)
    exact = score(passages, matching_parameters(base, asked))
    found = outcomes_of(passages, base, asked)
    assert set(found) == set(OUTCOMES)
    assert found[col.FALSE_ALERTS] == pytest.approx(exact.false_alerts.sum(), rel=1e-12)
    assert found[col.TRUE_ALERTS] == pytest.approx(exact.true_alerts.sum(), rel=1e-12)


def test_cells_hold_everybody_who_was_seen_once(base):
    passages = crowd(np.random.default_rng(8), 9_000, 2)
    cells = cells_of(passages)
    assert sorted(cells.members) == np.flatnonzero(passages.usable).tolist()
    assert cells.people.sum() == passages.usable.sum()
    group = passages.people[col.GROUP].to_numpy()
    seen = passages.exposure_s > 0
    for cell in range(len(cells.group)):
        members = cells.members[cells.start[cell] : cells.start[cell + 1]]
        assert set(group[members]) == {cells.group[cell]}
        assert (seen[members] == seen[members[0]]).all()


def test_a_point_has_what_a_run_of_it_estimates(small, quiet_street):
    strict = simulate(quiet_street("policy.threshold=0.62"), passages=small.passages)
    names = [*OUTCOMES, *GROUP_OUTCOMES]
    points = pd.DataFrame({"policy.threshold": [0.62]})
    row = score_points(quiet_street(), small.passages, points, outcomes=names).iloc[0]
    assert row[list(OUTCOMES)].to_dict() == strict.expected.outcomes()
    of_women = strict.by("sex").set_index("sex").loc["female"]
    for name in (col.FACES_USABLE, col.FALSE_ALERTS, col.MISTAKEN_STOPS, col.PER_TRUE_MATCH):
        assert row[f"{name}.sex.female"] == pytest.approx(of_women[name]), name


def test_busy_staff_miss_what_free_staff_would_meet(busy_street):
    asked = busy_street("street.footfall.people=1500.0")
    passages = simulate(asked).passages
    points = pd.DataFrame({"policy.officers": [1, 2, 20], "policy.operators": 3})
    table = score_points(asked, passages, points)
    assert table[col.CORRECT_STOPS].is_monotonic_increasing
    assert table[col.CORRECT_STOPS].iloc[0] < 0.7 * table[col.CORRECT_STOPS].iloc[2]
    assert (table[col.TRUE_ALERTS] == table[col.TRUE_ALERTS].iloc[0]).all()


def test_a_point_does_not_depend_on_its_neighbours(small, quiet_street):
    points = pd.DataFrame(
        {
            "policy.threshold": np.linspace(0.55, 0.66, 12),
            "policy.watchlist.size": [1000, 20000] * 6,
            "policy.officers": [1, 2, 3] * 4,
            "matching.listed_per_1000": np.linspace(0.3, 3.0, 12),
        }
    )
    whole = score_points(quiet_street(), small.passages, points)
    alone = score_points(quiet_street(), small.passages, points.iloc[[7]])
    pd.testing.assert_frame_equal(whole.iloc[[7]], alone, check_exact=True)
    shuffled = score_points(quiet_street(), small.passages, points.iloc[::-1])
    pd.testing.assert_frame_equal(whole, shuffled.iloc[::-1], check_exact=True)


def test_a_column_changes_what_a_setting_changes(small, quiet_street):
    changed = {
        "policy.threshold": 0.58,
        "policy.watchlist.size": 5000,
        "policy.watchlist.photo_age_years": 8.0,
        "assumptions.error_model": "npl-2023",
        "assumptions.demographic_preset": "mugshot-2020",
    }
    set_so = quiet_street(*(f"{name}={value}" for name, value in changed.items()))
    by_columns = score_points(quiet_street(), small.passages, pd.DataFrame(changed, index=[0]))
    by_settings = score_points(set_so, small.passages, POINT)
    pd.testing.assert_frame_equal(by_columns, by_settings, check_exact=True)


def test_an_entry_of_the_register_is_believed(small, quiet_street):
    points = pd.DataFrame({"matching.listed_per_1000": [1.0, 2.0]})
    table = score_points(quiet_street(), small.passages, points)
    assert table[col.TRUE_ALERTS].iloc[1] == pytest.approx(2 * table[col.TRUE_ALERTS].iloc[0])


def test_options_stand_for_their_values(small, quiet_street):
    scenario = quiet_street()
    women = scenario.policy.watchlist.composition.model_copy(
        update={"sex": {"female": 1.0, "male": 0.0}, "joint": ()}
    )
    field = "policy.watchlist.composition"
    table = score_points(
        scenario,
        small.passages,
        pd.DataFrame({field: ["as it is", "women"]}),
        options={field: {"as it is": scenario.policy.watchlist.composition, "women": women}},
    )
    assert table[col.TRUE_ALERTS].gt(0).all()
    assert table[col.DISPARITY_SEX].nunique() == 2


def test_a_list_of_nobody_alerts_nobody(small, quiet_street):
    row = score_points(
        quiet_street(), small.passages, pd.DataFrame({"policy.watchlist.size": [0]})
    ).iloc[0]
    assert row[col.FALSE_ALERTS] == row[col.TRUE_ALERTS] == row[col.MISTAKEN_STOPS] == 0
    assert np.isnan(row[col.PER_TRUE_MATCH])
    assert row[col.NO_TRUE_MATCH] == 1


def test_without_staff_nobody_is_stopped_and_alerts_remain(small, quiet_street):
    points = pd.DataFrame({"policy.operators": [0, 2, 0], "policy.officers": [3, 0, 0]})
    table = score_points(quiet_street(), small.passages, points)
    assert (table[col.MISTAKEN_STOPS] == 0).all()
    assert (table[col.CORRECT_STOPS] == 0).all()
    assert (table[col.MISSED_TRUE_ALERTS] == table[col.TRUE_ALERTS]).all()
    assert (table[col.FALSE_ALERTS] > 0).all()


def test_without_cameras_there_is_nothing_to_score(quiet_street):
    asked = quiet_street("policy.cameras=[]")
    row = score_points(asked, simulate(asked).passages, POINT).iloc[0]
    assert row[col.FACES_USABLE] == row[col.FALSE_ALERTS] == row[col.OFFICER_HOURS_ON_ALERTS] == 0
    assert np.isnan(row[col.DISPARITY])
    assert row[col.PEOPLE] > 0


def test_disparity_is_the_largest_chance_a_face_over_the_smallest(base):
    passages = crowd(np.random.default_rng(9), 1_000, 1)
    asked, believed = base, beliefs(base)
    found = outcomes_of(passages, asked, believed)
    exact = score(passages, matching_parameters(asked, believed))
    group = passages.people[col.GROUP].to_numpy()
    women = np.array([GROUPS[place][0] == "female" for place in group])
    faces = passages.usable
    # Everybody walks alike here, so a stop is nearly the same share of each group's alerts: the
    # slices of review times that people draw differ, by 1 % of the ratio at most.
    rates = [exact.false_alerts[who & faces].sum() / (who & faces).sum() for who in (women, ~women)]
    assert found[col.DISPARITY_SEX] == pytest.approx(max(rates) / min(rates), rel=1e-2)


def test_a_point_that_cannot_be_scored_says_why(small, quiet_street, monkeypatch):
    from sim.errors import SimError

    honest = scoring.policy_draws

    def picky(street, scenario, believed):
        if scenario.policy.threshold > 0.63:
            raise SimError("too strict")
        return honest(street, scenario, believed)

    monkeypatch.setattr(scoring, "policy_draws", picky)
    points = pd.DataFrame({"policy.threshold": [0.60, 0.64]})
    table = score_points(quiet_street(), small.passages, points)
    assert table[col.REASON].tolist() == ["", "too strict"]
    assert table.iloc[1][list(OUTCOMES)].isna().all()
    assert table.iloc[0][[col.MISTAKEN_STOPS, col.TRUE_ALERTS]].notna().all()


def test_outcomes_of_an_empty_street(base):
    passages = crowd(np.random.default_rng(1), 0, 1)
    row = score_points(base, replace(passages), POINT).iloc[0]
    assert row[col.PEOPLE] == 0
    assert np.isnan(row[col.PER_TRUE_MATCH])
