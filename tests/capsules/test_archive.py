"""A zip from a stranger is taken apart with care, or refused in words."""

import json
import re
import stat
import zipfile

import numpy as np
import pytest

from sim.capsules import archive
from sim.capsules.archive import CHECKSUMS
from sim.capsules.capsule import ABOUT, pack, unpacked
from sim.errors import OutputError, SimError
from tests.capsule_cases import changed

pytestmark = pytest.mark.whole


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
