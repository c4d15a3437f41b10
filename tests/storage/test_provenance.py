"""What ran, on what, when: versions, the commit of our own checkout, dates that can be held."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from sim import __version__
from sim.answer.results_folder import write_result
from sim.errors import SimError
from sim.scenario.identity import scenario_hash
from sim.storage import environment as around
from sim.storage.environment import commit, environment
from sim.storage.provenance import (
    FIGURE_KEYS,
    MOST_SEEDS,
    manifest_of_run,
    provenance_of_evidence,
    provenance_of_folder,
    provenance_of_manifest,
    provenance_of_scenarios,
    written,
)

EPOCH_SAYS = "2023-11-14T22:13:20+00:00"  # of 1700000000
NO_GIT = shutil.which("git") is None


@pytest.fixture
def checkout(tmp_path):
    """Return a fresh checkout of a small package, committed."""
    if NO_GIT:
        pytest.fail("these tests need git, as everybody who checks the project out has it")
    root = tmp_path / "checkout"
    package = root / "sim"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return package


def git(root, *words):
    quiet = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    me = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *me, *words]
    done = subprocess.run(command, cwd=root, env=quiet, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def forgetful():
    """Look every commit up again."""
    around._commit_of.cache_clear()
    yield
    around._commit_of.cache_clear()


def test_the_commit_is_that_of_the_checkout(checkout):
    head = git(checkout.parent, "rev-parse", "HEAD")
    assert re.fullmatch(r"[0-9a-f]{40}", head)
    assert around._commit_of(checkout) == head


@pytest.mark.parametrize("change", ["edited", "added"])
def test_a_changed_package_is_dirty(change, checkout):
    name = "__init__.py" if change == "edited" else "more.py"
    (checkout / name).write_text("x = 1\n")
    assert around._commit_of(checkout) == git(checkout.parent, "rev-parse", "HEAD") + "-dirty"


def test_files_beside_the_package_do_not_make_it_dirty(checkout):
    (checkout.parent / "results.csv").write_text("mine")
    assert not around._commit_of(checkout).endswith("-dirty")


def test_an_installed_package_has_no_commit_even_inside_somebody_s_repository(checkout):
    installed = checkout.parent / ".venv" / "lib" / "site-packages" / "sim"
    installed.mkdir(parents=True)
    assert around._commit_of(installed) is None


def test_a_package_that_was_unpacked_into_somebody_s_repository_has_no_commit(checkout):
    git(checkout.parent, "rm", "-q", "-r", "--cached", "sim")
    (checkout.parent / "theirs.txt").write_text("theirs")
    git(checkout.parent, "add", "theirs.txt")
    git(checkout.parent, "commit", "-q", "-m", "theirs")
    assert around._commit_of(checkout) is None


def test_the_user_s_repository_is_not_taken_for_ours(checkout, monkeypatch):
    theirs = git(checkout.parent, "rev-parse", "HEAD")
    before = commit()
    around._commit_of.cache_clear()
    monkeypatch.chdir(checkout.parent)
    monkeypatch.setenv("GIT_DIR", str(checkout.parent / ".git"))  # as in a hook
    assert commit() == before
    assert theirs not in str(commit())


@pytest.mark.parametrize("how", ["no git", "slow git", "broken repository"])
def test_where_git_cannot_say_there_is_no_commit_and_no_error(how, checkout, monkeypatch):
    if how == "no git":
        monkeypatch.setenv("PATH", str(checkout))
    elif how == "slow git":
        tools = checkout.parent / "tools"
        tools.mkdir()
        (tools / "git").write_text(f"#!{sys.executable}\nimport time\ntime.sleep(30)\n")
        (tools / "git").chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))
        monkeypatch.setattr(around, "_GIT_S", 0.2)
    else:
        (checkout.parent / ".git" / "HEAD").write_text("nothing")
    assert around._commit_of(checkout) is None


def test_git_is_asked_once_a_process(checkout, monkeypatch):
    first = around._commit_of(checkout)
    monkeypatch.setenv("PATH", "")
    assert around._commit_of(checkout) == first


def test_the_environment_names_all_that_can_move_a_number():
    found = environment()
    assert found["passerby"] == __version__
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"numba", "numpy", "pandas", "scipy", "shapely", "mesa"} <= found["packages"].keys()
    assert list(found["packages"]) == sorted(found["packages"], key=str.lower)


def test_the_date_can_be_held(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert written() == EPOCH_SAYS
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert written() > "2024"


@pytest.mark.parametrize("wrong", ["", "yesterday", "1e9", "1" * 30])
def test_a_date_that_is_no_date_is_refused_in_words(wrong, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
    with pytest.raises(SimError, match=f"SOURCE_DATE_EPOCH={wrong}: must be whole seconds"):
        written()


def test_a_figure_of_scenarios_carries_every_key(quiet_street):
    one, other = quiet_street(), quiet_street("policy.threshold=0.62", "run.seed=7")
    found = provenance_of_scenarios([one, other], study="capture", failed=1)
    assert tuple(found) == FIGURE_KEYS
    assert found["seeds"] == [1, 7]
    assert found["failures"] == {"rows": 2, "failed": 1}
    assert provenance_of_scenarios([one])["hash"] == scenario_hash(one)
    asked = provenance_of_scenarios([one], options={"people": 200})["hash"]
    assert asked not in {scenario_hash(one), provenance_of_scenarios([one], options={})["hash"]}


def test_a_figure_of_evidence_carries_the_hash_of_what_it_rests_on():
    found = provenance_of_evidence("calibrate")
    assert tuple(found) == FIGURE_KEYS
    assert found["scenario"] is None
    assert re.fullmatch(r"[0-9a-f]{16}", found["hash"])


def test_a_figure_of_a_run_carries_what_its_folder_says(small, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    write_result(small, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    found = provenance_of_manifest(manifest)
    assert tuple(found) == FIGURE_KEYS
    assert found["scenario"] == small.scenario.name
    assert found["hash"] == scenario_hash(small.scenario)
    assert found["date"] == EPOCH_SAYS
    assert found["failures"] == {"rows": 1, "failed": 0}


def test_many_seeds_are_counted_not_listed(quiet_street):
    manifest = manifest_of_run(quiet_street(), "id")
    manifest["seeds"] = list(range(5, 6 + MOST_SEEDS))
    found = provenance_of_manifest(manifest)["seeds"]
    assert found == {"count": MOST_SEEDS + 1, "smallest": 5, "largest": 5 + MOST_SEEDS}


@pytest.mark.parametrize(
    ("manifest", "says"),
    [(None, "no manifest.json there"), ("{", "is torn"), ('{"kind": "passerby run"}', "is torn")],
)
def test_a_figure_of_a_folder_without_a_sound_manifest_is_refused(manifest, says, tmp_path):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SimError, match=says):
        provenance_of_folder(tmp_path)
