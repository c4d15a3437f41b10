"""A study ends whatever happens to its units, and the table does not tell how it was made."""

import itertools
import json
import os
from collections import Counter

import pytest

from sim import columns as col
from sim.errors import OutputError
from sim.storage import durable
from sim.studies.run import runner
from sim.studies.run.attempts import Answer
from sim.studies.run.queueing import Queue
from sim.studies.run.results import read_results
from sim.studies.run.run_settings import checked_shard
from sim.studies.run.runner import run_study
from tests import fakes

pytestmark = pytest.mark.whole


def run(folder, work=fakes.rows, *, asked=None, workers=0, **options):
    told = []
    asked = fakes.asked() if asked is None else asked
    done = run_study(asked, folder, workers=workers, work=work, progress=told.append, **options)
    return done, [standing.notice for standing in told if standing.notice]


class Unreliable:
    """A place whose units end in any order, and whose tries die as a script says."""

    def __init__(self, deaths, room=3):
        self.room = self.ready = room
        self.deaths = Counter(deaths)
        self.taken, self.company = [], {}

    def begin(self, unit):
        self.taken.append(unit)
        for held in self.taken:
            self.company.setdefault(held.key, []).append(len(self.taken))

    def answers(self, wait_s):
        unit = self.taken.pop()
        if self.deaths[unit.key]:
            self.deaths[unit.key] -= 1
            return [Answer(unit.key, None, "killed", is_dead=True)]
        return [Answer(unit.key, fakes.rows(unit))]

    def close(self):
        self.taken = []


@pytest.fixture
def place(monkeypatch):
    def use(deaths):
        made = Unreliable(deaths)
        monkeypatch.setattr(runner, "_place", lambda *_arguments: made)
        return made

    return use


@pytest.mark.processes
@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_workers_gives_the_same_bytes(tmp_path, undisturbed, workers):
    done, said = run(tmp_path / "study", fakes.slow_rows, workers=workers)
    assert (done.worked, done.failed_rows, done.missing) == (12, 0, 0)
    assert said == []
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_finished_study_has_nothing_left_to_do(tmp_path, undisturbed):
    run(tmp_path / "study")
    again, _ = run(tmp_path / "study", work=None)  # nobody works
    assert (again.worked, again.rows, again.failed_rows) == (0, 36, 0)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_unit_that_fails_is_rows_with_their_reason_and_the_rest_goes_on(tmp_path):
    done, said = run(tmp_path / "study", fakes.failing_rows)
    assert (done.units, done.failed, done.failed_rows, done.rows) == (12, 1, 3, 36)
    assert len(said) == 1
    assert "failed 3 times, the last: ZeroDivisionError: nobody to divide by" in said[0]
    table = read_results(tmp_path / "study")
    failed = table[table[col.STATUS] == "failed"]
    assert len(table) == 36
    assert failed[col.SEED].unique().tolist() == [1003]
    assert failed[col.REASON].unique().tolist() == ["ZeroDivisionError: nobody to divide by"]
    assert failed[list(fakes.OUTCOMES)].isna().all(axis=None)
    about = json.loads(next((tmp_path / "study" / "failed").iterdir()).read_text())
    assert about["tries"] == 3


def test_failed_units_are_tried_again_only_when_asked(tmp_path, undisturbed):
    run(tmp_path / "study", fakes.failing_rows)
    again, _ = run(tmp_path / "study")
    assert (again.worked, again.failed) == (0, 1)
    third, _ = run(tmp_path / "study", retry_failed=True)
    assert (third.worked, third.failed, third.failed_rows) == (1, 0, 0)
    assert not list((tmp_path / "study" / "failed").iterdir())
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


@pytest.mark.processes
def test_failing_gives_the_same_bytes_whoever_works(tmp_path):
    run(tmp_path / "one", fakes.failing_rows)
    run(tmp_path / "two", fakes.failing_rows, workers=2)
    assert fakes.bytes_of(tmp_path / "one") == fakes.bytes_of(tmp_path / "two")


@pytest.mark.processes
def test_a_unit_that_kills_its_worker_is_set_aside_and_no_other_is_blamed(tmp_path):
    done, said = run(tmp_path / "study", fakes.poisoned_rows, workers=2)
    assert (done.failed, done.failed_rows) == (1, 3)
    assert len(said) == 1
    assert "signal SIGKILL" in said[0]
    table = read_results(tmp_path / "study")
    assert table.loc[table[col.STATUS] == "failed", col.SEED].unique().tolist() == [1004]


def test_a_reason_that_is_no_text_or_endless_is_kept_as_far_as_it_goes(tmp_path):
    def fail(unit):
        raise ValueError("\udcff" + "x" * 10_000)

    done, _ = run(tmp_path / "study", fail, asked=fakes.asked(2))
    assert done.failed_rows == 6
    assert set(read_results(tmp_path / "study")[col.REASON].str.len()) == {1000}


def test_rows_that_do_not_fit_the_unit_fail_it(tmp_path):
    done, said = run(tmp_path / "study", fakes.wrong_rows)
    assert done.failed == 1
    assert "which are not the 3 asked for" in said[0]


def test_units_may_end_in_any_order(tmp_path, undisturbed, place):
    place({})
    run(tmp_path / "study")
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_after_two_deaths_a_unit_has_the_place_to_itself(tmp_path, undisturbed, place):
    victim = fakes.asked().units[5].key
    used = place({victim: 2})
    done, _ = run(tmp_path / "study")
    assert done.failed == 0
    assert used.company[victim][-1] == 1  # its third try ran alone
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_two_shards_one_after_the_other_give_the_same_bytes(tmp_path, undisturbed):
    first, _ = run(tmp_path / "study", shard=(2, 2))
    assert (first.worked, first.missing, first.results) == (6, 6, None)
    second, _ = run(tmp_path / "study", shard=(1, 2))
    assert (second.worked, second.missing) == (6, 0)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_more_shards_than_units_leave_some_with_nothing(tmp_path, undisturbed):
    for number in range(1, 21):
        last, _ = run(tmp_path / "study", shard=(number, 20))
    assert (last.worked, last.missing) == (0, 0)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_corrupt_part_is_named_and_computed_again(tmp_path, undisturbed):
    run(tmp_path / "study")
    part = sorted((tmp_path / "study" / "units").iterdir())[7]
    sound = part.read_bytes()
    for damaged in (sound[:-20], b"", sound[:40] + bytes([sound[40] ^ 1]) + sound[41:]):
        part.write_bytes(damaged)
        done, said = run(tmp_path / "study")
        assert done.worked == 1
        assert len(said) == 1
        assert str(part) in said[0]
        assert "it is computed again" in said[0]
        assert part.read_bytes() == sound
        assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_a_damaged_or_lost_table_is_joined_again(tmp_path, undisturbed):
    run(tmp_path / "study")
    table = tmp_path / "study" / "results.parquet"
    table.write_bytes(b"PAR1")
    run(tmp_path / "study", work=None)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed
    table.unlink()
    run(tmp_path / "study", work=None)
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_the_manifest_comes_before_any_unit(tmp_path):
    def first_unit(unit):
        manifest = json.loads((tmp_path / "study" / "manifest.json").read_text())
        assert manifest["finished"] is None
        assert (tmp_path / "study" / "study.json").exists()
        return fakes.rows(unit)

    done, _ = run(tmp_path / "study", first_unit)
    assert done.failed == 0


def test_strays_of_killed_processes_are_swept(tmp_path):
    run(tmp_path / "study")
    strays = [tmp_path / "study" / place / ".part-0.tmp" for place in (".", "units", "failed")]
    for stray in strays:
        stray.write_bytes(b"half")
    run(tmp_path / "study")
    assert not any(stray.exists() for stray in strays)


def test_a_shard_leaves_the_temporary_files_of_others_alone(tmp_path):
    run(tmp_path / "study", shard=(1, 2))
    fresh, old = (tmp_path / "study" / "units" / f".part-{name}.tmp" for name in ("a", "b"))
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    run(tmp_path / "study", shard=(2, 2))
    assert fresh.exists()
    assert not old.exists()


def test_another_study_in_the_folder_is_refused(tmp_path):
    run(tmp_path / "study")
    with pytest.raises(OutputError, match=r"holds the study 'fake'.*name another folder"):
        run(tmp_path / "study", asked=fakes.asked(study="other"))
    with pytest.raises(OutputError, match="which is not the one asked for"):
        run(tmp_path / "study", asked=fakes.asked(14))


def test_results_of_another_version_are_refused_unless_asked_for(tmp_path):
    old = fakes.asked(version="0.0.9")
    for shard in ((1, 2), (2, 2)):
        run(tmp_path / "whole", asked=old, shard=shard)
    run(tmp_path / "half", asked=old, shard=(1, 2))
    with pytest.raises(OutputError, match=r"results of passerby 0\.0\.9, this is .*--allow-mixed"):
        run(tmp_path / "half")
    done, _ = run(tmp_path / "half", allow_mixed=True)
    assert (done.worked, done.missing) == (6, 0)
    manifest = json.loads((tmp_path / "half" / "manifest.json").read_text())
    assert len(manifest["mixed"]) == 6
    mixed, whole = read_results(tmp_path / "half"), read_results(tmp_path / "whole")
    assert mixed.equals(whole)  # our fake answers the same in every version


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(OutputError, match=r"is not empty \(thesis.docx\)"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_place_that_cannot_be_written_to_is_one_clear_error(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be written to"):
        run(in_the_way / "study")


def test_a_disk_that_fills_up_in_the_middle_keeps_what_was_finished(
    tmp_path, monkeypatch, undisturbed
):
    calls = itertools.count()
    sync = os.fsync

    def full_after_twenty(handle):
        if next(calls) >= 20:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(durable.os, "fsync", full_after_twenty)
    with pytest.raises(OutputError, match=r"No space left on device.*what was finished is kept"):
        run(tmp_path / "study")
    monkeypatch.undo()
    kept = len(list((tmp_path / "study" / "units").glob("part-*")))
    assert 0 < kept < 12
    assert not list((tmp_path / "study").rglob("*.tmp"))
    done, said = run(tmp_path / "study")
    assert (done.worked, said) == (12 - kept, [])
    assert fakes.bytes_of(tmp_path / "study") == undisturbed


def test_progress_adds_up(tmp_path):
    told = []
    run_study(fakes.asked(), tmp_path / "a", workers=0, work=fakes.rows, progress=told.append)
    assert [s.done for s in told] == sorted(s.done for s in told)
    assert (told[-1].done, told[-1].total, told[-1].remaining_s) == (12, 12, 0.0)
    assert all(s.remaining_s == s.remaining_s or s.done == s.earlier for s in told)


def test_a_unit_waits_for_no_other_ones_walk_while_there_are_others():
    units = fakes.asked().units
    same = [fakes.FakeUnit(str(n), 0, units[n // 2].scenario, units[n].points) for n in range(6)]
    queue, place = Queue(same), Unreliable({}, room=2)
    queue.fill(place)
    assert [unit.key for unit in place.taken] == ["0", "2"]  # 1 has the walk of 0
    for expected in ("3", "4", "5", "1"):
        queue.ended(place.answers(0)[0])
        queue.fill(place)
        assert place.taken[-1].key == expected
    queue.ended(place.answers(0)[0])
    queue.fill(place)
    assert [unit.key for unit in place.taken] == ["0"]
    assert queue.is_busy


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3", ""])
def test_a_shard_that_is_none_is_refused(text):
    with pytest.raises(Exception, match="must be I/N with I from 1 to N"):
        checked_shard(text)


def test_a_shard_is_read():
    assert checked_shard("3/20") == (3, 20)
