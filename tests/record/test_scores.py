"""Theory: scores of predicted counts against hand cases and known distributions."""

import numpy as np
import pytest
from scipy import stats

from sim.record.scores import (
    LEVELS,
    ScoreSheet,
    counts_interval,
    covered_share,
    crps_of,
    interval_scores,
    pit_histogram,
    step_of,
)


def test_the_interval_score_by_hand():
    low, high, seen = (
        np.array([2.0, 2.0, 2.0]),
        np.array([6.0, 6.0, 6.0]),
        np.array([4.0, 1.0, 9.0]),
    )
    # At 80 % each unit outside costs 2 / 0.2 = 10.
    assert interval_scores(low, high, seen, 80) == pytest.approx([4, 4 + 10, 4 + 30])


def test_the_crps_of_two_draws_by_hand():
    draws = np.array([[0.0], [2.0]])
    # E|X - y| = 1 for y = 1; half of E|X - X'| = (0 + 2 + 2 + 0) / 4 / 2 = 0.5.
    assert crps_of(draws, np.array([1.0])) == pytest.approx([0.5])


@pytest.mark.statistical
def test_the_crps_of_poisson_draws_meets_the_sum_over_its_distribution():
    draws = np.random.default_rng(5).poisson(6.0, (40_000, 1)).astype(float)
    counts = np.arange(60)
    exact = float(((stats.poisson.cdf(counts, 6.0) - (counts >= 9)) ** 2).sum())
    # Standard error of the mean of |X - 9| is 0.012; four of them.
    assert crps_of(draws, np.array([9.0]))[0] == pytest.approx(exact, abs=0.05)


def test_a_count_covers_the_part_of_its_step_that_lies_inside():
    # P(< y) = 0.05 and P(<= y) = 0.25: of the step of 0.2, 0.15 lies above the 10 % bound.
    inside = covered_share(np.array([0.05]), np.array([0.25]), 80)
    assert inside == pytest.approx([0.75])


def test_a_count_that_no_draw_reached_lies_outside():
    draws = np.zeros((100, 1))
    below, up_to = step_of(draws, np.array([3.0]))
    assert covered_share(below, up_to, 95) == pytest.approx([0.0])


@pytest.mark.statistical
@pytest.mark.parametrize("mean", [0.05, 0.8, 7.0, 60.0])
def test_right_predictions_cover_their_nominal_share_even_of_rare_counts(mean):
    rng = np.random.default_rng(11)
    draws = np.sort(rng.poisson(mean, (4000, 1)), axis=0).astype(float)
    seen = rng.poisson(mean, 20_000).astype(float)
    below = np.searchsorted(draws[:, 0], seen, side="left") / len(draws)
    up_to = np.searchsorted(draws[:, 0], seen, side="right") / len(draws)
    for level in LEVELS:
        share = covered_share(below, up_to, level).mean()
        # Standard error at most 0.0035 from the counts and 0.008 from the draws; four of both.
        assert share == pytest.approx(level / 100, abs=0.035)


def test_an_even_histogram_for_a_row_whose_step_is_everything():
    assert pit_histogram(np.array([0.0]), np.array([1.0])) == pytest.approx(np.full(10, 0.1))


def test_a_histogram_adds_to_one():
    below, up_to = np.array([0.0, 0.31, 0.999]), np.array([0.2, 0.35, 1.0])
    assert pit_histogram(below, up_to).sum() == pytest.approx(1.0)


def test_the_interval_holds_whole_numbers_that_a_draw_had():
    draws = np.arange(1, 101, dtype=float)[:, None]
    low, high = counts_interval(draws, 80)
    assert (low[0], high[0]) == (10.0, 90.0)


def test_scores_of_pieces_are_those_of_the_whole():
    rng = np.random.default_rng(2)
    draws, seen = rng.poisson(4.0, (500, 30)).astype(float), rng.poisson(4.0, 30).astype(float)
    seen[3] = np.nan
    whole, pieces = ScoreSheet(), ScoreSheet()
    whole.add(draws, seen)
    for start in range(0, 30, 7):
        pieces.add(draws[:, start : start + 7], seen[start : start + 7])
    assert pieces.rows == whole.rows == 29
    assert pieces.scores().crps == pytest.approx(whole.scores().crps, rel=1e-12)
    assert pieces.scores().coverage == pytest.approx(whole.scores().coverage)
    assert pieces.scores().pit == pytest.approx(whole.scores().pit)
