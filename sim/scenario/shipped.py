"""Where what ships is: beside the package in a checkout, inside it when installed.

State: none.
"""

from pathlib import Path

from sim.errors import ScenarioError

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE.parent / "scenarios", _PACKAGE / "shipped_scenarios")
_PAGES = (_PACKAGE.parent / "docs" / "model", _PACKAGE / "shipped_pages")


def shipped_folder() -> Path:
    """Return the folder of the scenarios that ship."""
    for folder in _FOLDERS:
        if folder.is_dir():
            return folder
    raise ScenarioError([f"no shipped scenarios: neither {_FOLDERS[0]} nor {_FOLDERS[1]} exists"])


def shipped_pages() -> Path:
    """Return the folder of the method pages."""
    for folder in _PAGES:
        if folder.is_dir():
            return folder
    raise ScenarioError([f"no method pages: neither {_PAGES[0]} nor {_PAGES[1]} exists"])


def shipped_page(name: str) -> Path:
    """Return the file of a method page, or of a page beside them such as the glossary."""
    folder = shipped_pages()
    for file in (folder / name, folder.parent / name):
        if file.is_file():
            return file
    raise ScenarioError([f"no page '{name}' in {folder}"])


def shipped_scenarios() -> list[Path]:
    """Return the files of the scenarios that ship, by name."""
    return sorted(shipped_folder().glob("*.yaml"))


def shipped_path(path: Path) -> Path:
    """Return ``path``, or the shipped scenario of that bare name where no such file exists."""
    if path.suffix or len(path.parts) > 1 or _is_there(path):
        return path
    shipped = shipped_folder() / f"{path.name}.yaml"
    return shipped if shipped.is_file() else path


def _is_there(path: Path) -> bool:
    """Whether a file of that name exists; one that no file can have does not."""
    try:
        return path.exists()
    except OSError:
        return False
