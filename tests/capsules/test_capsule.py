"""A capsule holds what was asked and answered; a stranger can check it, and run it again."""

import json
import re
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import __version__
from sim import columns as col
from sim.capsules import archive
from sim.capsules.archive import CHECKSUMS
from sim.capsules.capsule import pack
from sim.capsules.rerun import rerun_capsule
from sim.errors import OutputError, SimError
from tests import fakes
from tests.capsule_cases import asked, begin_and_stop, same_again

SINGLES = {"README.md", "requirements.txt", "capsule.json", "ro-crate-metadata.json", CHECKSUMS}
STUDY_FILES = {"manifest.json", "study.json", "design.parquet", "plan.json", "results.parquet"}


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
    found = rerun_capsule(packed.file, again=same_again)
    assert not found.has_drifted
    assert found.rows == 9


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


def test_the_read_me_says_what_the_columns_mean(zipped):
    with zipfile.ZipFile(zipped) as archived:
        text = archived.read("README.md").decode()
    for name in (col.POINT, col.STATUS, *fakes.OUTCOMES):
        assert f"| `{name}` | {col.TABLE_COLUMNS[name].unit} | " in text
