"""Where everybody is going: their doors, their way, their side of it, and what a detour costs.

People who avoid a signed zone keep off it where a way leads round, and do not come in where none
does. Whoever keeps off walks with those of the party who do the same.

Shapes:   one row a person, in order of arrival, ``(n,)``.
Evidence: docs/model/walk.md ("Where people walk across the width", "The signed zone").
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.kernels import state
from sim.kernels.draws import ROUTE, normals
from sim.kernels.steering import way_lengths
from sim.model.crowd import DRIFT, Crowd
from sim.model.ways import CELL_M
from sim.model.world import STEP_IN_M, Doors, World
from sim.scenario.schema import Street

DRIFT_SHARE = 0.08  # people drift sideways by so much of the door's width on the way (SD)
OVERSHOOT_M = 0.5  # the point headed for lies so far beyond the line of the exit


@dataclass(frozen=True, slots=True)
class Directions:
    """Where everybody is going.

    entrance, exit : (n,) doors
    way            : (n,) row of the world's ways
    target         : (n, 2) m, just beyond the line of the exit
    way_length     : (n,) m, the way's distance at the entrance
    side           : (n,) 0 right to 1 left, share of the way's width; nan: the straight line
    turned_away    : (n,) avoids the zone and finds no way round: does not come in
    detour         : (n,) m further than without the zone; 0 who does not avoid, nan: turned away
    party, party_rank, party_size : (n,) who walks together, those who keep off apart
    """

    entrance: NDArray[np.int64]
    exit: NDArray[np.int64]
    way: NDArray[np.int64]
    target: NDArray[np.float64]
    way_length: NDArray[np.float64]
    side: NDArray[np.float64]
    turned_away: NDArray[np.bool_]
    detour: NDArray[np.float64]
    party: NDArray[np.int64]
    party_rank: NDArray[np.int64]
    party_size: NDArray[np.int64]


def directions(seed: int, street: Street, people: Crowd, ground: World) -> Directions:
    """Send everybody on their way."""
    entrance = _doors_of([flow.entrance for flow in street.flows], ground.entrances, people)
    exit_ = _doors_of([flow.exit for flow in street.flows], ground.exits, people)
    keeps_off = people.avoids & ground.has_detour[entrance, exit_]
    turned_away = people.avoids & ~keeps_off
    way = np.where(keeps_off, exit_ + len(ground.exits.names), exit_)
    leftwards = _leads_left(ground.entrances, entrance)
    side = np.where(leftwards, people.across, 1 - people.across)
    target = exit_places(seed, people, ground, entrance, exit_)
    start = ground.entrances.point(entrance, people.across)
    start = start + STEP_IN_M * ground.entrances.inward[entrance]
    has_choice = ground.has_choice[people.flow] | keeps_off
    party, rank, size = _walking_parties(people, keeps_off)
    return Directions(
        entrance=entrance,
        exit=exit_,
        way=way,
        target=target,
        way_length=_distances(ground, way, start, target),
        side=np.where(has_choice, side, np.nan),
        turned_away=turned_away,
        detour=_detours(ground, start, target, exit_, way, turned_away=turned_away),
        party=party,
        party_rank=rank,
        party_size=size,
    )


def exit_places(
    seed: int,
    people: Crowd,
    ground: World,
    entrance: NDArray[np.int64],
    exit_: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the point ``(n, 2)`` each person heads for, just beyond the line of their exit.

    People keep their side of the street, with some drift, so that they do not all walk on one
    line; a door drawn the other way round is read the other way round.
    """
    is_reversed = _leads_left(ground.entrances, entrance) == _leads_left(ground.exits, exit_)
    across = np.where(is_reversed, 1 - people.across, people.across)
    across = across + DRIFT_SHARE * normals(seed, ROUTE, people.party, DRIFT)
    across = np.abs(across)
    across = np.where(across > 1, 2 - across, across)  # mirrored at both posts
    point = ground.exits.point(exit_, across)
    return np.asarray(point - OVERSHOOT_M * ground.exits.inward[exit_])


def kernel_ground(world: World) -> state.Ground:
    """Return the place as the kernels read it."""
    return state.Ground(
        entrances=world.entrances.ends,
        inward=world.entrances.inward,
        exits=world.exits.ends,
        distance=world.distance,
        is_seen=world.is_seen,
        right=world.right,
        left=world.left,
        origin_x=world.origin[0],
        origin_y=world.origin[1],
        cell=CELL_M,
        hiding_walls=world.walls if world.hides else np.empty((0, 4)),
    )


def _doors_of(names: list[str], doors: Doors, people: Crowd) -> NDArray[np.int64]:
    return np.array([doors.names.index(name) for name in names])[people.flow]


def _leads_left(doors: Doors, door: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether a door is drawn from right to left as seen by who comes in by it."""
    ends, inward = doors.ends[door], doors.inward[door]
    along = ends[:, 2:] - ends[:, :2]
    return np.asarray(inward[:, 0] * along[:, 1] - inward[:, 1] * along[:, 0] > 0)


def _distances(
    ground: World,
    way: NDArray[np.int64],
    start: NDArray[np.float64],
    target: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the distance at the entrance, m; the straight one where the cell lies outside."""
    cell = np.floor((start - ground.origin) / CELL_M + 0.5).astype(np.int64)
    found = ground.distance[way, cell[:, 1], cell[:, 0]]
    return np.where(np.isfinite(found), found, np.hypot(*(target - start).T))


def _detours(
    ground: World,
    start: NDArray[np.float64],
    target: NDArray[np.float64],
    exit_: NDArray[np.int64],
    way: NDArray[np.int64],
    *,
    turned_away: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return how much longer the way round the zone is than the way through it, ``(n,)`` m."""
    detour = np.where(turned_away, np.nan, 0.0)
    off = np.flatnonzero(way != exit_)
    if len(off):
        columns = np.ascontiguousarray(np.column_stack([start, target])[off].T)
        kernel = kernel_ground(ground)
        detour[off] = way_lengths(kernel, way[off], *columns) - way_lengths(
            kernel, exit_[off], *columns
        )
    return detour


def _walking_parties(
    people: Crowd, keeps_off: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return party, rank and size with those who keep off the zone in parties of their own."""
    party, rank, size = people.party.copy(), people.party_rank.copy(), people.party_size.copy()
    off = np.flatnonzero(keeps_off)
    if len(off):
        _, first, own, count = np.unique(
            people.party[off], return_index=True, return_inverse=True, return_counts=True
        )
        party[off] = people.party.max() + 1 + own
        rank[off] = np.arange(len(off)) - first[own]
        size[off] = count[own]
    return party, rank, size
