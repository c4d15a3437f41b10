"""What a figure's file carries: the provenance goes in, and comes back, in every format."""

import ast
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.charts.metadata import provenance_of_figure
from sim.charts.theme import FORMATS, new_figure, plain_axes, write_figure
from sim.errors import SimError
from tests.source import trees

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[2]
PROVENANCE = {
    "scenario": "high_street",
    "study": 'smoke & "mirrors" (<1>) \\ é',
    "hash": "0123456789abcdef",
    "seeds": [1, 2, 3],
    "commit": None,
    "date": "2024-11-05T12:00:00+00:00",
    "failures": {"rows": 4, "failed": 1},
}


def written(path, provenance):
    figure = new_figure(3, 2)
    axes = figure.subplots()
    axes.plot([0, 1], [1, 3])
    plain_axes(axes)
    write_figure(figure, path, title="A title", description="In words.", provenance=provenance)
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_a_figure_tells_where_its_numbers_come_from(kind, tmp_path):
    assert provenance_of_figure(written(tmp_path / f"plot.{kind}", PROVENANCE)) == PROVENANCE


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_provenance_gives_the_same_bytes_and_another_one_others(kind, tmp_path):
    first = written(tmp_path / f"one.{kind}", PROVENANCE).read_bytes()
    assert written(tmp_path / f"two.{kind}", PROVENANCE).read_bytes() == first
    other = {**PROVENANCE, "seeds": [4]}
    assert written(tmp_path / f"three.{kind}", other).read_bytes() != first


def test_a_drawing_with_provenance_is_still_sound_xml(tmp_path):
    text = written(tmp_path / "plot.svg", PROVENANCE).read_bytes()
    root = ElementTree.fromstring(text)  # noqa: S314 - our own file
    inside = root.find("{http://www.w3.org/2000/svg}metadata[@id='passerby-provenance']")
    assert json.loads(inside.text) == PROVENANCE


def test_a_picture_can_be_opened_by_others_and_shows_them_the_same(tmp_path):
    from PIL import Image

    with Image.open(written(tmp_path / "plot.png", PROVENANCE)) as picture:
        picture.load()
        assert json.loads(picture.text["Passerby provenance"]) == PROVENANCE
        assert picture.text["Title"] == "A title"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_figure_without_provenance_says_so(kind, tmp_path):
    with pytest.raises(SimError, match="carries no provenance"):
        provenance_of_figure(written(tmp_path / f"plot.{kind}", None))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "carries no provenance"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXtPasser", "carries no provenance"),
        (b"\x00\xff\xfe", "carries no provenance"),
        (b'<metadata id="passerby-provenance">{"hash": </metadata>', "is damaged"),
        (b'<meta name="passerby-provenance" content="[1]">', "is no JSON object"),
    ],
)
def test_a_torn_or_foreign_file_is_refused_in_words(content, says, tmp_path):
    (tmp_path / "plot").write_bytes(content)
    with pytest.raises(SimError, match=re.escape(says)):
        provenance_of_figure(tmp_path / "plot")


def test_a_figure_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(SimError, match="no such file"):
        provenance_of_figure(tmp_path / "plot.svg")
    with pytest.raises(SimError, match="cannot be read"):
        provenance_of_figure(tmp_path)


def test_every_figure_that_the_program_writes_is_given_its_provenance():
    without = []
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("write_figure"):
                given = {keyword.arg for keyword in node.keywords}
                if "provenance" not in given:
                    without.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert without == []
