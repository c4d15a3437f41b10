"""The benchmark of studies measures what it says, on a small size."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from parts import sweeps  # noqa: E402 - found beside the benchmark


@pytest.fixture(scope="module")
def tiny():
    levers = sweeps.MANY_LEVERS.format(steps=2)
    return sweeps.asked_for("tiny", people=300.0, hours=0.25, levers=levers, replications=2)


@pytest.mark.processes
def test_the_policies_are_scored_on_one_walk_a_replication(tiny):
    assert [len(unit.points) for unit in tiny.units] == [80, 80]  # 40 policies, two draws each
    found = sweeps.policies(tiny, 1)
    assert (found.points, found.walks) == (160, 2)
    assert found.scored_a_second_a_core > 0
    assert found.naive_s_a_point > 0


@pytest.mark.processes
def test_the_memory_curve_goes_to_the_last_unit():
    curve = sweeps.memory_curve(sweeps.idle_study(40), 1)
    assert curve[0][0] < 5
    assert curve[-1][0] >= 38
    assert all(held > 50 for _, held in curve)  # MiB: no Python with pandas is smaller


def test_the_full_size_is_the_one_that_was_promised():
    # By its path: the tests of studies live in a package called ``sweep`` too.
    spec = spec_from_file_location("benchmark_of_studies", BENCHMARKS / "sweep.py")
    benchmark = module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    full = benchmark.FULL
    assert full.steps * 5 * 2 * 2 * benchmark.POLICY_DRAWS * full.policy_walks == 10_000
    assert full.policy_walks == 20
    assert full.idle_units == 10_000
