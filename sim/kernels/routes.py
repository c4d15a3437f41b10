"""Ways to an exit: distance fields by fast sweeping, and the way down them.

Zhao (2005), a fast sweeping method for eikonal equations.
"""

from math import floor, hypot, sqrt

import numpy as np

from sim.kernels._jit import Bools, Floats, kernel

SWEEP_TOLERANCE = 1e-9


@kernel
def distance_field(inside: Bools, slowness: Floats, seeds: Floats, cell: float) -> Floats:
    rows, columns = inside.shape
    field = seeds.copy()
    change = np.inf
    while change > SWEEP_TOLERANCE:
        change = 0.0
        for sweep in range(4):
            for ri in range(rows):
                r = ri if sweep < 2 else rows - 1 - ri
                for ci in range(columns):
                    c = ci if sweep % 2 == 0 else columns - 1 - ci
                    if not inside[r, c]:
                        continue
                    a = np.inf
                    if c > 0 and inside[r, c - 1]:
                        a = field[r, c - 1]
                    if c < columns - 1 and inside[r, c + 1]:
                        a = min(a, field[r, c + 1])
                    b = np.inf
                    if r > 0 and inside[r - 1, c]:
                        b = field[r - 1, c]
                    if r < rows - 1 and inside[r + 1, c]:
                        b = min(b, field[r + 1, c])
                    low, high = min(a, b), max(a, b)
                    if low == np.inf:
                        continue
                    h = slowness[r, c] * cell
                    if high - low >= h:
                        new = low + h
                    else:
                        new = 0.5 * (low + high + sqrt(2.0 * h * h - (high - low) ** 2))
                    if new < field[r, c]:
                        gained = field[r, c] - new
                        change = max(change, gained)
                        field[r, c] = new
    return field


@kernel
def descent(field: Floats, origin_x: float, origin_y: float, cell: float, x: float, y: float):
    c = int(floor((x - origin_x) / cell + 0.5))
    r = int(floor((y - origin_y) / cell + 0.5))
    best = np.inf
    bx, by = 0.0, 0.0
    for dr in range(-2, 3):
        for dc in range(-2, 3):
            rr, cc = r + dr, c + dc
            if 0 <= rr < field.shape[0] and 0 <= cc < field.shape[1] and field[rr, cc] < best:
                best = field[rr, cc]
                bx, by = origin_x + cc * cell - x, origin_y + rr * cell - y
    length = hypot(bx, by)
    if length == 0.0:
        return 0.0, 0.0
    return bx / length, by / length
