"""The one way to compile a kernel, and where the compiled code is kept.

Compiled kernels are cached per user, in a folder named by a hash of every kernel's source:
numba's own cache sees an edit of the function it compiled, not of one that it calls in another
file (``docs/decisions/0002-kernel-cache.md``). ``NUMBA_CACHE_DIR``, where set, is obeyed.

State: none but numba's cache folder, chosen at import because numba reads it when it decorates.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))


def kernel_cache_dir() -> Path:
    """Return the folder of compiled kernels that belongs to this source and this user."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return _user_cache() / "passerby" / f"kernels-{digest.hexdigest()[:16]}"


def is_in_cache(name: str) -> bool:
    """Whether the kernel of a name such as ``walk.advance`` has been compiled on this machine."""
    return any(Path(os.environ["NUMBA_CACHE_DIR"]).glob(f"*/{name}-*.nbi"))


if "NUMBA_CACHE_DIR" not in os.environ:
    # In the environment as well, so that worker processes and numba's own reload agree.
    os.environ["NUMBA_CACHE_DIR"] = str(kernel_cache_dir())
    setattr(numba.config, "CACHE_DIR", os.environ["NUMBA_CACHE_DIR"])  # noqa: B010 - made at run time


def kernel(function: _Function) -> _Function:
    """Compile ``function`` for arrays of float64 in SI units; ``.py_func`` keeps the original.

    Strict arithmetic: no reassociation, no fused multiply-add, so the same bits everywhere.

    A kernel works on the arrays it is given and makes none: then numba need not count references
    to them, which costs more than the arithmetic where a call takes many arrays. One that makes
    an array is an ``allocating_kernel``; numba says "NRT required but not enabled" otherwise.
    """
    return _compiled(function, counts_references=False)


def allocating_kernel(function: _Function) -> _Function:
    """Compile a kernel that makes arrays of its own."""
    return _compiled(function, counts_references=True)


def _compiled(function: _Function, *, counts_references: bool) -> _Function:
    options: dict[str, Any] = {"_nrt": counts_references}  # numba's types do not know it
    compiler = numba.njit(cache=True, nogil=True, error_model="numpy", **options)
    return cast(_Function, compiler(function))


def for_types_of(function: _Function, *arguments: object) -> _Function:
    """Return ``function`` compiled for the types of ``arguments``, to be called with those only.

    A call of it does not find the types out again: for tuples of many arrays that takes longer
    than a second of a quiet street.
    """
    if not isinstance(function, numba.core.dispatcher.Dispatcher):
        return function  # numba is switched off: plain Python
    types = tuple(numba.typeof(each) for each in arguments)  # type: ignore[no-untyped-call]
    return cast(_Function, function.compile(types))
