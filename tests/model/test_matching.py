from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim import columns as col
from sim.biometrics.error_rates import false_match_rate
from sim.evidence.tables import composition_shares
from sim.groups import GROUP_COUNT, GROUPS, group_index
from sim.model.matching import (
    MatchingParameters,
    Scored,
    listed_chances,
    matching_parameters,
    score,
    score_arrays,
)
from sim.model.passages import Passages, Trail
from sim.scenario.beliefs import beliefs
from sim.scenario.schema import Scenario
from tests.properties import examples

CROWD = {
    "sex": {"female": 0.5, "male": 0.5},
    "ethnicity": {"white": 0.5, "black": 0.15, "asian": 0.2, "mixed": 0.1, "other": 0.05},
    "age_band": {"child": 0.1, "young": 0.4, "middle": 0.4, "older": 0.1},
}
LISTED = {
    "sex": {"female": 0.15, "male": 0.85},
    "ethnicity": {"white": 0.45, "black": 0.28, "asian": 0.14, "mixed": 0.06, "other": 0.07},
    "age_band": {"child": 0.0, "young": 0.6, "middle": 0.4, "older": 0.0},
}
STREET = {
    "place": "a plain street",
    "walkable_m": ((0.0, 0.0), (20.0, 0.0), (20.0, 5.0), (0.0, 5.0)),
    "entrances": ({"name": "west", "from_m": (0.0, 0.0), "to_m": (0.0, 5.0)},),
    "exits": ({"name": "east", "from_m": (20.0, 0.0), "to_m": (20.0, 5.0)},),
    "flows": ({"entrance": "west", "exit": "east", "share": 1.0},),
    "footfall": {"people": 100.0, "counted_from_hour": 9.0, "counted_hours": 1.0},
}
# The two constants are recomputed with the geometry; here one second is one look.
CALIBRATED = {"calibration.exposure_s": 1.0, "calibration.probit_shift": 0.0}


def scenario_of(*, threshold=0.60, size=10_000, years=0.0, crowd=None, listed=None, **assumptions):
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "name": "plain",
            "title": "A plain street",
            "purpose": "to be matched",
            "street": {**STREET, "crowd": crowd or CROWD},
            "policy": {
                "start_hour": 9.0,
                "hours": 1.0,
                "cameras": (),
                "watchlist": {
                    "size": size,
                    "composition": listed or LISTED,
                    "photo_age_years": years,
                },
                "threshold": threshold,
                "operators": 1,
                "officers": 1,
            },
            "assumptions": assumptions,
        }
    )


def parameters_of(values=None, **changes):
    scenario = scenario_of(**changes)
    return matching_parameters(
        scenario, beliefs(scenario).replaced({**CALIBRATED, **(values or {})})
    )


def scored_of(exposure, *, group=None, values=None, **changes):
    exposure = np.asarray(exposure, dtype=np.float64)
    if group is None:
        group = np.full(len(exposure), group_index("male", "white", "young"))
    return score_arrays(group, exposure, parameters_of(values, **changes))


def passages_of(groups, exposure):
    n, cameras = exposure.shape
    return Passages(
        people=pd.DataFrame({col.GROUP: np.asarray(groups, dtype=np.int64)}),
        exposure_s=exposure,
        best_look_s=np.full((n, cameras), np.nan),
        crowding_per_m2=np.full((n, cameras), np.nan),
        trail=Trail(np.zeros(n + 1, np.int64), np.full(n, np.nan), np.empty((0, 2), np.float32)),
        cameras=tuple("abc"[:cameras]),
    )


def test_a_reference_passage_has_the_anchors_true_rate_and_its_groups_false_rate():
    parameters = parameters_of(error_model="npl-2023")
    scored = score_arrays(np.arange(GROUP_COUNT), np.ones((GROUP_COUNT, 1)), parameters)
    on_list = [parameters.listed[g] > 0 for g in range(GROUP_COUNT)]
    np.testing.assert_allclose(scored.p_true[on_list], 0.89, rtol=1e-12)
    # Shape 0.5: 1 - (1 + 2 mu)^-0.5, near mu for small ones.
    by_hand = 1 - (1 + 2 * parameters.false_matches) ** -0.5
    np.testing.assert_allclose(scored.p_false, by_hand, rtol=1e-9)


def test_who_was_never_seen_sets_off_no_alert_but_may_be_listed():
    scored = scored_of([[0.0, 0.0], [0.0, 1.0]])
    assert scored.p_false[0] == scored.p_true[0] == 0
    assert scored.p_false[1] > 0
    assert scored.p_listed[0] == scored.p_listed[1] > 0


def test_exposure_counts_relative_to_the_reference():
    doubled = scored_of([[2.0, 4.0]], values={"calibration.exposure_s": 2.0})
    plain = scored_of([[1.0, 2.0]])
    np.testing.assert_array_equal(doubled.p_true, plain.p_true)
    np.testing.assert_array_equal(doubled.p_false, plain.p_false)


def test_older_photographs_and_the_constant_shift_true_alerts_alone():
    fresh = scored_of([[1.0]])
    old = scored_of([[1.0]], years=10.0, values={"matching.ageing_probit_per_year": -0.02})
    shifted = scored_of([[1.0]], values={"calibration.probit_shift": -0.2})
    assert old.p_true < fresh.p_true
    np.testing.assert_allclose(old.p_true, shifted.p_true, rtol=1e-12)
    np.testing.assert_array_equal(old.p_false, fresh.p_false)


def test_listed_people_are_made_up_as_the_list_is():
    crowd, on_list = np.zeros(GROUP_COUNT), np.zeros(GROUP_COUNT)
    crowd[:3], on_list[:3] = (0.5, 0.3, 0.2), (0.1, 0.9, 0.0)
    chance = listed_chances(crowd, on_list, 0.001)
    np.testing.assert_allclose(chance[:3], [0.0002, 0.003, 0.0])
    assert crowd @ chance == pytest.approx(0.001)


def test_no_chance_of_being_listed_exceeds_one_and_who_never_passes_has_none():
    crowd, on_list = np.zeros(GROUP_COUNT), np.zeros(GROUP_COUNT)
    crowd[0], crowd[1], on_list[1], on_list[2] = 0.999, 0.001, 0.5, 0.5
    chance = listed_chances(crowd, on_list, 0.1)
    assert chance[:3].tolist() == [0.0, 1.0, 0.0]


def test_listed_people_among_passers_by_grow_with_the_list():
    values = {"matching.listed_per_1000": 0.8, "matching.listed_reference_size": 16_000.0}
    for size, share in ((16_000, 0.0008), (4_000, 0.0002), (0, 0.0)):
        listed = parameters_of(values, size=size).listed
        crowd = scenario_of().street.crowd.shares()
        assert crowd @ listed == pytest.approx(share)


def test_expected_alerts_weigh_the_chances_by_who_is_listed():
    scored = Scored(np.array([0.25, 0.0]), np.array([0.8, 0.9]), np.array([0.1, 0.2]))
    np.testing.assert_allclose(scored.true_alerts, [0.2, 0.0])
    np.testing.assert_allclose(scored.false_alerts, [0.075, 0.2])


def test_passages_and_arrays_are_scored_alike_and_tabled_one_row_a_person():
    groups = [3, 30, 8]
    exposure = np.array([[1.0, 0.0], [0.3, 2.0], [0.0, 0.0]])
    parameters = parameters_of()
    scored = score(passages_of(groups, exposure), parameters)
    table = scored.table()
    again = score_arrays(np.array(groups), exposure, parameters)
    assert table[col.PERSON].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(table[col.P_LISTED], again.p_listed)
    np.testing.assert_array_equal(table[col.P_TRUE], again.p_true)
    np.testing.assert_array_equal(table[col.P_FALSE], again.p_false)


@pytest.mark.parametrize("shape", [(0, 2), (0, 0), (3, 0)])
def test_an_empty_street_and_a_street_without_cameras_are_no_fault(shape):
    scored = score(passages_of(np.zeros(shape[0]), np.ones(shape)), parameters_of())
    assert len(scored.table()) == shape[0]
    assert scored.true_alerts.sum() == scored.false_alerts.sum() == 0


def test_without_a_list_there_is_no_alert_and_nobody_is_listed():
    scored = scored_of([[1.0], [50.0]], size=0)
    for chances in (scored.p_listed, scored.p_true, scored.p_false):
        np.testing.assert_array_equal(chances, [0.0, 0.0])


def test_a_persons_chances_do_not_depend_on_who_else_came():
    parameters = parameters_of()
    rng = np.random.default_rng(4)
    group, exposure = rng.integers(0, GROUP_COUNT, 50), rng.exponential(size=(50, 3))
    whole, part = (score_arrays(group[:k], exposure[:k], parameters) for k in (50, 20))
    for name in ("p_listed", "p_true", "p_false"):
        np.testing.assert_array_equal(getattr(whole, name)[:20], getattr(part, name))


def test_a_camera_that_sees_nobody_changes_nothing():
    one = scored_of([[1.3], [0.0]])
    with_blind = scored_of([[1.3, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(with_blind.p_true, one.p_true, rtol=1e-12)
    np.testing.assert_allclose(with_blind.p_false, one.p_false, rtol=1e-12)


@pytest.mark.parametrize("preset", ["flat", "mugshot-2020", "frte-median", "low-differential"])
@pytest.mark.parametrize(
    ("error_model", "crowd", "listed"),
    [
        ("npl-2023", "balanced", "balanced"),
        ("met-street", "street crowd", "street list"),
        ("trials-2016-2019", "street crowd", "street list"),
    ],
)
def test_the_anchors_own_people_and_list_give_the_anchors_rate(error_model, crowd, listed, preset):
    scenario = scenario_of(error_model=error_model, demographic_preset=preset)
    believed = beliefs(scenario)
    on_list = composition_shares(listed)
    labels = [dict.fromkeys(names, 0.0) for names in map(dict.fromkeys, zip(*GROUPS, strict=True))]
    for share, group in zip(on_list, GROUPS, strict=True):
        for attribute, label in zip(labels, group, strict=True):
            attribute[label] += float(share)
    composition = dict(zip(("sex", "ethnicity", "age_band"), labels, strict=True))
    anchored = scenario_of(
        error_model=error_model, demographic_preset=preset, listed=composition, size=10_000
    )
    mean = composition_shares(crowd) @ matching_parameters(anchored, believed).false_matches
    assert mean == pytest.approx(10_000 * believed.value("error_model.fmr_060"), rel=1e-4)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.4, 0.55, 0.9, 1.0])
@pytest.mark.parametrize("error_model", ["npl-2023", "met-street", "trials-2016-2019"])
def test_thresholds_far_outside_the_measured_range_still_give_chances(threshold, error_model):
    scored = scored_of(
        [[0.0, 0.0], [1e-9, 0.0], [3.0, 500.0]], threshold=threshold, error_model=error_model
    )
    for chances in (scored.p_listed, scored.p_true, scored.p_false):
        assert ((chances >= 0) & (chances <= 1)).all()
    assert scored.p_false[0] == scored.p_true[0] == 0


def test_at_threshold_zero_every_face_seen_is_an_alert():
    scored = scored_of([[0.0], [1.0]], threshold=0.0, error_model="npl-2023")
    assert scored.p_false.tolist() == [0.0, 1.0]


@settings(deadline=None, max_examples=examples(60))
@given(
    first=st.floats(0.0, 1.0),
    second=st.floats(0.0, 1.0),
    error_model=st.sampled_from(["npl-2023", "met-street", "trials-2016-2019"]),
)
def test_a_higher_threshold_never_gives_more_alerts_of_either_kind(first, second, error_model):
    # property
    exposure = [[0.1, 0.0], [1.0, 2.0]]
    lax, strict = (
        scored_of(exposure, threshold=t, error_model=error_model) for t in sorted([first, second])
    )
    assert (strict.p_false <= lax.p_false).all()
    assert (strict.p_true <= lax.p_true + 1e-15).all()
    np.testing.assert_array_equal(strict.p_listed, lax.p_listed)


@settings(deadline=None, max_examples=examples(60))
@given(sizes=st.tuples(*[st.integers(0, 10**8)] * 2), exponent=st.floats(0.0, 1.0))
def test_a_longer_list_never_gives_fewer_false_alerts_or_listed_people(sizes, exponent):
    # property
    short, long = (
        scored_of([[1.0], [0.2]], size=size, values={"matching.list_exponent": exponent})
        for size in sorted(sizes)
    )
    assert (long.p_false >= short.p_false * (1 - 1e-12)).all()
    assert (long.p_listed >= short.p_listed).all()


@settings(deadline=None, max_examples=examples(60))
@given(
    exposure=arrays(np.float64, (3, 2), elements=st.one_of(st.just(0.0), st.floats(1e-6, 1e3))),
    more=st.floats(0.0, 1e3),
    camera=st.integers(0, 1),
)
def test_more_exposure_never_gives_fewer_alerts(exposure, more, camera):  # property
    longer = exposure.copy()
    longer[:, camera] += more
    once, then = scored_of(exposure), scored_of(longer)
    for name in ("p_true", "p_false"):
        before, after = getattr(once, name), getattr(then, name)
        assert ((before >= 0) & (after <= 1)).all()
        assert (after >= before * (1 - 1e-12)).all()


def test_the_threshold_acts_on_false_matches_as_the_error_rate_says():
    values = {"error_model.threshold_slope": 43.0, "error_model.fmr_060": 1e-8}
    at, above = (parameters_of(values, threshold=t) for t in (0.60, 0.63))
    rate = false_match_rate(0.63, fmr_060=1e-8, threshold_slope=43.0)
    np.testing.assert_allclose(above.false_matches / at.false_matches, rate / 1e-8, rtol=1e-6)


def test_a_group_off_the_list_can_be_mistaken_but_not_found():
    # The list above holds no children: the odd one is compared with adults' photographs.
    child = np.array([group_index("male", "white", "child")])
    scored = score_arrays(child, np.ones((1, 1)), parameters_of())
    assert scored.p_listed == scored.p_true == 0
    assert scored.p_false > 0


def test_parameters_can_be_varied_without_a_scenario():
    parameters = parameters_of()
    assert isinstance(parameters, MatchingParameters)
    none_found = replace(parameters, tpir=0.0)
    scored = score_arrays(np.array([25]), np.ones((1, 1)), none_found)
    assert scored.p_true == 0
    assert scored.p_false > 0
