"""The method pages: every equation has a label of its own and a function that is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "model").glob("*.md"))
# V1 to V15 and W1 to W9 of the validation are cases and experiments: tests/test_validation_page.py.
EQUATION_PAGES = [page for page in PAGES if page.name != "validation.md"]
ROW = re.compile(r"^\| ([A-Z])(\d{1,2}) \| (.*) \|$", re.MULTILINE)
CITED = re.compile(r"[Ee]quations? ([A-Z]\d{1,2})(?:(?: to |, | and )([A-Z]\d{1,2}))?")
FILE = re.compile(r"`((?:sim|tests|scripts|scenarios|benchmarks|docs)/[\w/.-]+\.\w+)(?:::\w+)?`")


def rows() -> list[tuple[str, str, str, list[str]]]:
    """Return page, label, text and the names in the last cell of every equation."""
    found = []
    for page in EQUATION_PAGES:
        for letter, number, cells in ROW.findall(page.read_text(encoding="utf-8")):
            *_, last = re.split(r"(?<!\\) \| ", cells)
            names = re.findall(r"`([A-Za-z_][\w.]*)`", last)
            found.append((page.name, letter + number, cells, names))
    return found


def defined() -> dict[str, set[str]]:
    """Return name -> files of every function, class, method, field and property in the package."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "sim").rglob("*.py"):
        file = path.relative_to(ROOT).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).add(file)
            elif isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).add(file)
                for part in node.body:
                    name = getattr(part, "name", getattr(getattr(part, "target", None), "id", ""))
                    found.setdefault(f"{node.name}.{name}", set()).add(file)
    return found


ROWS, DEFINED = rows(), defined()


def test_the_pages_have_their_equations():
    assert len(ROWS) > 80
    assert {label[0] for _, label, _, _ in ROWS} >= set("ADEFGKLMPRTW")


def test_a_label_stands_for_one_equation_only():
    labels = [label for _, label, _, _ in ROWS]
    assert {label for label in labels if labels.count(label) > 1} == set()


@pytest.mark.parametrize("page", EQUATION_PAGES, ids=lambda page: page.name)
def test_equations_of_a_page_are_numbered_without_a_gap(page):
    numbers: dict[str, list[int]] = {}
    for name, label, _, _ in ROWS:
        if name == page.name:
            numbers.setdefault(label[0], []).append(int(label[1:]))
    for letter, found in numbers.items():
        assert found == list(range(1, len(found) + 1)), f"{page.name}: {letter}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_every_equation_is_tied_to_a_function_that_exists_in_a_file_of_its_page(row):
    page, label, _, names = row
    assert names, f"{page}, {label}: names no function"
    text = (ROOT / "docs" / "model" / page).read_text(encoding="utf-8")
    for name in names:
        assert name in DEFINED, f"{page}, {label}: there is no {name}"
        files = DEFINED[name]
        assert any(re.search(rf"[`/ ]{re.escape(Path(file).name)}`", text) for file in files), (
            f"{page}, {label}: {name} is in {sorted(files)}, which the page does not name"
        )


def test_every_equation_that_the_program_cites_is_on_a_page():
    labels = {label for _, label, _, _ in ROWS}
    missing = set()
    for path in (ROOT / "sim").rglob("*.py"):
        for match in CITED.finditer(path.read_text(encoding="utf-8")):
            missing |= {f"{path.name}: {label}" for label in match.groups() if label} - {
                f"{path.name}: {label}" for label in labels
            }
    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    named = FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def named_constants() -> list[tuple[str, str]]:
    """Return file and name of every public constant of the model that holds a decimal number."""
    found = []
    for layer in ("kernels", "biometrics", "model"):
        for path in (ROOT / "sim" / layer).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if not isinstance(node, ast.Assign):
                    continue
                holds = [
                    part
                    for part in ast.walk(node.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, float)
                ]
                names = [
                    part.id
                    for target in node.targets
                    for part in ast.walk(target)
                    if isinstance(part, ast.Name) and part.id.isupper()
                ]
                found += [(path.name, name) for name in names if holds and name[0] != "_"]
    return found


def test_every_constant_of_the_model_is_an_entry_or_said_to_be_none():
    page = (ROOT / "docs" / "model" / "evidence.md").read_text(encoding="utf-8")
    section = page[page.index("## Constants that are no entries") :]
    missing = [f"{file}: {name}" for file, name in named_constants() if f"`{name}`" not in section]
    assert missing == []


def test_the_page_lists_no_constant_that_is_gone():
    page = (ROOT / "docs" / "model" / "evidence.md").read_text(encoding="utf-8")
    section = page[page.index("## Constants that are no entries") :].split("\n## ")[0]
    there = {name for _, name in named_constants()}
    assert set(re.findall(r"`([A-Z][A-Z_0-9]{3,})`", section)) - there == set()
