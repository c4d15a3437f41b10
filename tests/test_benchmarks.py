"""The benchmark's programs walk the same walk, and what it prints is whole.

JuPedSim is never a dependency, so its side is tested by the benchmark itself alone.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import street as benchmark  # noqa: E402 - a script, found beside its parts
from parts import c_loop, crowds, real_load, whole_walk, year  # noqa: E402
from parts.mesa_walk import run_mesa  # noqa: E402

pytestmark = pytest.mark.whole

# Sums in another order, and the pushes of our kernels are multiples of 1e-12: after 30 steps of a
# crowd that hardly touches the places agree to far below a micrometre.
SAME_PLACES_M = 1e-7


@pytest.fixture(scope="module")
def start():
    return crowds.jittered_start(60, 0.5, np.random.default_rng(3))


@pytest.fixture(scope="module")
def ours(start):
    return crowds.run_ours(start)


def test_plain_mesa_walks_as_we_do(start, ours):
    peer = run_mesa(start, sample=False)
    np.testing.assert_allclose(peer.places, ours.places, rtol=0, atol=SAME_PLACES_M)
    assert np.abs(ours.places - start.places).max() > 0.5  # they have walked


@pytest.mark.processes
def test_the_c_loop_walks_as_we_do_in_every_way(start, ours):
    variants = c_loop.compiled()
    for variant in variants:
        peer = c_loop.run_c(start, variant, least_s=0)
        np.testing.assert_allclose(
            peer.places, ours.places, rtol=0, atol=SAME_PLACES_M, err_msg=str(variant)
        )
    if variants:
        assert len(variants) % (len(c_loop.WAYS) * len(c_loop.GRIDS)) == 0
        assert c_loop.fastest(start, variants) in variants
    else:
        assert c_loop.NO_COMPILER.startswith("no C compiler")


def test_without_a_compiler_there_is_no_variant(monkeypatch):
    monkeypatch.setattr(c_loop.shutil, "which", lambda _name: None)
    assert c_loop.compiled() == []


def test_the_real_load_has_the_peers_law():
    scenario = real_load.load(600, hours=0.05)
    cost, street = real_load.run_ours(scenario)
    assert street._law.cutoff == crowds.CUTOFF
    assert street._law.time_gap == crowds.TIME_GAP
    assert street._law.radius == crowds.RADIUS
    # Everybody who came walked the 60 m: at 0.5 to 2.7 m/s 22 to 120 s, 450 to 2,400 steps each.
    entered = np.isfinite(street.entered_s).sum()
    assert 450 * entered < cost.agent_steps < 2_400 * entered
    came = real_load.arrivals_of(street)
    assert len(came.time) == len(street.crowd)
    x, y = came.place(0, 0)
    assert x in (0.3, real_load.LENGTH - 0.3)
    assert 0 < y < real_load.WIDTH


def test_a_slice_of_plain_mesa_takes_people_in_and_lets_them_out():
    scenario = real_load.load(20_000, hours=0.05)
    _, street = real_load.run_ours(scenario)
    came = real_load.arrivals_of(street)
    half_way = real_load.Street(scenario)
    for _ in range(40):
        half_way.step()
    cost = real_load.run_mesa(half_way, came, seconds=2.0)
    present = cost.agent_steps / 40
    assert present == pytest.approx(half_way.present, rel=0.25)


def test_ratios_are_medians_with_their_range():
    found = benchmark.ratio([2.0, 6.0, 12.0], [1.0, 2.0, 3.0])
    assert (found.median, found.low, found.high) == (3.0, 2.0, 4.0)
    assert str(found) == "3.00 (2.00 to 4.00)"


def test_the_year_adds_up():
    people = year.footfalls(year.DEPLOYMENTS, year.PEOPLE)
    assert len(people) == 207
    assert sum(people) == pytest.approx(3_150_000)
    assert min(people) > 1_000
    day = year.walk_day((1, 30.0))
    assert 5 <= day.people <= 80  # Poisson of parties, mean 30: beyond 4.5 standard deviations
    assert 0 < day.faces <= day.people


@pytest.mark.slow
def test_sight_lines_and_the_whole_walk_are_timed():
    assert whole_walk.frame_us(5) > 0
    ratio, walk, bare = whole_walk.walk_vs_movement(2_000, seconds=3)
    assert ratio == pytest.approx(bare / walk)
