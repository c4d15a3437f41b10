"""A capsule holds what was asked and answered; a stranger can check it, and run it again."""

import json
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import __version__
from sim import columns as col
from sim.errors import CostError, OutputError, SimError
from sim.experiments.store import write_result
from sim.experiments.sweep import archive, rerun
from sim.experiments.sweep.archive import CHECKSUMS, write_archive
from sim.experiments.sweep.capsule import ABOUT, pack, unpacked
from sim.experiments.sweep.drift import likely_causes, moved_columns, moved_values
from sim.experiments.sweep.environment import environment
from sim.experiments.sweep.replaying import numbers_in, replay_capsule, walks_of_its_own
from sim.experiments.sweep.rerun import study_again, study_of
from sim.experiments.sweep.runner import asked_of, run_units
from sim.experiments.sweep.store import Folder
from sim.experiments.sweep.study import load_study
from sim.experiments.sweep.walk_cache import cache_folder
from tests.experiments.sweep import fakes

SINGLES = {"README.md", "requirements.txt", "capsule.json", "ro-crate-metadata.json", CHECKSUMS}
STUDY_FILES = {"manifest.json", "study.json", "design.parquet", "plan.json", "results.parquet"}


def asked():
    """Ask for six units, with a manifest as a real study has it."""
    found = fakes.asked(units=6)
    manifest = {
        **found.manifest,
        "format": 1,
        "outcomes": list(fakes.OUTCOMES),
        "scenario": "reference",
        "scenario_hash": "0" * 16,
        "seed": 1,
        "seeds": [unit.scenario.run.seed for unit in found.units],
        **environment(),
        "written": "2024-01-02T03:04:05+00:00",
    }
    return replace(found, manifest=manifest)


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies") / "fake"
    run_units(asked(), folder, workers=0, work=fakes.rows)
    return folder


@pytest.fixture
def study(finished_study, tmp_path):
    """Return a study's folder that a test may spoil."""
    return Path(shutil.copytree(finished_study, tmp_path / "fake"))


@pytest.fixture
def run_folder(small, tmp_path):
    write_result(small, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def zipped(study):
    return pack(study).file


def same_again(_capsule, home):
    run_units(asked(), home, workers=0, work=fakes.rows)


def changed(file, changes, *, listed=True):
    """Write a capsule again with some files changed; with ``listed`` the list agrees."""
    with zipfile.ZipFile(file) as old:
        files = {name: old.read(name) for name in old.namelist() if name != CHECKSUMS}
        checksums = old.read(CHECKSUMS)
    files |= changes
    if listed:
        write_archive(files, file)
        return file
    with zipfile.ZipFile(file, "w") as new:
        for name, content in {**files, CHECKSUMS: checksums}.items():
            new.writestr(name, content)
    return file


def with_results(file, change):
    """Put the changed table in the place of the stored one; the list of checksums agrees."""
    with zipfile.ZipFile(file) as old, old.open("results.parquet") as stream:
        table = pd.read_parquet(stream)
    here = file.with_suffix(".parquet")
    change(table).to_parquet(here, index=False)
    return changed(file, {"results.parquet": here.read_bytes()})


# What goes in


def test_a_capsule_of_a_study_holds_what_was_asked_and_answered(study):
    (study / "frontier.svg").write_text("<svg/>")
    packed = pack(study)
    assert packed.file == study.with_suffix(".zip")
    with zipfile.ZipFile(packed.file) as archived:
        assert set(archived.namelist()) == SINGLES | STUDY_FILES | {"frontier.svg"}
        assert archived.testzip() is None
        for name in STUDY_FILES:
            assert archived.read(name) == (study / name).read_bytes()
        requirements = archived.read("requirements.txt").decode()
    assert f"numpy=={np.__version__}" in requirements
    assert packed.files == len(SINGLES | STUDY_FILES) + 1
    assert packed.left_out == ("units/",)


def test_the_parts_go_in_when_asked_for(study):
    packed = pack(study, with_parts=True)
    with zipfile.ZipFile(packed.file) as archived:
        parts = {name for name in archived.namelist() if name.startswith("units/")}
    assert parts == {f"units/part-{unit.key}.parquet" for unit in asked().units}
    assert packed.left_out == ()


def test_a_capsule_of_a_run_holds_its_tables(run_folder):
    packed = pack(run_folder)
    with zipfile.ZipFile(packed.file) as archived:
        assert {"answer.json", "people.parquet", "manifest.json"} <= set(archived.namelist())


def test_the_same_folder_gives_the_same_bytes(study, tmp_path):
    first = pack(study, tmp_path / "one.zip").file.read_bytes()
    moved = Path(shutil.copytree(study, tmp_path / "elsewhere"))
    assert pack(moved, tmp_path / "two.zip").file.read_bytes() == first


def test_any_tool_can_check_the_checksums(zipped, tmp_path):
    with zipfile.ZipFile(zipped) as archived:
        archived.extractall(tmp_path / "out")
    lines = (tmp_path / "out" / CHECKSUMS).read_text().splitlines()
    assert len(lines) == len(SINGLES | STUDY_FILES) - 1
    for line in lines:
        digest, name = line.split("  ")
        assert sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    tool = shutil.which("sha256sum")
    if tool is not None:
        subprocess.run([tool, "--check", "--quiet", CHECKSUMS], cwd=tmp_path / "out", check=True)


def test_strangers_files_and_links_stay_out_and_are_named(study, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"mine")
    (study / "map.png").symlink_to(tmp_path / "secret.png")
    (study / "notes.txt").write_text("mine")
    packed = pack(study)
    assert packed.left_out == ("map.png", "notes.txt", "units/")
    with zipfile.ZipFile(packed.file) as archived:
        assert not {"map.png", "notes.txt"} & set(archived.namelist())


# What is refused


def test_an_unfinished_study_is_refused_and_what_is_missing_said(tmp_path):
    with pytest.raises(ZeroDivisionError):
        begin_and_stop(tmp_path / "half")
    with pytest.raises(SimError, match=r"of 6 units 3 have a result and 0 have failed"):
        pack(tmp_path / "half")
    packed = pack(tmp_path / "half", unfinished=True)
    assert "of 6 units 3 have a result" in packed.missing
    with zipfile.ZipFile(packed.file) as archived:
        assert len([name for name in archived.namelist() if name.startswith("units/")]) == 3
        assert "results.parquet" not in archived.namelist()
        crate = json.loads(archived.read("ro-crate-metadata.json"))
    action = next(entity for entity in crate["@graph"] if entity["@id"] == "#run")
    assert action["actionStatus"] == {"@id": "http://schema.org/FailedActionStatus"}
    assert "3 have a result" in action["error"]
    found = replay_capsule(packed.file, again=same_again)
    assert not found.has_drifted
    assert found.rows == 9


def begin_and_stop(folder):
    """Work on three of six units, then let the watcher stop it all."""

    def watch(standing):
        if standing.done == 3:
            raise ZeroDivisionError

    run_units(asked(), folder, workers=0, work=fakes.rows, progress=watch)


@pytest.mark.parametrize("name", ["study.json", "results.parquet"])
def test_a_folder_that_lacks_a_file_is_refused_by_its_name(name, study):
    (study / name).unlink()
    with pytest.raises(SimError, match=f"{name} is missing"):
        pack(study)


def test_a_table_that_was_edited_is_not_packed(study):
    table = pd.read_parquet(study / "results.parquet")
    table.to_parquet(study / "results.parquet")
    with pytest.raises(SimError, match=r"results.parquet is not the table that manifest.json"):
        pack(study)


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (None, "no manifest.json there"),
        ("{", "cannot be read as JSON"),
        ("[1]", "cannot be read as JSON"),
        ('{"run_id": "x"}', "an earlier version wrote it"),
        ('{"kind": "passerby record"}', "holds a 'passerby record'"),
        ('{"kind": "passerby run"}', "has no 'title'"),
    ],
)
def test_a_folder_that_is_no_study_is_refused_in_words(manifest, says, tmp_path):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SimError, match=re.escape(says)):
        pack(tmp_path)


def test_no_folder_and_bad_places_are_refused(study, tmp_path):
    with pytest.raises(SimError, match="no such folder"):
        pack(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=r"a capsule is a \.zip; name it fake\.zip"):
        pack(study, tmp_path / "fake.tar")
    with pytest.raises(OutputError, match="there is no folder"):
        pack(study, tmp_path / "nowhere" / "fake.zip")
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        pack(study, tmp_path / "folder.zip")


def test_a_failed_write_leaves_the_earlier_capsule_whole(study, monkeypatch):
    before = pack(study).file.read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_add", full_disk)
    with pytest.raises(OutputError, match="No space left on device; nothing was kept"):
        pack(study)
    assert study.with_suffix(".zip").read_bytes() == before
    assert sorted(path.name for path in study.parent.iterdir()) == ["fake", "fake.zip"]


# What a stranger gets


def test_a_torn_zip_is_refused_in_words(zipped):
    zipped.write_bytes(zipped.read_bytes()[:-100])
    with pytest.raises(SimError, match="is no whole zip file"), unpacked(zipped):
        pass


def test_a_flipped_byte_is_found(zipped):
    content = bytearray(zipped.read_bytes())
    place = content.index(b"PAR1") + 10
    content[place] ^= 1
    zipped.write_bytes(content)
    with pytest.raises(SimError, match="is no whole zip file"), unpacked(zipped):
        pass


def test_a_changed_file_is_named_though_the_zip_is_sound(zipped):
    changed(zipped, {"plan.json": b"[]"}, listed=False)
    says = re.escape("plan.json is not what checksums.sha256 says")
    with pytest.raises(SimError, match=says), unpacked(zipped):
        pass


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"more.txt": b"x"}, "more.txt: not listed, though in the zip"),
        ({"../more.txt": b"x"}, "'../more.txt', which is a link, a folder or would be written"),
        ({"/etc/more.txt": b"x"}, "'/etc/more.txt', which is a link"),
        ({"a/../../more.txt": b"x"}, "which is a link, a folder or would be written outside"),
        ({"a\\more.txt": b"x"}, "which is a link, a folder or would be written outside"),
        ({"C:more.txt": b"x"}, "'C:more.txt', which is a link"),
        ({"a//more.txt": b"x"}, "'a//more.txt', which is a link"),
        ({"folder/": b""}, "'folder/', which is a link, a folder"),
        ({"bell\x07.txt": b""}, "which is a link, a folder"),
    ],
)
def test_names_that_lead_astray_are_refused(change, says, zipped, tmp_path):
    changed(zipped, change, listed=False)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SimError, match=re.escape(says)), unpacked(zipped):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_a_zip_is_refused(zipped):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(zipped, "a") as archived:
        archived.writestr(link, "/etc/passwd")
    with pytest.raises(SimError, match="'link', which is a link"), unpacked(zipped):
        pass


def test_a_name_that_comes_twice_is_refused(zipped):
    with zipfile.ZipFile(zipped, "a") as archived, pytest.warns(UserWarning, match="Duplicate"):
        archived.writestr("plan.json", "[]")
    with pytest.raises(SimError, match=r"holds 'plan\.json' twice"), unpacked(zipped):
        pass


def test_a_bomb_is_refused_before_it_goes_off(zipped):
    with zipfile.ZipFile(zipped, "a", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("zeros.csv", bytes(64 * 1024**2))
    with pytest.raises(SimError, match="would swell from"), unpacked(zipped):
        pass


def test_more_files_or_bytes_than_the_bounds_are_refused(zipped, study, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILES", 5)
    with pytest.raises(SimError, match="at most 5 are read"), unpacked(zipped):
        pass
    with pytest.raises(OutputError, match="holds at most 5 files"):
        pack(study)
    monkeypatch.setattr(archive, "MOST_FILES", 100)
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(SimError, match="at most 1,000 bytes"), unpacked(zipped):
        pass


def test_an_entry_that_lies_about_its_size_writes_no_more_than_it_says(zipped, tmp_path):
    with zipfile.ZipFile(zipped, "a", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("zeros.csv", bytes(1024**2))
    content = bytearray(zipped.read_bytes())
    entry = content.rindex(b"PK\x01\x02")  # of zeros.csv, the last of the directory
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")  # bytes when unpacked
    lying = tmp_path / "lying.zip"
    lying.write_bytes(content)
    with zipfile.ZipFile(lying) as archived:
        assert archived.getinfo("zeros.csv").file_size == 1000
        with pytest.raises(SimError, match="is no whole zip file"), archive._opened(lying) as same:
            archive._take_out(lying, same, "zeros.csv", tmp_path / "zeros.csv", "0" * 64)
    assert (tmp_path / "zeros.csv").stat().st_size <= 1000
    with pytest.raises(SimError), unpacked(lying):
        pass


@pytest.mark.parametrize(
    ("about", "says"),
    [
        (
            {"format_version": 2, "passerby": "9.9"},
            "of format 2, made by passerby 9.9; this program reads formats up to 1",
        ),
        ({"format_version": 0}, "of format 0, which never was"),
        ({"format_version": "new"}, "capsule.json is damaged"),
        ({"format": "something else"}, "is no capsule: capsule.json calls it 'something else'"),
    ],
)
def test_another_format_is_refused_in_words(about, says, zipped):
    with zipfile.ZipFile(zipped) as archived:
        now = json.loads(archived.read(ABOUT))
    assert now["format_version"] == 1
    changed(zipped, {ABOUT: json.dumps({**now, **about}).encode()})
    with pytest.raises(SimError, match=re.escape(says)), unpacked(zipped):
        pass


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"packages": ["numpy"]}, "has an odd 'packages'"),
        ({"units": "six"}, "has an odd 'units'"),
        ({"finished": {"date": "now"}}, "has no 'rows'"),
        ({"finished": True}, "has an odd 'finished'"),
        ({"kind": ["passerby study"]}, "holds a ['passerby study']"),
    ],
)
def test_a_manifest_that_was_put_together_is_refused_in_words(change, says, zipped):
    with zipfile.ZipFile(zipped) as archived:
        manifest = json.loads(archived.read("manifest.json"))
    changed(zipped, {"manifest.json": json.dumps({**manifest, **change}).encode()})
    with pytest.raises(SimError, match=re.escape(says)), unpacked(zipped):
        pass


def test_whatever_is_done_to_its_bytes_it_is_read_or_refused_in_words(zipped, tmp_path):
    content = zipped.read_bytes()
    with zipfile.ZipFile(zipped) as archived:
        whole = {name: archived.read(name) for name in archived.namelist() if name != CHECKSUMS}
    rng = np.random.default_rng(1)
    outcomes = set()
    for _ in range(200):
        spoiled = bytearray(content)
        where = rng.integers(max(0, len(spoiled) - 1500), len(spoiled))  # the zip's directory
        if rng.random() < 0.2:
            del spoiled[where : where + rng.integers(1, 50)]
        else:
            spoiled[where] = rng.integers(256)
        (tmp_path / "spoiled.zip").write_bytes(spoiled)
        try:
            with unpacked(tmp_path / "spoiled.zip") as capsule:
                outcomes.add("read")
                for name, wanted in whole.items():
                    assert (capsule.folder / name).read_bytes() == wanted
        except SimError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_what_is_no_capsule_is_refused_in_words(tmp_path):
    with pytest.raises(SimError, match="no such file"), unpacked(tmp_path / "none.zip"):
        pass
    with pytest.raises(SimError, match="is a folder"), unpacked(tmp_path):
        pass
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(SimError, match="is no whole zip file"), unpacked(tmp_path / "text.zip"):
        pass
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archived:
        archived.writestr("hello.txt", "hello")
    with (
        pytest.raises(SimError, match="but no capsule: it has no"),
        unpacked(tmp_path / "other.zip"),
    ):
        pass


# What it says of itself


def graph_of(file):
    with zipfile.ZipFile(file) as archived:
        metadata = json.loads(archived.read("ro-crate-metadata.json"))
        names = set(archived.namelist())
    return metadata, {entity["@id"]: entity for entity in metadata["@graph"]}, names


def references(value):
    """Yield every ``@id`` that an entity's properties point at."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        else:
            for inner in value.values():
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("kind", ["study", "run_folder"])
def test_the_metadata_has_what_ro_crate_and_process_run_crate_ask_for(kind, request):
    folder = request.getfixturevalue(kind)
    (folder / "a plot.svg").write_text("<svg/>")
    metadata, graph, names = graph_of(pack(folder).file)
    assert metadata["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    assert len(graph) == len(metadata["@graph"])  # flat, each entity once
    assert all({"@id", "@type"} <= entity.keys() for entity in metadata["@graph"])
    descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", root["datePublished"])
    assert root["name"]
    assert root["description"].endswith(".")
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert {"name", "description"} <= graph[root["license"]["@id"]].keys()
    parts = {part["@id"] for part in root["hasPart"]}
    inside = {name.replace(" ", "%20") for name in names} - {CHECKSUMS, "ro-crate-metadata.json"}
    assert parts == inside
    for part in parts:
        assert graph[part]["@type"] == "File"
    for entity in metadata["@graph"]:
        loose = {
            found
            for found in references({key: entity[key] for key in entity if key != "@id"})
            if found not in graph and not found.startswith(("http://schema.org/", "https://w3id"))
        }
        assert loose == set(), entity["@id"]
    action = graph[root["mentions"]["@id"]]
    program = graph[action["instrument"]["@id"]]
    assert action["@type"] == "CreateAction"
    assert program["@type"] == "SoftwareApplication"
    assert program["softwareVersion"] == __version__
    assert action["actionStatus"] == {"@id": "http://schema.org/CompletedActionStatus"}
    came_out = {result["@id"] for result in action["result"]}
    went_in = {thing["@id"] for thing in action["object"]}
    assert "a%20plot.svg" in came_out
    if kind == "study":
        assert "results.parquet" in came_out
        assert {"study.json", "design.parquet", "#seeds"} <= went_in
        assert json.loads(graph["#seeds"]["value"]) == list(range(1000, 1006))
    else:
        assert "answer.json" in came_out
        assert "manifest.json" in went_in


def test_sizes_and_digests_in_the_metadata_are_those_of_the_files(zipped):
    _, graph, _ = graph_of(zipped)
    with zipfile.ZipFile(zipped) as archived:
        content = archived.read("results.parquet")
    assert graph["results.parquet"]["contentSize"] == str(len(content))
    assert graph["results.parquet"]["sha256"] == sha256(content).hexdigest()


def test_a_licence_is_that_which_the_sharer_chose_or_none(study):
    _, graph, _ = graph_of(pack(study).file)
    assert graph[graph["./"]["license"]["@id"]]["name"] == "No licence chosen"
    url = "https://creativecommons.org/licenses/by/4.0/"
    _, graph, _ = graph_of(pack(study, license_url=url).file)
    assert graph["./"]["license"] == {"@id": url}


# Run again


def test_a_capsule_run_again_gives_the_same(zipped):
    found = replay_capsule(zipped, again=same_again)
    assert not found.has_drifted
    assert found.rows == 18
    assert found.causes == ()


def test_one_changed_number_is_drift_and_is_shown(zipped):
    def change(table):
        row = np.flatnonzero(np.isfinite(table[col.MISTAKEN_STOPS]))[2]
        table.loc[row, col.MISTAKEN_STOPS] *= 1.01
        return table

    found = replay_capsule(with_results(zipped, change), again=same_again)
    assert found.has_drifted
    assert [(row.name, row.rows, row.of) for row in found.moved] == [(col.MISTAKEN_STOPS, 1, 18)]
    assert found.moved[0].largest_relative == pytest.approx(0.01 / 1.01)
    assert re.match(r"point \d, replication \d: ", found.moved[0].example)
    assert "somebody changed it after the run" in found.causes[0]


def test_a_tolerance_forgives_rounding_and_only_that(zipped):
    def change(table):
        finite = np.isfinite(table[col.MISTAKEN_STOPS])
        table.loc[finite, col.MISTAKEN_STOPS] *= 1 + 1e-12
        return table

    with_results(zipped, change)
    exact = replay_capsule(zipped, again=same_again)
    assert [row.name for row in exact.moved] == [col.MISTAKEN_STOPS]
    near = replay_capsule(zipped, tolerance=1e-9, again=same_again)
    assert near.moved == ()
    assert near.tolerance == 1e-9


def test_a_row_that_was_dropped_added_or_failed_is_drift(zipped):
    with_results(zipped, lambda table: table.iloc[1:])
    found = replay_capsule(zipped, again=same_again)
    assert "1 rows computed again, but not stored: point 0, replication 0" in found.others
    with_results(zipped, lambda table: pd.concat([table, table.tail(1).assign(point=99)]))
    found = replay_capsule(zipped, again=same_again)
    assert any("1 rows stored, but not computed again: point 99" in words for words in found.others)


def test_a_row_that_fails_now_is_drift(zipped):
    def fails_now(_capsule, home):
        run_units(asked(), home, workers=0, work=fakes.failing_rows)

    found = replay_capsule(zipped, again=fails_now)
    names = {row.name: row for row in found.moved}
    assert names[col.STATUS].rows == 3
    assert names[col.PEOPLE].gone == 3
    assert col.REASON not in names


def test_a_run_again_gives_the_same_and_a_changed_number_is_named(run_folder, small, stricter):
    file = pack(run_folder).file
    found = replay_capsule(file, again=lambda _capsule, home: write_result(small, home))
    assert not found.has_drifted
    other = replay_capsule(file, again=lambda _capsule, home: write_result(stricter, home))
    assert other.has_drifted
    assert "answer.json: expected.false_alerts" in {row.name for row in other.moved}
    assert json.loads(json.dumps(other.as_json(), allow_nan=False))["has_drifted"] is True


def test_the_new_results_are_kept_where_asked_and_nothing_is_taken_for_new(zipped, tmp_path):
    found = replay_capsule(zipped, out=tmp_path / "again", again=same_again)
    assert found.out == tmp_path / "again"
    assert (tmp_path / "again" / "results.parquet").exists()
    with pytest.raises(OutputError, match="is not empty; a replay computes everything anew"):
        replay_capsule(zipped, out=tmp_path / "again", again=same_again)


@pytest.mark.parametrize("wrong", [-1e-9, 1.0, float("nan"), float("inf")])
def test_a_tolerance_that_is_no_share_is_refused(wrong, zipped):
    with pytest.raises(SimError, match="must be 0"):
        replay_capsule(zipped, tolerance=wrong, again=same_again)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.drop(columns=col.POINT), "has no column 'point'"),
        (lambda table: pd.concat([table, table]), "has the same point and replication twice"),
    ],
)
def test_a_table_that_cannot_be_compared_is_refused_in_words(change, says, zipped):
    with pytest.raises(SimError, match=re.escape(says)):
        replay_capsule(with_results(zipped, change), again=same_again)


def test_what_is_no_table_is_refused_in_words(zipped):
    changed(zipped, {"results.parquet": b"PAR1 no more"})
    with pytest.raises(SimError, match=r"results\.parquet: cannot be read as a table"):
        replay_capsule(zipped, again=same_again)


def test_no_walk_of_before_is_used(monkeypatch):
    monkeypatch.delenv("PASSERBY_WALK_CACHE", raising=False)
    before = cache_folder()
    with walks_of_its_own():
        inside = cache_folder()
        assert inside != before
        assert list(inside.iterdir()) == []
    assert cache_folder() == before
    assert not inside.exists()


STUDY = """
schema_version: 1
name: two_ways
title: Levers of every kind
purpose: To be read back from a capsule.
base: reference
settings: {street.footfall.people: 300.0, policy.hours: 1.0}
levers:
  policy.threshold: THRESHOLD
  policy.officer_posts_m: {options: {west: [[30.0, 4.0]], apart: [[30.0, 4.0], [50.0, 4.0]]}}
uncertainties: [matching.listed_per_1000]
design: DESIGN
replications: 2
"""
TABLE = """policy.threshold,policy.officer_posts_m,matching.listed_per_1000
0.6,west,0.2
0.613,apart,0.3
"""


def a_study(folder, design):
    """Write a study with its table; return it loaded."""
    (folder / "points.csv").write_text(TABLE)
    threshold = "null" if "table" in design else "{low: 0.55, high: 0.65, steps: 3}"
    text = STUDY.replace("THRESHOLD", threshold).replace("DESIGN", design)
    (folder / "two_ways.yaml").write_text(text)
    return load_study(folder / "two_ways.yaml")


@pytest.mark.parametrize(
    "design",
    [
        "{kind: full-factorial}",
        "{kind: latin-hypercube, points: 5}",
        "{kind: sobol, points: 4}",
        "{kind: table, file: points.csv}",
    ],
)
def test_a_study_read_back_from_its_capsule_asks_for_the_very_same_units(design, tmp_path):
    before = asked_of(a_study(tmp_path, design))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(before, allow_mixed=False, alone=True)
    file = pack(home.path, unfinished=True).file
    shutil.rmtree(home.path)
    (tmp_path / "two_ways.yaml").unlink()
    with unpacked(file) as capsule:
        after = asked_of(study_of(capsule))
    assert [unit.key for unit in after.units] == [unit.key for unit in before.units]
    pd.testing.assert_frame_equal(after.design, before.design)
    assert after.manifest["design_hash"] == before.manifest["design_hash"]
    assert len(before.units) >= 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "its study.json is not a study with its base scenario"),
        ('{"study": {"design": {"kind": "sobol"}, "name": "x"}}', "is not a study with its base"),
        (
            '{"study": {"design": {"kind": "sobol"}, "name": "x"}, "base": {"extends": "mine"}}',
            "its scenario cannot be read by this version (it was made by passerby",
        ),
    ],
)
def test_a_study_that_was_spoiled_is_refused_in_words(content, says, zipped):
    changed(zipped, {"study.json": content.encode()})
    with unpacked(zipped) as capsule, pytest.raises(SimError, match=re.escape(says)):
        study_of(capsule)


def test_a_table_of_points_that_was_spoiled_is_refused_in_words(tmp_path):
    begun = asked_of(a_study(tmp_path, "{kind: table, file: points.csv}"))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(begun, allow_mixed=False, alone=True)
    file = changed(pack(home.path, unfinished=True).file, {"design.parquet": b"PAR1"})
    with unpacked(file) as capsule, pytest.raises(SimError, match="is no table of points"):
        study_of(capsule)


@pytest.mark.parametrize("spoil", ["plan", "part"])
def test_parts_that_do_not_fit_are_refused_in_words(spoil, tmp_path):
    with pytest.raises(ZeroDivisionError):
        begin_and_stop(tmp_path / "half")
    file = pack(tmp_path / "half", unfinished=True).file
    if spoil == "plan":
        changed(file, {"plan.json": b'[{"no": "key"}]'})
    else:
        with zipfile.ZipFile(file) as archived:
            parts = [name for name in archived.namelist() if name.startswith("units/")]
        changed(file, {parts[0]: b"PAR1 no more"})
    with pytest.raises(SimError):
        replay_capsule(file, again=same_again)


def test_a_study_that_would_take_hours_needs_to_be_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(rerun, "LARGE_CPU_S", 1e-3)
    begun = asked_of(a_study(tmp_path, "{kind: full-factorial}"))
    home = Folder(tmp_path / "results")
    with home.working(None):
        home.prepare(begun, allow_mixed=False, alone=True)
    file = pack(home.path, unfinished=True).file
    with unpacked(file) as capsule, pytest.raises(CostError, match="hours it needs --yes"):
        study_again(capsule, tmp_path / "again", workers=1, is_allowed_to_be_large=False)
    assert not (tmp_path / "again").exists()


def test_the_read_me_says_what_the_columns_mean(zipped):
    with zipfile.ZipFile(zipped) as archived:
        text = archived.read("README.md").decode()
    for name in (col.POINT, col.STATUS, *fakes.OUTCOMES):
        assert f"| `{name}` | {col.TABLE_COLUMNS[name].unit} | " in text


# What counts as the same, and why not


def test_missing_and_infinite_values_agree_with_themselves_alone():
    nan, inf = np.nan, np.inf
    stored = pd.Series([1.0, nan, inf, inf, nan, 1.0, -inf, 0.0])
    again = pd.Series([1.0, nan, inf, 1.0, 1.0, nan, inf, 1e-300])
    moved = moved_values(stored, again, tolerance=0.5)
    assert moved.tolist() == [False, False, False, True, True, True, True, True]


def test_words_and_whole_numbers_are_compared_too():
    stored = pd.DataFrame({"option": ["a", "b", None], "n": [1, 2, 3], "yes": [True, True, False]})
    again = pd.DataFrame({"option": ["a", "c", None], "n": [1, 2, 4], "yes": [True, True, True]})
    moved = {row.name: row for row in moved_columns(stored, again, keys=(), tolerance=0.0)}
    assert {name: row.rows for name, row in moved.items()} == {"option": 1, "n": 1, "yes": 1}
    assert np.isnan(moved["option"].largest)
    assert moved["n"].largest == 1.0


def test_numbers_are_found_wherever_they_lie_in_an_answer():
    answer = {"a": [1, {"b": True}], "c": None, "version": 3, "words": "x"}
    found = numbers_in(answer)
    assert {name: found[name] for name in ("a.0", "a.1.b")} == {"a.0": 1.0, "a.1.b": 1.0}
    assert np.isnan(found["c"])
    assert set(found) == {"a.0", "a.1.b", "c"}


NOW = {
    "passerby": "1.0",
    "commit": "a" * 40,
    "python": "3.11.1",
    "platform": "Linux x86_64",
    "packages": {"numpy": "2.1", "numba": "0.61"},
}


@pytest.mark.parametrize(
    ("then", "first"),
    [
        ({"passerby": "0.9", "commit": None}, "the model: passerby 0.9 then, 1.0 now"),
        ({"commit": "b" * 40, "python": "3.12"}, "source: commit bbbbbbbbbbbb then, commit aaaa"),
        ({"commit": None}, "source: not known then, commit aaaaaaaaaaaa now"),
        ({"packages": {"numpy": "2.0"}}, "packages: numba absent then, 0.61 now; numpy 2.0 then"),
        ({"python": "3.12.0"}, "Python: 3.12.0 then, 3.11.1 now"),
        ({"platform": "Darwin arm64"}, "the machine: Darwin arm64 then, Linux x86_64 now"),
        ({}, "nothing that is recorded differs"),
    ],
)
def test_the_likeliest_cause_comes_first(then, first):
    causes = likely_causes({**NOW, **then}, NOW, (), is_edited=False)
    assert first in causes[0]


def test_differences_in_the_last_digits_are_called_rounding():
    stored = pd.DataFrame({"x": [1.0, 2.0]})
    moved = moved_columns(stored, stored * (1 + 1e-13), keys=(), tolerance=0.0)
    causes = likely_causes({**NOW, "platform": "Darwin arm64"}, NOW, moved, is_edited=False)
    assert causes[0].startswith("rounding: ")


def test_a_dirty_commit_is_no_proof_of_the_same_source():
    dirty = {**NOW, "commit": "a" * 40 + "-dirty"}
    assert "perhaps differently" in likely_causes(dirty, dirty, (), is_edited=False)[0]


def test_a_study_folder_keeps_its_manifest_s_provenance(finished_study):
    manifest = Folder(finished_study).manifest()
    assert manifest["finished"]["rows"] == 18
    assert manifest["finished"]["failed_rows"] == 0
