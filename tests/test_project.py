"""The project holds together: locks, documents, imports and the words that must not appear."""

import ast
import fnmatch
import re
import subprocess
import sys
import textwrap
import tomllib
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source import trees

ROOT = Path(__file__).parents[1]
LOCKS = {  # lock file -> the extras of pyproject.toml that it holds
    "requirements.lock": (),
    "requirements-dev.lock": ("dev", "footfall"),
    "requirements-benchmark.lock": ("benchmark",),
}
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/howto/first-five-minutes.md")
HEAVY = ("numba", "pandas", "mesa", "scipy", "shapely", "plotly", "pyarrow", "streamlit")
FOLDERS = "scenarios|docs|sim|tests|benchmarks|scripts"


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pins(lock: str) -> list[Requirement]:
    lines = re.findall(r"^([a-z0-9].*?) *\\$", _read(lock), re.MULTILINE)
    return [Requirement(line) for line in lines]


def _wanted(extras: tuple[str, ...]) -> list[Requirement]:
    pyproject = tomllib.loads(_read("pyproject.toml"))
    lines = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["build"]]
    for extra in extras:
        lines += pyproject["project"]["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def _shell_lines(document: str) -> list[str]:
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", _read(document), re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def _project_files() -> list[Path]:
    """Return what git would track, found without git: a newcomer may have none."""
    ignored = [line.strip("/") for line in _read(".gitignore").split()]
    ignored.append(".git")

    def walk(folder: Path) -> list[Path]:
        found = []
        for path in sorted(folder.iterdir()):
            if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
                continue
            found += walk(path) if path.is_dir() else [path]
        return found

    return walk(ROOT)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_dependency_to_a_version_that_pyproject_allows(lock):
    pins = {}
    for pin in _pins(lock):
        pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    for wanted in _wanted(LOCKS[lock]):
        name = canonicalize_name(wanted.name)
        assert name in pins, f"{lock} lacks {name}: run make lock"
        for pin in pins[name]:
            version = str(pin.specifier).removeprefix("==")
            assert version in wanted.specifier, f"{lock} has {pin}, pyproject.toml wants {wanted}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_carries_hashes_and_no_address(lock):
    text = _read(lock)
    assert "://" not in text
    assert "file:" not in text
    assert not re.search(r"^ *(-|#.*[/\\])", text.replace("--hash", ""), re.MULTILINE)
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(_pins(lock))
    without = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert without == []


@pytest.mark.parametrize("lock", [name for name in LOCKS if name != "requirements.lock"])
def test_tests_and_benchmarks_run_on_the_versions_that_users_get(lock):
    assert {str(pin) for pin in _pins("requirements.lock")} <= {str(pin) for pin in _pins(lock)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_in_a_document_exists(document):
    targets = set(re.findall(r"^([a-z-]+):", _read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", _read(document), re.MULTILINE))
    assert named
    assert named <= targets


def test_the_plain_lines_of_the_readme_do_what_the_makefile_does():
    plain = " ".join(_shell_lines("README.md")).replace(".venv/bin/", "")
    makefile = _read("Makefile")
    for words in ("--require-hashes -r", "--no-deps --no-build-isolation -e .", "-m pytest"):
        assert words in plain
        assert words in makefile
    demo = re.search(r"^DEMO \?= (\S+)$", makefile, re.MULTILINE)
    assert demo is not None
    assert f"passerby run {demo[1]}" in plain


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_named_in_a_document_exists(document):
    text = _read(document)
    here = (ROOT / document).parent
    linked = {here / path for path in re.findall(r"\]\((?!\w+:)([^)#]+)", text)}
    named = {ROOT / path for path in re.findall(rf"\b(?:{FOLDERS})/[\w./-]*\w", text)}
    named |= {ROOT / path for path in re.findall(r"\brequirements[\w-]*\.lock\b", text)}
    missing = sorted(str(path) for path in linked | named if not path.exists())
    assert linked | named
    assert missing == []


def test_every_decision_that_a_file_names_exists():
    named = {
        ROOT / path
        for file in _project_files()
        if file.suffix in {".md", ".py", ".yaml"}
        for path in re.findall(r"docs/decisions/\d{4}-[\w-]+\.md", file.read_text("utf-8"))
    }
    assert named
    assert sorted(str(path) for path in named if not path.exists()) == []


@pytest.mark.processes
@pytest.mark.parametrize("document", ["README.md", "docs/howto/first-five-minutes.md"])
def test_every_command_and_option_in_a_document_exists(document, run_passerby):
    uses: dict[str, set[str]] = {}
    for line in _shell_lines(document):
        program, *words = line.split()
        if Path(program).name == "passerby":
            uses.setdefault(words[0], set()).update(w for w in words if w.startswith("--"))
    assert {"run", "compare", "evidence"} <= uses.keys()
    for command, options in uses.items():
        done = run_passerby(command, "--help")
        assert done.returncode == 0, f"passerby {command}: {done.stderr}"
        missing = [option for option in options if option not in done.stdout]
        assert missing == [], f"passerby {command} does not know them"


@pytest.fixture
def run_passerby():
    def run(*words):
        code = "import sys; from sim.cli import main; sys.exit(main())"
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            check=False,
            env={**_environment(), "COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"},
        )

    return run


def _environment() -> dict[str, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    return {**kept, "PYTHONUTF8": "1"}


def test_the_front_door_imports_nothing_heavy():
    """``passerby --help`` has to answer at once: what is slow to import is imported when used."""
    code = f"import sys, sim, sim.cli; print(sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_package_imports_only_what_it_declares():
    """What a tool of ours happens to bring along is not there for a user."""
    modules = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules.add(str(node.module).split(".")[0])
    modules -= {*sys.stdlib_module_names, "sim"}
    declared = {canonicalize_name(wanted.name) for wanted in _wanted(("cluster",))}
    providers = packages_distributions()
    undeclared = {
        module
        for module in modules
        if not declared & {canonicalize_name(name) for name in providers.get(module, [])}
    }
    assert modules
    assert undeclared == set()


def imports_of_modules() -> dict[str, set[str]]:
    """Return module -> the modules of ours that it names in an import, wherever that stands.

    An import inside a function and one for type checkers alone count: both tie two modules. The
    package's own front names rooms that need not be loaded, and is left out.
    """
    files = {}
    for file in trees():
        path = file.relative_to(ROOT).with_suffix("")
        files[".".join(path.parts).removesuffix(".__init__")] = file
    files.pop("sim")
    graph = {}
    for module, file in files.items():
        named = set()
        for node in ast.walk(trees()[file]):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                named |= {str(node.module), *(f"{node.module}.{one.name}" for one in node.names)}
        graph[module] = named & files.keys() - {module}
    return graph


def test_no_modules_import_each_other_in_a_circle():
    graph = imports_of_modules()
    assert len(graph["sim.model.street"]) > 5
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    ["README.md", "docs/howto/first-five-minutes.md"],
)
def test_the_python_in_a_document_runs(document, monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", _read(document), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(textwrap.dedent(block), document, "exec"), {})  # noqa: S102


def test_no_file_names_a_machine_or_a_registry():
    # Spelled in pieces: this file is searched too.
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("files", "pythonhosted"))]
    hosts += [".".join(parts) for parts in (("registry", "npmjs"), ("deb", "debian"))]
    paths = ["/".join(parts) for parts in (("", "work", ""), ("", "tmp", "venv"), ("", "root", ""))]
    found = []
    for file in _project_files():
        text = file.read_bytes().decode("utf-8", errors="replace")
        found += [f"{file.relative_to(ROOT)}: {word}" for word in hosts + paths if word in text]
    assert found == []


def test_the_changelog_knows_this_version():
    version = tomllib.loads(_read("pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in _read("CHANGELOG.md")
    import sim

    assert sim.__version__ == version
