"""The street and the response are Mesa models, and do what a Mesa user expects of one."""

import mesa
import numpy as np
import pytest

from sim.kernels.sight_line_hits import CLEAR, HIDDEN
from sim.model.alerts import Alerts, response_setting
from sim.model.cameras import CameraAgent, camera_row
from sim.model.officers import Officer, Operator
from sim.model.presence import presence
from sim.model.response import Response
from sim.model.street import Street
from tests.model.test_walk import digest
from tests.places import minimal

pytestmark = pytest.mark.whole

BUSY = ("street.footfall.people=3000.0", "policy.hours=0.1")


class Counter(mesa.Agent):
    """Counts the people within 5 m of a place, every second."""

    def __init__(self, model, place):
        super().__init__(model)
        self.place = place
        self.near = []

    def step(self):
        away = np.hypot(*(self.model.positions_m - self.place).T)
        self.near.append((self.model.time_s, int(np.count_nonzero(away <= 5.0))))


@pytest.fixture(scope="module")
def scenario():
    return minimal(*BUSY)


@pytest.fixture(scope="module")
def walked(scenario):
    street = Street(scenario)
    return street, street.walk()


def test_run_model_runs_to_the_end_and_stops(scenario, walked):
    street = Street(scenario)
    assert street.running
    street.run_model()
    assert not street.running
    assert street.is_over
    assert street.steps == street.time_s == walked[0].time_s
    assert digest(street.passages()) == digest(walked[1])


def test_running_ends_for_people_who_never_leave(scenario, monkeypatch):
    monkeypatch.setattr("sim.model.street.LONGEST_CLEARING_S", 5.0)
    street = Street(scenario)
    street.run_model()
    assert street.time_s == street.cameras_end_s + 5.0
    assert street.present > 0
    assert not street.running


def test_agents_are_the_cameras(scenario, walked):
    street, passages = walked
    assert list(street.agents) == street.cameras
    assert list(street.agents_by_type[CameraAgent]) == street.cameras
    for column, camera in enumerate(street.cameras):
        assert camera.camera == scenario.policy.cameras[column]
        assert camera.exposure_s == passages.exposure_s[:, column].sum() > 0
        assert camera.faces_usable == np.count_nonzero(passages.exposure_s[:, column])


def test_a_data_collector_follows_the_street_and_its_agents(scenario):
    street = Street(scenario)
    mine = Counter(street, (10.0, 2.0))
    collector = mesa.DataCollector(
        model_reporters={"present": "present", "time": lambda model: model.time_s},
        agenttype_reporters={
            CameraAgent: {"faces": "faces_usable"},
            Counter: {"near": lambda agent: agent.near[-1][1]},
        },
    )
    for _ in range(120):
        street.step()
        collector.collect(street)
    rows = collector.get_model_vars_dataframe()
    assert rows["time"].tolist() == list(range(1, 121))
    assert rows["present"].iloc[-1] == street.present > 0
    faces = collector.get_agenttype_vars_dataframe(CameraAgent)["faces"]
    assert faces.groupby("AgentID").last().tolist() == [c.faces_usable for c in street.cameras]
    near = collector.get_agenttype_vars_dataframe(Counter)["near"]
    assert near.tolist() == [count for _, count in mine.near]
    assert near.max() > 0


def test_an_own_agent_steps_at_the_end_of_every_second(scenario):
    street = Street(scenario)
    mine = Counter(street, (10.0, 2.0))
    for _ in range(3):
        street.step()
    assert [time for time, _ in mine.near] == [1.0, 2.0, 3.0]
    mine.remove()
    street.step()
    assert len(mine.near) == 3


def test_an_added_camera_changes_nothing_of_the_walk(scenario, walked):
    street = Street(scenario)
    added = CameraAgent(street, scenario.policy.cameras[0])
    passages = street.walk()
    assert digest(passages) == digest(walked[1])
    assert added.column is None
    assert added.faces_usable > 0


def test_an_added_camera_sees_what_one_of_the_scenario_sees(scenario):
    """At the same place, at the same moments, weight by weight."""
    one_a_second = minimal(*BUSY, "policy.cameras.mast.frames_per_s=1.0")
    street = Street(one_a_second)
    camera = street.cameras[0]
    added = CameraAgent(street, camera.camera)
    for _ in range(150):
        # The scenario's camera looks in the first step of a second, the added one at its end.
        before = camera.exposures_s
        street._walk_on(1)
        gained = camera.exposures_s - before
        seen = added.look()
        expected = np.zeros(len(gained))
        expected[seen.person] = seen.weight
        np.testing.assert_allclose(gained, expected, rtol=0, atol=1e-9)  # sums of up to 150 s
        street._walk_on(street.steps_a_second - 1)
    assert camera.exposure_s > 1


def test_the_exposure_of_an_added_camera_adds_up_its_looks(scenario):
    street = Street(scenario)
    added = CameraAgent(street, scenario.policy.cameras[0])
    total = np.zeros(len(street.crowd))
    for _ in range(150):
        street.step()
        seen = added.look()
        total[seen.person] += seen.weight
    np.testing.assert_array_equal(added.exposures_s, total)
    assert added.exposure_s == total.sum() > 0


def test_a_turned_camera_looks_elsewhere(scenario):
    street = Street(scenario)
    camera, added = street.cameras[0], CameraAgent(street, scenario.policy.cameras[0])
    for _ in range(100):
        street.step()
    heading = camera.camera.heading_deg
    for agent in (camera, added):
        agent.turn_to(heading + 540.0)
        assert agent.camera.heading_deg == (heading + 180.0) % 360
    seen_then = camera.exposures_s
    towards = street.positions_m - camera.camera.position_m
    bearing = np.radians(heading + 180)
    ahead = towards @ (np.sin(bearing), np.cos(bearing))
    look = added.look()
    np.testing.assert_array_equal(look.weight, camera.look().weight)
    assert np.all(ahead[look.sight != 0] > 0)
    np.testing.assert_array_equal(street._looks.cameras[0], camera_row(camera.camera))
    for _ in range(60):
        street.step()
    new = np.flatnonzero(camera.exposures_s > seen_then)
    other = Street(scenario)
    for _ in range(160):
        other.step()
    assert not np.array_equal(camera.exposures_s, other.cameras[0].exposures_s)
    assert new.size < np.count_nonzero(other.cameras[0].exposures_s > seen_then)


def test_a_look_names_who_hides_whom(scenario):
    street = Street(scenario)
    hidden = 0
    for _ in range(200):
        street.step()
        for camera in street.cameras:
            look = camera.look()
            assert np.array_equal(look.person, street.present_ids)
            assert np.array_equal(look.sight == CLEAR, look.weight > 0)
            others = look.hidden_by[look.sight == HIDDEN]
            assert set(others) <= set(street.present_ids)
            assert np.all(look.hidden_by[look.sight != HIDDEN] == -1)
            hidden += len(others)
    assert hidden > 0


def test_the_response_is_a_model_with_officers_and_operators(scenario, walked):
    _, passages = walked
    street = walked[0]
    people = presence(passages.trail, street.left_s)
    setting = response_setting(people, scenario, beliefs=street.beliefs, false_alerts_a_shift=2.0)
    persons = np.flatnonzero(passages.usable)[:5]
    camera = np.argmax(passages.exposure_s[persons], axis=1).astype(np.int64)
    alerts = Alerts(
        draw=np.zeros(5, dtype=np.int64),
        person=persons,
        time_s=passages.best_look_s[persons, camera],
        camera=camera,
        is_true=np.ones(5, dtype=np.bool_),
        crowding_per_m2=passages.crowding_per_m2[persons, camera],
    ).sorted()
    shift = Response(setting, alerts)
    assert list(shift.agents_by_type[Officer]) == shift.officers
    assert list(shift.agents_by_type[Operator]) == shift.operators
    assert len(shift.agents) == scenario.policy.officers + scenario.policy.operators
    assert shift.running
    collector = mesa.DataCollector(
        model_reporters={"time": "time_s"},
        agenttype_reporters={Officer: {"free_at": "free_at_s"}, Operator: {"alert": "alert"}},
    )
    while shift.running:
        shift.step()
        collector.collect(shift)
    assert shift.steps == len(collector.get_model_vars_dataframe()) >= 5
    assert collector.get_model_vars_dataframe()["time"].is_monotonic_increasing
    reading = collector.get_agenttype_vars_dataframe(Operator)["alert"]
    assert reading.max() >= 0
    again = Response(setting, alerts)
    again.run_model()
    assert not again.running
    assert again.outcome == shift.outcome
    shift.release()
    again.release()
