"""Density: the table that ships, the walks behind it, and reasons that add up."""

from dataclasses import replace
from itertools import permutations
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim import __version__
from sim import columns as col
from sim.answer.policy_draws import policy_draws
from sim.answer.policy_score import policy_score
from sim.answer.walked_street import WalkedStreet
from sim.crowding import density_walks
from sim.crowding.density import (
    DRAWS,
    FOOTFALLS_PER_H,
    POLICIES,
    SEEDS,
    density_cell,
    density_plan,
)
from sim.crowding.density_answer import (
    DensityChoice,
    crowds,
    density_answer,
    heights,
)
from sim.crowding.density_reasons import (
    ALL_OFF,
    ALL_ON,
    HIDDEN,
    LOAD,
    REASONS,
    REPEAT,
    STREETS,
    FourStreets,
    in_stops,
    parts_since_empty,
    shapley_parts,
    sixteen_ratios,
    stops_of,
)
from sim.crowding.density_shipped import (
    FILE,
    density_content,
    density_scenario,
    read_density,
    shipped_density,
)
from sim.crowding.density_table import (
    ALL_SEEDS,
    CHANGE,
    COLUMNS,
    LOG_PART,
    NOT_HIDDEN,
    PARTS,
    SEEN_WELL,
    SHARE_PART,
    jackknife,
    table_of_cells,
)
from sim.crowding.density_walks import one_look, repeated, walk_at_footfall, window_s
from sim.errors import SimError
from sim.groups import GROUPS
from sim.model.alerts import LEAST_LOAD, pursue_false_chance, response_parameters
from sim.model.matching import matching_parameters, score, score_arrays
from sim.scenario.identity import scenario_hash
from sim.words.density import HERE

pytestmark = pytest.mark.whole

SEED, CROWD = 2, 5500.0  # the cell that is walked again
RATIOS = arrays(np.float64, len(STREETS), elements=st.floats(1e-6, 1e3))


@pytest.fixture(scope="module")
def plan():
    return density_plan(density_scenario(), draws=0)


@pytest.fixture(scope="module")
def walk(plan):
    """Return a crowd of 0.2 people a square metre, few people."""
    return walk_at_footfall(
        plan.scenario, plan.believed, plan.settings, footfall_per_h=CROWD, seed=SEED, people=600
    )


@pytest.fixture(scope="module")
def four(plan, walk):
    seen, alone = walk.under(0, plan.settings)
    return FourStreets(
        plan.scenario, seen, alone, window_s=walk.window_s, exposure_s=plan.exposure_s
    )


def choice(height=3.2, footfall=FOOTFALLS_PER_H[-1], policy=POLICIES[1]):
    return DensityChoice(height, policy, footfall)


def reason(parts, name):
    return parts[..., REASONS.index(name)]


# The table that ships


def test_the_shipped_table_belongs_to_the_scenario_that_ships():
    about = shipped_density().about
    assert about["hash"] == scenario_hash(density_scenario())
    assert about["seeds"] == list(SEEDS)
    assert about["footfalls_per_h"] == list(FOOTFALLS_PER_H)
    assert about["assumption_draws"] == DRAWS
    assert about["passerby"] == __version__


def test_the_shipped_table_is_small_and_whole():
    rows = shipped_density().rows
    assert FILE.path.stat().st_size < 500_000
    assert tuple(rows.columns) == COLUMNS
    of_all = rows[rows[col.SEED] == ALL_SEEDS]
    assert np.isfinite(of_all[[col.ESTIMATE, col.LUCK_LOW, col.LUCK_HIGH]].to_numpy()).all()
    per_cell = of_all.groupby([col.CAMERA_HEIGHT, col.FOOTFALL]).size()
    assert len(per_cell) == 4 * len(FOOTFALLS_PER_H)
    assert len(set(per_cell)) == 1


def test_columns_of_the_table_are_described():
    rows = shipped_density().rows
    for name in rows.columns:
        kind = col.TABLE_COLUMNS[name].dtype
        numeric = kind in {"float64", "int64"}
        assert pd.api.types.is_numeric_dtype(rows[name]) is numeric, name


@pytest.mark.slow
def test_two_cells_walked_now_give_the_numbers_that_ship():  # regression
    plan = density_plan(density_scenario())
    cells = [density_cell(plan, footfall, SEED) for footfall in (FOOTFALLS_PER_H[0], CROWD)]
    now = table_of_cells(plan, cells)
    keys = [col.CAMERA_HEIGHT, col.FOOTFALL, col.SEX, col.AGE_BAND, col.ERROR_MODEL, col.THRESHOLD,
            col.MEASURE]  # fmt: skip
    now = now[now[col.SEED] == SEED]
    there = shipped_density().rows
    there = there[(there[col.SEED] == SEED) & there[col.FOOTFALL].isin([FOOTFALLS_PER_H[0], CROWD])]
    both = now.merge(there, on=keys, suffixes=("", " shipped"))
    assert len(both) == len(now) == len(there)
    for name in (col.DENSITY, col.PEOPLE, col.ESTIMATE):
        # Sums of thousands of chances; libraries round the last digits differently.
        np.testing.assert_allclose(both[name], both[f"{name} shipped"], rtol=1e-7, atol=1e-9)


def test_crowds_reach_from_nearly_empty_to_about_one_person_a_square_metre():
    met = list(crowds(shipped_density().rows).values())
    assert met == sorted(met)
    assert met[0] < 0.02
    assert 0.8 < met[-1] < 1.2


@pytest.mark.parametrize("start", [LOG_PART, SHARE_PART])
def test_parts_add_up_to_the_whole_difference_everywhere(start):
    rows = shipped_density().rows
    of_parts = rows[rows[col.MEASURE].isin([start + name for name in PARTS])]
    keys = [col.CAMERA_HEIGHT, col.FOOTFALL, col.ERROR_MODEL, col.THRESHOLD, col.SEED]
    summed = of_parts.groupby(keys)[col.ESTIMATE].sum()
    whole = rows[rows[col.MEASURE] == start + CHANGE].set_index(keys)[col.ESTIMATE]
    assert len(summed) == len(whole) > 100
    assert (summed - whole).abs().max() < 1e-9


def test_parts_and_ratios_of_the_table_agree():
    answer = density_answer(shipped_density().rows, choice())
    ratio = answer.measure(col.PER_TRUE_MATCH).set_index(col.FOOTFALL)[col.ESTIMATE]
    change = answer.measure(LOG_PART + CHANGE).set_index(col.FOOTFALL)[col.ESTIMATE]
    empty = ratio[FOOTFALLS_PER_H[0]]
    np.testing.assert_allclose(ratio, empty * np.exp(change), rtol=1e-9)


def test_the_page_table_adds_up_in_every_row():
    table = density_answer(shipped_density().rows, choice()).reasons_by_density()
    parts = table.columns.drop([col.DENSITY, HERE])
    assert (table[parts].sum(axis=1) - table[HERE]).abs().max() < 1e-9
    answer = density_answer(shipped_density().rows, choice())
    ratio = answer.measure(col.PER_TRUE_MATCH)[col.ESTIMATE].to_numpy()
    np.testing.assert_allclose(table[HERE], 100 * ratio / ratio[0], rtol=1e-9)


def test_in_a_crowd_more_of_the_looks_at_women_are_hidden_and_most_at_children():  # theory
    """Bodies hide faces behind them that are lower: equation O3 of docs/model/matching.md."""
    answer = density_answer(shipped_density().rows, choice())
    names = {("male", "adult"): "men", ("female", "adult"): "women", ("all", "child"): "children"}
    shares = {
        name: rows[col.ESTIMATE].iloc[-1]
        for name, rows in answer.faces_of(names, NOT_HIDDEN).items()
    }
    assert shares["children"] < shares["women"] - 0.05 < shares["men"] - 0.1


def test_a_steeper_camera_has_fewer_faces_hidden():  # theory
    answer = density_answer(shipped_density().rows, choice())
    for rows in answer.angles_of(NOT_HIDDEN).values():
        assert rows[col.ESTIMATE].is_monotonic_increasing


def test_a_choice_that_the_table_has_not_is_refused_in_words():
    with pytest.raises(SimError, match="no cameras at 4 m"):
        density_answer(shipped_density().rows, choice(height=4.0))


def test_heights_come_with_the_angle_they_look_down():
    angles = heights(shipped_density().rows)
    assert list(angles) == [2.5, 3.2, 5.0, 8.0]
    assert list(angles.values()) == sorted(angles.values())


def test_a_damaged_table_is_refused_in_words(tmp_path):
    file = tmp_path / "density.parquet"
    with pytest.raises(SimError, match=r"not there; scripts/write_density_table\.py"):
        read_density(file)
    file.write_bytes(FILE.path.read_bytes()[:-40])
    with pytest.raises(SimError, match="write_density_table"):
        read_density(file)
    file.write_bytes(b"")
    with pytest.raises(SimError, match="another kind"):
        read_density(file)


def test_a_table_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "density.parquet"
    rows = shipped_density().rows.head(50)
    file.write_bytes(density_content(rows, {"hash": "é"}))
    read = read_density(file)
    pd.testing.assert_frame_equal(read.rows, rows)
    assert read.about == {"hash": "é"}


# The walks


def test_hiding_nobody_changes_nobodys_way(walk):
    for name in (col.ARRIVED, col.ENTERED, col.LEFT, col.GROUP):
        assert (walk.seen.people[name] == walk.alone.people[name]).all()
    np.testing.assert_array_equal(walk.seen.trail.xy, walk.alone.trail.xy)
    assert (walk.alone.exposure_s >= walk.seen.exposure_s - 1e-12).all()
    assert (walk.alone.exposure_s > walk.seen.exposure_s).any()


def test_people_who_are_counted_came_in_the_window(walk, plan):
    arrived = walk.seen.people[col.ARRIVED]
    assert arrived.between(0, walk.window_s).all()
    assert walk.seen.people[col.LEFT].notna().all()
    shifts = plan.scenario.policy.hours * 3600 / walk.window_s
    assert shifts == pytest.approx(round(shifts), abs=1e-9)
    assert len(arrived) == pytest.approx(CROWD * walk.window_s / 3600, rel=0.2)


def test_a_window_is_the_shift_where_few_people_come(plan):
    assert window_s(plan.scenario, 10.0, 3000) == plan.scenario.policy.hours * 3600


def test_a_repeated_window_is_the_same_people_later(walk):
    twice = repeated(walk.seen, walk.window_s, 2)
    n = len(walk.seen.people)
    assert len(twice.people) == 2 * n
    np.testing.assert_allclose(
        twice.people[col.LEFT][n:], walk.seen.people[col.LEFT] + walk.window_s
    )
    np.testing.assert_array_equal(twice.exposure_s[n:], walk.seen.exposure_s)
    for row in (0, n - 1):
        first, again = (
            twice.trail.xy[twice.trail.start[k] : twice.trail.start[k + 1]] for k in (row, row + n)
        )
        np.testing.assert_array_equal(first, again)
    assert twice.trail.first_s[n] == walk.seen.trail.first_s[0] + walk.window_s


def test_one_look_is_by_the_camera_that_saw_most(walk):
    one = one_look(walk.seen, 2.0)
    assert (one.usable == walk.seen.usable).all()
    assert set(one.exposure_s.sum(axis=1)) <= {0.0, 2.0}
    seen = np.flatnonzero(walk.seen.usable)
    assert (one.exposure_s[seen].argmax(axis=1) == walk.seen.exposure_s[seen].argmax(axis=1)).all()


def test_a_crowd_that_does_not_leave_is_refused(plan, monkeypatch):
    monkeypatch.setattr(density_walks, "CLEARING_S", 5.0)
    with pytest.raises(SimError, match=r"still inside 5 s after the window"):
        walk_at_footfall(
            plan.scenario, plan.believed, plan.settings, footfall_per_h=3000.0, seed=1, people=100
        )


# The sixteen streets


def test_all_on_is_the_score_of_the_walk_itself(plan, four):
    stops = four.stops(plan.scenario, plan.believed)
    drawn = policy_draws(four.streets[True, True], plan.scenario, [plan.believed])
    own = drawn.mean.outcomes()
    assert sixteen_ratios(stops)[ALL_ON] == pytest.approx(own[col.PER_TRUE_MATCH], rel=1e-12)
    assert stops[ALL_ON, 2] == pytest.approx(own[col.CORRECT_STOPS], rel=1e-12)


def test_a_shift_scores_like_any_walk_of_the_same_people(plan, walk, four):
    """Cells are cut elsewhere where a window is repeated: within their error, 0.1 %."""
    seen, _ = walk.under(0, plan.settings)
    times = round(plan.scenario.policy.hours * 3600 / walk.window_s)
    plain = WalkedStreet(plan.scenario, repeated(seen, walk.window_s, times))
    one = policy_score(plain, plan.scenario, plan.believed)
    other = policy_score(four.streets[True, True], plan.scenario, plan.believed)
    np.testing.assert_allclose(one.false_alerts.sum(), other.false_alerts.sum(), rtol=1e-3)
    np.testing.assert_allclose(one.true_alerts.sum(), other.true_alerts.sum(), rtol=1e-3)
    by_group, by_group_again = (
        np.bincount(street.cells.group, street.cells.people, len(GROUPS))
        for street in (plain, four.streets[True, True])
    )
    np.testing.assert_array_equal(by_group, by_group_again)
    assert by_group.sum() == times * seen.usable.sum()


def test_all_off_is_one_look_a_person_summed_by_hand(plan, walk, four):
    _, alone = walk.under(0, plan.settings)
    group = alone.people[col.GROUP].to_numpy()
    exposure = np.where(alone.usable, plan.exposure_s, 0.0)[:, None]
    chances = score_arrays(group, exposure, matching_parameters(plan.scenario, plan.believed))
    idle = pursue_false_chance(response_parameters(plan.believed), LEAST_LOAD)
    by_hand = chances.false_alerts.sum() * idle / chances.true_alerts.sum()
    ratios = sixteen_ratios(four.stops(plan.scenario, plan.believed))
    assert ratios[ALL_OFF] == pytest.approx(by_hand, rel=1e-9)


def test_hidden_faces_change_alerts_as_the_sum_over_everybody_does(plan, walk, four):
    matcher = matching_parameters(plan.scenario, plan.believed)
    times = round(plan.scenario.policy.hours * 3600 / walk.window_s)
    stops = four.stops(plan.scenario, plan.believed)
    for street, passages in (
        (STREETS.index((True, True, False, False)), walk.under(0, plan.settings)[0]),
        (STREETS.index((False, True, False, False)), walk.under(0, plan.settings)[1]),
    ):
        by_hand = score(passages, matcher).true_alerts.sum() * times
        # Cells average chances to second order: docs/model/studies.md says within 0.1 %.
        assert stops[street, 1] == pytest.approx(by_hand, rel=1e-3)


def test_the_parts_are_the_mean_over_all_orders(plan, four):
    """Reckoned once more, order by order, as the definition has it."""
    ratios = sixteen_ratios(four.stops(plan.scenario, plan.believed))
    by_order = {name: [] for name in REASONS}
    for order in permutations(range(len(REASONS))):
        on = [False] * len(REASONS)
        for place in order:
            before = log(ratios[STREETS.index(tuple(on))])
            on[place] = True
            by_order[REASONS[place]].append(log(ratios[STREETS.index(tuple(on))]) - before)
    parts = shapley_parts(ratios)
    for name, changes in by_order.items():
        assert len(changes) == 24
        assert reason(parts, name) == pytest.approx(np.mean(changes), abs=1e-12)


@given(RATIOS)
def test_parts_add_up_whatever_the_sixteen_ratios(ratios):  # property
    whole = log(ratios[ALL_ON]) - log(ratios[ALL_OFF])
    assert shapley_parts(ratios).sum() == pytest.approx(whole, abs=1e-9)


@given(RATIOS, st.integers(0, len(REASONS) - 1))
def test_a_reason_that_changes_nothing_has_no_part_at_all(ratios, place):  # property
    for street, on in enumerate(STREETS):
        without = (*on[:place], False, *on[place + 1 :])
        ratios[street] = ratios[STREETS.index(without)]
    assert shapley_parts(ratios)[place] == 0.0


@given(RATIOS, RATIOS)
def test_parts_since_the_empty_street_add_up_in_logs_and_in_stops(here, empty):  # property
    parts = parts_since_empty(here, empty)
    whole = log(here[ALL_ON]) - log(empty[ALL_ON])
    assert parts.sum() == pytest.approx(whole, abs=1e-9)
    difference = here[ALL_ON] - empty[ALL_ON]
    stops = in_stops(parts, here[ALL_ON], empty[ALL_ON])
    largest = max(1.0, here[ALL_ON], empty[ALL_ON])
    assert stops.sum() == pytest.approx(difference, abs=1e-9 * largest * (1 + abs(parts).sum()))


def test_the_empty_street_has_no_parts_since_itself(plan, four):
    ratios = sixteen_ratios(four.stops(plan.scenario, plan.believed))
    assert (parts_since_empty(ratios, ratios) == 0.0).all()


def test_where_nobody_hides_anybody_hidden_faces_have_no_part(plan, walk):
    _, alone = walk.under(0, plan.settings)
    same = FourStreets(
        plan.scenario, alone, alone, window_s=walk.window_s, exposure_s=plan.exposure_s
    )
    parts = shapley_parts(sixteen_ratios(same.stops(plan.scenario, plan.believed)))
    assert reason(parts, HIDDEN) == 0.0
    assert reason(parts, REPEAT) != 0.0


def test_where_everybody_is_looked_at_once_repeat_looks_have_no_part(plan, walk):
    once = [one_look(one, plan.exposure_s) for one in walk.under(0, plan.settings)]
    same = FourStreets(plan.scenario, *once, window_s=walk.window_s, exposure_s=plan.exposure_s)
    parts = shapley_parts(sixteen_ratios(same.stops(plan.scenario, plan.believed)))
    assert reason(parts, REPEAT) == 0.0


def test_where_staff_are_plenty_and_false_alerts_rare_their_load_has_no_part(plan, four):
    many = plan.scenario.policy.model_copy(update={"operators": 60, "officers": 400})
    scenario = plan.scenario.model_copy(update={"policy": many})
    parts = shapley_parts(sixteen_ratios(four.stops(scenario, plan.believed)))
    assert reason(parts, LOAD) == 0.0
    busy = shapley_parts(sixteen_ratios(four.stops(plan.scenario, plan.believed)))
    assert reason(busy, LOAD) < 0.0


def test_where_everybody_is_met_nobody_is_lost(plan, four):
    found = policy_score(four.streets[True, True], plan.scenario, plan.believed)
    met = replace(
        found,
        alone_false=float(found.false_alerts.sum()),
        alone_true=float(found.true_alerts.sum()),
        busy=1.0,
    )
    for has_load in (False, True):
        assert stops_of(met, idle=0.9, has_load=has_load, loses=True) == stops_of(
            met, idle=0.9, has_load=has_load, loses=False
        )
        assert stops_of(found, idle=0.9, has_load=has_load, loses=True) != stops_of(
            found, idle=0.9, has_load=has_load, loses=False
        )


def test_streets_in_which_nobody_is_ever_met_have_no_reasons(plan, four):
    found = policy_score(four.streets[True, True], plan.scenario, plan.believed)
    with pytest.raises(ValueError, match="no alert is ever met"):
        stops_of(replace(found, busy=0.0), idle=0.9, has_load=True, loses=True)
    with pytest.raises(ValueError, match="mistaken stop and a right match"):
        sixteen_ratios(np.zeros((len(STREETS), 3)))


# Intervals


def test_the_jackknife_of_a_mean_is_students_interval():  # theory
    """Efron and Stein 1981; for a mean the delete-one error is s / sqrt(n) exactly."""
    values = np.array([3.0, 5.0, 4.0, 8.0, 6.0, 4.0])
    left_out = np.array([np.delete(values, k).mean() for k in range(6)])[:, None]
    ((low, high),) = jackknife(np.array([values.mean()]), left_out, 0.95)
    reach = 2.570582 * values.std(ddof=1) / np.sqrt(6)  # t at 5 degrees of freedom, 0.975
    assert (low, high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=1e-6)


def test_one_seed_says_nothing_about_luck():
    assert np.isnan(jackknife(np.array([1.0]), np.empty((0, 1)), 0.95)).all()


def test_shares_and_their_luck_stay_shares():
    rows = shipped_density().rows
    faces = rows[rows[col.MEASURE].isin([SEEN_WELL, NOT_HIDDEN]) & (rows[col.SEED] == ALL_SEEDS)]
    ends = faces[[col.LUCK_LOW, col.ESTIMATE, col.LUCK_HIGH]].to_numpy()
    assert ((ends >= 0) & (ends <= 1)).all()
    assert (np.diff(ends, axis=1) >= 0).all()
