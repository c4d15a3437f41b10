"""What one camera's sight lines meet at one moment: a face, somebody in front of it, or a wall.

The looks that count are weighed in ``sim.kernels.watching``; this says the same of one moment, for
whoever draws or checks it, and changes nothing.

Units:  SI, radians.
"""

from sim.kernels._jit import Bools, Floats, Ints, kernel
from sim.kernels.sightlines import CAM_X, CAM_Y, face_weight, is_hidden, look

NOT_LOOKED_AT, CLEAR, HIDDEN = range(3)


@kernel
def sight_lines(
    n: int,
    x: Floats,
    y: Floats,
    crown: Floats,
    shoulder: Floats,
    nose: Floats,
    pitch: Floats,
    covered: Bools,
    camera: Floats,
    optics: Floats,
    walls: Floats,
    candidates: Ints,
    weight: Floats,
    sight: Ints,
    hider: Ints,
) -> None:
    """Fill the weight, the sight line and who hides it, for everybody present.

    n ... weight  : as of ``look``, which fills ``weight``
    sight         : (capacity,) overwritten: ``CLEAR`` where ``look`` gives weight, ``HIDDEN``
                    where it would if nobody and no wall stood in between, else ``NOT_LOOKED_AT``
    hider         : (capacity,) overwritten: row of the person nearest to the camera of those who
                    each hide the face; -1 where nobody does: then a wall hides it
    """
    look(
        n,
        x,
        y,
        crown,
        shoulder,
        nose,
        pitch,
        covered,
        camera,
        optics,
        walls,
        candidates,
        weight,
    )
    for i in range(n):
        sight[i], hider[i] = NOT_LOOKED_AT, -1
        if weight[i] > 0.0:
            sight[i] = CLEAR
            continue
        if covered[i]:
            continue
        if face_weight(x[i], y[i], crown[i], nose[i], pitch[i], camera, optics) == 0.0:
            continue
        sight[i] = HIDDEN
        nearest = 0.0
        for j in range(n):
            candidates[0] = j
            if is_hidden(i, x, y, crown, shoulder, candidates, 1, crown[j], camera, optics):
                away = (x[j] - camera[CAM_X]) ** 2 + (y[j] - camera[CAM_Y]) ** 2
                if hider[i] < 0 or away < nearest:
                    hider[i], nearest = j, away
