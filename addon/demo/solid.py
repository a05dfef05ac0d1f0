"""Closed surfaces of elliptical cross-sections, the one kind of shape that the mannequin is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Face = tuple[int, ...]

AROUND = 24
_CAP_RINGS = 4


@dataclass(frozen=True)
class Solid:
    """A closed surface with a paint for each face and weights for each vertex.

    Attributes:
        vertices: Metres, in the armature's space. Shape (V, 3).
        faces: Triangles and quads, counter-clockwise seen from outside.
        paint: Index of the material of each face. Shape (F,).
        weights: Share of each bone in each vertex, which sum to 1. Shape (V,) each.
    """

    vertices: Floats
    faces: tuple[Face, ...]
    paint: npt.NDArray[np.int32]
    weights: dict[str, Floats]


def curve(knots: Sequence[Sequence[float]], samples: int) -> Floats:
    """Cubic Hermite curve through `knots`, rows that begin with an increasing position.

    Returns:
        Rows evenly spaced in position, from the first knot to the last. Shape (samples, columns).
    """
    table = np.asarray(knots, dtype=np.float64)
    positions = table[:, 0]
    slopes = np.gradient(table, positions, axis=0)
    at = np.linspace(positions[0], positions[-1], samples)
    left = np.clip(np.searchsorted(positions, at, side="right") - 1, 0, len(positions) - 2)
    step = (positions[left + 1] - positions[left])[:, None]
    u = ((at - positions[left]) / step[:, 0])[:, None]
    smooth = u * u * (3.0 - 2.0 * u)
    return (
        table[left] * (1.0 - smooth)
        + table[left + 1] * smooth
        + step * slopes[left] * u * (1.0 - u) ** 2
        - step * slopes[left + 1] * u * u * (1.0 - u)
    )


def loft(
    centres: Floats,
    across: Floats,
    up: Floats,
    *,
    bone: str,
    paint: int,
    around: int = AROUND,
    caps: tuple[float, float] = (0.0, 0.0),
    power: float = 2.0,
) -> Solid:
    """Skin over cross-sections, closed at both ends by domes.

    Args:
        centres: Of the cross-sections. Shape (R, 3).
        across: First half axis of each; `across` x `up` points towards the next. Shape (R, 3).
        up: Second half axis of each. Shape (R, 3).
        bone: The bone that carries all of it.
        paint: The material of all of it.
        around: Vertices of a cross-section; the first lies at `across`.
        caps: Height of the dome before the first and after the last cross-section, metres.
        power: 2 is an ellipse, more is squarer (superellipse).
    """
    axis = np.cross(across, up)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    angle = np.linspace(0.0, np.pi / 2, _CAP_RINGS + 1)[1:, None]
    rise, shrink = np.sin(angle), np.cos(angle)
    below = centres[:1] - caps[0] * rise * axis[:1]
    above = centres[-1:] + caps[1] * rise * axis[-1:]

    def domed(half_axes: Floats) -> Floats:
        return np.concatenate([(half_axes[:1] * shrink)[::-1], half_axes, half_axes[-1:] * shrink])

    centres = np.concatenate([below[::-1], centres, above])
    return _skin(centres, domed(across), domed(up), bone=bone, paint=paint, around=around, power=power)


def ball(centre: Floats, half_axes: Sequence[float], *, bone: str, paint: int, around: int = AROUND) -> Solid:
    """An ellipsoid with its half axes along x, y and z and its poles on z."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, around // 2 + 1)[:, None]
    x, y, z = half_axes
    return _skin(
        centre + np.sin(angle) * [0.0, 0.0, z],
        np.cos(angle) * [x, 0.0, 0.0],
        np.cos(angle) * [0.0, y, 0.0],
        bone=bone,
        paint=paint,
        around=around,
        power=2.0,
    )


def striped(
    solid: Solid, paint: int, *, columns: Sequence[int], along: tuple[float, float], around: int = AROUND
) -> Solid:
    """The loft with the faces of `columns` painted, from one share of its rows to another."""
    rows = sum(len(face) == 4 for face in solid.faces) // around
    first, last = (round(rows * share) for share in along)
    painted = solid.paint.copy()
    painted[: rows * around].reshape(rows, around)[first:last, list(columns)] = paint
    return replace(solid, paint=painted)


def mirrored(solid: Solid, *, paints: dict[int, int]) -> Solid:
    """The other side's: x negated, bones `.L` renamed `.R`, `paints` exchanged."""
    paint = np.array([paints.get(int(p), int(p)) for p in solid.paint], dtype=np.int32)
    weights = {bone.replace(".L", ".R"): share for bone, share in solid.weights.items()}
    faces = tuple(face[::-1] for face in solid.faces)
    return Solid(solid.vertices * [-1.0, 1.0, 1.0], faces, paint, weights)


def joined(solids: Sequence[Solid]) -> Solid:
    """All of them as one, each still a closed surface of its own."""
    starts = np.cumsum([0, *(len(solid.vertices) for solid in solids)])
    weights: dict[str, Floats] = {}
    for solid, start in zip(solids, starts, strict=False):
        for bone, share in solid.weights.items():
            whole = weights.setdefault(bone, np.zeros(starts[-1]))
            whole[start : start + len(share)] = share
    return Solid(
        np.concatenate([solid.vertices for solid in solids]),
        tuple(
            tuple(int(start) + vertex for vertex in face)
            for solid, start in zip(solids, starts, strict=False)
            for face in solid.faces
        ),
        np.concatenate([solid.paint for solid in solids]),
        weights,
    )


def _skin(
    centres: Floats, across: Floats, up: Floats, *, bone: str, paint: int, around: int, power: float
) -> Solid:
    """The surface through cross-sections whose first and last are poles."""
    angle = np.arange(around) * (2.0 * np.pi / around)
    cosine, sine = (np.sign(w) * np.abs(w) ** (2.0 / power) for w in (np.cos(angle), np.sin(angle)))
    rings = centres[:, None] + across[:, None] * cosine[:, None] + up[:, None] * sine[:, None]
    vertices = np.concatenate([rings[1:-1].reshape(-1, 3), centres[[0, -1]]])
    faces = _faces(len(rings) - 2, around)
    return Solid(vertices, faces, np.full(len(faces), paint, dtype=np.int32), {bone: np.ones(len(vertices))})


def _faces(rings: int, around: int) -> tuple[Face, ...]:
    """Quads between neighbouring rings, row by row, then a fan at each pole."""
    bottom, top = rings * around, rings * around + 1
    last = (rings - 1) * around
    turns = [(column, (column + 1) % around) for column in range(around)]
    quads = [
        (row + a, row + b, row + around + b, row + around + a)
        for row in range(0, last, around)
        for a, b in turns
    ]
    fans = [(bottom, b, a) for a, b in turns] + [(top, last + a, last + b) for a, b in turns]
    return tuple([*quads, *fans])
