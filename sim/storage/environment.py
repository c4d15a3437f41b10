"""What the program runs on: versions of all that can move a number, and its own commit.

State: none; the commit is looked up once a process.
"""

import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sim
from sim import __version__

# Whatever can move a number; the last four are extras that need not be there.
PACKAGES = (
    "llvmlite",
    "mesa",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyproj",
    "pyyaml",
    "scipy",
    "shapely",
)
EXTRAS = ("distributed", "duckdb", "SALib", "scikit-learn")

_GIT_S = 3.0  # longest that git may take for an answer


def environment() -> dict[str, Any]:
    """Return the versions of all that can move a number, and the commit."""
    return {
        "passerby": __version__,
        "commit": commit(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": package_versions(),
    }


def package_versions() -> dict[str, str]:
    """Return the version of each package that is installed, by name."""
    found = {}
    for name in (*PACKAGES, *EXTRAS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an extra, or a tree without metadata
            continue
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def commit() -> str | None:
    """Return the commit that this program is imported from, "-dirty" behind it if it differs.

    It differs when a file of the package has been changed, or is not in the commit. None: the
    program was installed, not checked out, or git cannot say.
    """
    return _commit_of(Path(sim.__file__).resolve().parent)


@cache
def _commit_of(package: Path) -> str | None:
    """Return the commit of a package's own checkout, not of one that it was installed into."""
    if not (package.parent / ".git").exists():
        return None
    head = _git(package.parent, "rev-parse", "--verify", "HEAD")
    ours = _git(package.parent, "ls-files", "--error-unmatch", "--", f"{package.name}/__init__.py")
    if not head or not ours:  # unpacked into a repository that knows nothing of it
        return None
    changed = _git(package.parent, "status", "--porcelain", "--", package.name)
    return None if changed is None else f"{head}-dirty" if changed else head


def _git(root: Path, *words: str) -> str | None:
    """Return what git says of a checkout; None if it cannot say, or takes too long.

    A hook or a shell may point git at another repository through its environment: it is dropped.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG_")
    }
    quiet = {"GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-c", "core.fsmonitor=false", *words]
    try:
        said = subprocess.run(  # noqa: S603 - fixed words, no shell
            command,
            cwd=root,
            env=clean | quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return said.stdout.strip()
