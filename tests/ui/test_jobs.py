"""The pool that works for visitors: order, cancel, bounds, and a process that dies."""

import time

import pytest

from sim.errors import SimError
from sim.scenario.load import load_scenario
from sim.storage.walk_cache import is_kept
from sim.ui.jobs import MOST_PEOPLE, MOST_QUEUED, WorkerPool, refusal
from tests.ui.conftest import ROOT

pytestmark = pytest.mark.processes

FEW = ("street.footfall.people=300.0", "policy.hours=1.0")


def street(seed, *settings):
    file = ROOT / "scenarios" / "reference.yaml"
    return load_scenario(file, settings=(*FEW, f"run.seed={seed}", *settings))


def long_street(seed):
    return load_scenario(ROOT / "scenarios" / "station_exit.yaml", settings=[f"run.seed={seed}"])


@pytest.fixture
def pool(walks):
    made = WorkerPool(1)
    yield made
    made.close()


def wait(job, *statuses, seconds=60.0):
    end = time.monotonic() + seconds
    while job.status not in statuses and time.monotonic() < end:
        time.sleep(0.02)
    assert job.status in statuses, (job.status, job.reason)


def test_a_walk_ends_in_the_cache(pool):
    asked = street(101)
    job = pool.submit("a", asked)
    wait(job, "done")
    assert is_kept(asked)


def test_cancel_stops_a_walk_and_the_next_goes_on(pool):
    first = pool.submit("a", long_street(102))
    wait(first, "running")
    process = first.worker
    second = pool.submit("b", street(103))
    assert second.ahead == 1
    pool.cancel("a")
    wait(second, "done")
    assert first.status == "cancelled"
    assert not is_kept(long_street(102))
    assert process.poll() is not None  # the process itself is gone


def test_who_waits_can_cancel_too(pool):
    first, second = pool.submit("a", long_street(104)), pool.submit("b", street(105))
    third = pool.submit("c", street(106))
    assert (second.ahead, third.ahead) == (1, 2)
    pool.cancel("b")
    assert (second.status, third.ahead) == ("cancelled", 1)
    pool.cancel("a")
    wait(third, "done")
    assert first.status == "cancelled"


def test_asking_again_for_the_same_street_is_the_same_job(pool):
    asked = long_street(107)
    assert pool.submit("a", asked) is pool.submit("a", asked)


def test_asking_for_another_street_gives_up_the_first(pool):
    first = pool.submit("a", long_street(108))
    second = pool.submit("a", street(109))
    assert first.status == "cancelled"
    wait(second, "done")


def test_a_walking_process_that_dies_is_said(pool):
    job = pool.submit("a", long_street(110))
    wait(job, "running")
    time.sleep(0.2)
    job.worker.kill()
    wait(job, "failed")
    assert "stopped by the machine" in job.reason
    after = pool.submit("a", street(111))
    wait(after, "done")


def test_a_street_of_too_many_people_is_refused():
    crowd = street(112, f"street.footfall.people={20.0 * MOST_PEOPLE}")
    assert "command line" in refusal(crowd)


def test_a_full_queue_is_refused(pool):
    for k in range(MOST_QUEUED + 1):
        pool.submit(f"visitor {k}", long_street(200 + k))
        if k == 0:
            wait(pool.job("visitor 0"), "running")
    with pytest.raises(SimError, match="waiting already"):
        pool.submit("one more", street(113))


def test_a_visitor_who_leaves_is_forgotten(pool):
    job = pool.submit("a", long_street(114))
    pool.forget("a")
    assert job.status == "cancelled"
    assert pool.job("a") is None
