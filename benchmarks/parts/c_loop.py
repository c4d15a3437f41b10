"""The hand-written C loop: compile it for this machine, find its fastest way, time it.

Units:  SI.
"""

import ctypes
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parts.crowds import (
    CUTOFF,
    DT,
    LEAST_CPU_S,
    RADIUS,
    REACH,
    SPEED,
    STEPS,
    STRENGTH,
    TIME_GAP,
    WALL_REACH,
    WALL_STRENGTH,
    Start,
    Walked,
)

SOURCE = Path(__file__).with_name("reference_loop.c")
FLAGS = ["-O3", "-march=native", "-fopenmp-simd", "-fno-math-errno", "-fno-trapping-math"]
WIDE = "-mprefer-vector-width=512"  # tried as well where the compiler knows it
WAYS = ("whole rows", "own list", "pairs")
GRIDS = ((1.0, 1.0), (2.0, 2.0), (4.0, 2.0), (3.0, 3.0))  # columns and rows within the cut-off
NO_COMPILER = "no C compiler (cc) here: movement_vs_c is null"
TRIAL_CPU_S = 0.02  # each way is tried so long before the fastest is timed
PAIRS_PER_PERSON = 80  # room; at 2 people/m2 a cut-off of 3 m holds 57, each pair once or twice


class Law(ctypes.Structure):
    """The C loop's ``Law``, field by field."""

    _fields_ = [
        (name, ctypes.c_double)
        for name in (
            *("time_gap", "strength", "per_reach", "wall_strength", "wall_reach"),
            *("radius", "cutoff", "speed", "dt"),
        )
    ]


LAW = Law(TIME_GAP, STRENGTH, 1 / REACH, WALL_STRENGTH, WALL_REACH, RADIUS, CUTOFF, SPEED, DT)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to walk: a compiled library, a way through the neighbours, a grid."""

    library: ctypes.CDLL
    flags: str
    way: int
    grid: tuple[float, float]

    def __str__(self) -> str:
        """Return it in words."""
        wide = ", 512-bit vectors" if WIDE in self.flags else ""
        return f"{WAYS[self.way]}, {self.grid[0]:g} x {self.grid[1]:g} cells a cut-off{wide}"


def compiled() -> list[Variant]:
    """Compile the loop; return every variant, none where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return []
    variants = []
    with tempfile.TemporaryDirectory() as folder:
        for number, extra in enumerate(([], [WIDE])):
            target = Path(folder) / f"loop{number}.so"
            command = [compiler, *FLAGS, *extra, "-shared", "-fPIC", str(SOURCE), "-lm"]
            made = subprocess.run([*command, "-o", str(target)], capture_output=True, check=False)
            if made.returncode != 0:
                if extra:
                    continue  # not every compiler or processor knows the wide vectors
                raise RuntimeError(f"{' '.join(command)} failed: {made.stderr.decode()}")
            library = ctypes.CDLL(str(target))
            flags = " ".join([*FLAGS, *extra])
            variants += [
                Variant(library, flags, way, grid) for way in range(len(WAYS)) for grid in GRIDS
            ]
    return variants


def run_c(
    start: Start, variant: Variant, steps: int = STEPS, least_s: float = LEAST_CPU_S
) -> Walked:
    """Walk the crowd with the C loop."""
    n = len(start.places)
    target_x, target_y = start.targets.T.copy()
    walls, bounds = np.ascontiguousarray(start.walls), np.array(start.bounds)
    spent, rounds = 0.0, 0
    while True:
        x, y = start.places.T.copy()
        began = time.process_time()
        status = variant.library.walk(
            ctypes.c_int(variant.way),
            ctypes.c_int(steps),
            ctypes.c_int(n),
            *map(_pointer, (x, y, target_x, target_y)),
            ctypes.byref(LAW),
            _pointer(walls),
            ctypes.c_int(len(walls)),
            _pointer(bounds),
            ctypes.c_double(variant.grid[0]),
            ctypes.c_double(variant.grid[1]),
            ctypes.c_long(PAIRS_PER_PERSON * n),
        )
        spent += time.process_time() - began
        if status != 0:
            raise MemoryError("the C loop found no memory")
        rounds += 1
        if spent >= least_s:
            return Walked(rounds * steps * n / spent, np.column_stack([x, y]))


def fastest(start: Start, variants: list[Variant]) -> Variant:
    """Return the fastest variant for a crowd."""
    return max(variants, key=lambda variant: run_c(start, variant, least_s=TRIAL_CPU_S).rate)


def _pointer(values: NDArray[np.float64]) -> ctypes.c_void_p:
    return ctypes.c_void_p(values.ctypes.data)
