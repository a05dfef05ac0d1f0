"""Rotations as unit quaternions (w, x, y, z) and matrices, over any leading axes."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from ..take import Floats

IDENTITY = np.array([1.0, 0.0, 0.0, 0.0])
_CONJUGATE: Floats = np.array([1.0, -1.0, -1.0, -1.0])
_TINY = 1e-12
_FEW = 600
"""So many numbers are better taken in few steps, more of them without copies."""
_NEXT, _LAST = np.array([1, 2, 0]), np.array([2, 0, 1])


def normalise(vectors: ArrayLike) -> Floats:
    """`vectors` at length 1 along the last axis; NaN where one has no length."""
    vectors = np.asarray(vectors, float)
    size = length(vectors)
    size[size <= _TINY] = np.nan
    return vectors / size


def length(vectors: Floats) -> Floats:
    """Lengths along the last axis, which is kept. Shape (*, n) to (*, 1)."""
    return np.sqrt(dot(vectors, vectors))[..., None]


def dot(a: Floats, b: Floats) -> Floats:
    """Scalar products of vectors (*, n), broadcast: a sum along the last axis without its overhead."""
    products = a * b
    return products @ _ones(products.shape[-1])


@cache
def _ones(count: int) -> Floats:
    return np.ones(count)


def multiply(a: ArrayLike, b: ArrayLike) -> Floats:
    """Rotate by `b`, then by `a`. Shapes (*, 4), broadcast."""
    products = np.asarray(a, float)[..., :, None] * np.asarray(b, float)[..., None, :]
    return (products.reshape(-1, 16) @ _PRODUCTS).reshape(products.shape[:-1])


def inverse(q: ArrayLike) -> Floats:
    """The opposite rotation. Shape (*, 4)."""
    return np.asarray(q, float) * _CONJUGATE


def rotate(q: ArrayLike, vectors: ArrayLike) -> Floats:
    """`vectors` (*, 3) turned by `q` (*, 4), broadcast."""
    q, vectors = np.asarray(q, float), np.asarray(vectors, float)
    w, axis = q[..., :1], q[..., 1:]
    twice = 2.0 * cross(axis, vectors)
    return vectors + w * twice + cross(axis, twice)


def cross(a: Floats, b: Floats) -> Floats:
    """Cross product of vectors (*, 3), broadcast: `numpy.cross` without its overhead."""
    if a.size + b.size < _FEW:
        return a.take(_NEXT, -1) * b.take(_LAST, -1) - a.take(_LAST, -1) * b.take(_NEXT, -1)
    ax, ay, az, bx, by, bz = a[..., 0], a[..., 1], a[..., 2], b[..., 0], b[..., 1], b[..., 2]
    first = ay * bz - az * by
    found = np.empty((*first.shape, 3))
    found[..., 0], found[..., 1], found[..., 2] = first, az * bx - ax * bz, ax * by - ay * bx
    return found


def shortest_arc(source: ArrayLike, target: ArrayLike) -> Floats:
    """Smallest rotation that carries each `source` direction onto its `target`.

    Args:
        source: Directions of any non-zero length. Shape (*, 3).
        target: Directions, broadcast against `source`. Shape (*, 3).

    Returns:
        Unit quaternions with w >= 0. Shape (*, 4). NaN where an input was NaN.

    Opposite directions have no unique answer: a half turn about some axis square to
    `source` is returned.
    """
    source, target = np.asarray(source, float), np.asarray(target, float)
    sizes = np.sqrt(dot(source, source) * dot(target, target))
    w, across = sizes + dot(source, target), cross(source, target)
    q = np.concatenate([w[..., None], across], axis=-1)
    opposite = w < 1e-9 * sizes
    if opposite.any():
        # an axis square to source: cross it with the coordinate axis it leans on least
        least = np.eye(3)[np.argmin(np.abs(np.nan_to_num(source)), axis=-1)]
        half_turn = np.concatenate([np.zeros_like(source[..., :1]), cross(source, least)], axis=-1)
        q = np.where(opposite[..., None], half_turn, q)
    return normalise(q)


def from_axis_angle(axis: ArrayLike, angle: ArrayLike) -> Floats:
    """Turn by `angle` (*) radians about `axis` (*, 3) of any length."""
    half = np.asarray(angle, float)[..., None] / 2.0
    axis = normalise(axis)
    w = np.broadcast_to(np.cos(half), np.broadcast_shapes(half.shape, (*axis.shape[:-1], 1)))
    return np.concatenate([w, np.sin(half) * axis], axis=-1)


def from_matrix(matrices: ArrayLike) -> Floats:
    """Rotation matrices (*, 3, 3) to quaternions with w >= 0 (Bar-Itzhack 2000, for exact ones).

    The largest of the four squared components is taken as the pivot, so no division is
    by anything below 1/2.
    """
    m = np.asarray(matrices, float)
    candidates = m.reshape(-1, 9) @ _CANDIDATES + _IDENTITIES
    pivot = candidates[:, ::5].argmax(-1)
    q = normalise(candidates.reshape(-1, 4, 4)[np.arange(len(pivot)), pivot])
    return np.where(q[:, :1] < 0, -q, q).reshape(*m.shape[:-2], 4)


def to_matrix(q: ArrayLike) -> Floats:
    """Quaternions (*, 4) to rotation matrices (*, 3, 3)."""
    q = np.asarray(q, float)
    squares = (q[..., :, None] * q[..., None, :]).reshape(-1, 16)
    return (squares @ _SQUARES + _IDENTITY).reshape(*q.shape[:-1], 3, 3)


def frame(primary: ArrayLike, secondary: ArrayLike) -> Floats:
    """Right-handed axes as matrix columns: along `primary`, then as near `secondary` as can be.

    Shapes (*, 3) to (*, 3, 3). NaN where the two are parallel or one is missing.
    """
    first = normalise(primary)
    third = normalise(cross(first, np.asarray(secondary, float)))
    found = np.empty((*third.shape, 3))
    found[..., 0], found[..., 1], found[..., 2] = first, cross(third, first), third
    return found


def between_frames(
    source_primary: ArrayLike,
    source_secondary: ArrayLike,
    target_primary: ArrayLike,
    target_secondary: ArrayLike,
) -> Floats:
    """The rotation that carries one pair of directions onto another: exactly the first, nearly the second."""
    source = frame(source_primary, source_secondary)
    target = frame(target_primary, target_secondary)
    return from_matrix(target @ np.swapaxes(source, -1, -2))


def twist_angle(q: ArrayLike, axis: ArrayLike) -> Floats:
    """How far `q` (*, 4) turns about its own `axis` (*, 3), in [-pi, pi] (swing-twist decomposition)."""
    q = np.asarray(q, float)
    along = dot(q[..., 1:], normalise(axis))
    angle = 2.0 * np.arctan2(along, q[..., 0])
    return (angle + np.pi) % (2 * np.pi) - np.pi


def angle_about(axis: ArrayLike, source: ArrayLike, target: ArrayLike) -> Floats:
    """Signed angle about `axis` from `source` to `target`, all (*, 3), both seen along the axis."""
    axis = normalise(axis)
    source, target = np.asarray(source, float), np.asarray(target, float)
    across = cross(axis, source)
    return np.arctan2(dot(across, target), dot(source, target) - dot(axis, source) * dot(axis, target))


def to_vector(q: ArrayLike) -> Floats:
    """Rotation vectors (*, 3), radians, of the shorter way round."""
    q = np.asarray(q, float)
    q = np.where(q[..., :1] < 0, -q, q)
    sine = length(q[..., 1:])
    return q[..., 1:] * (2.0 * np.arctan2(sine, q[..., :1]) / np.maximum(sine, _TINY))


def from_vector(vectors: ArrayLike) -> Floats:
    """Rotation vectors (*, 3) in radians to quaternions."""
    vectors = np.asarray(vectors, float)
    half = length(vectors) / 2.0
    small = np.maximum(half, _TINY)
    return np.concatenate([np.cos(half), vectors * (np.sin(small) / (2.0 * small))], axis=-1)


def angle_between(a: ArrayLike, b: ArrayLike) -> Floats:
    """Angle of the rotation from `a` to `b`, both (*, 4), in [0, pi]."""
    return length(to_vector(multiply(b, inverse(a))))[..., 0]


def interpolate(a: ArrayLike, b: ArrayLike, share: ArrayLike) -> Floats:
    """From `a` (share 0) to `b` (share 1) at constant speed, the shorter way. Shares (*)."""
    step = to_vector(multiply(b, inverse(a)))
    return multiply(from_vector(step * np.asarray(share, float)[..., None]), a)


def continuous(q: ArrayLike) -> Floats:
    """The same rotations (F, *, 4) with signs such that no frame is opposite to the one before."""
    q = np.asarray(q, float)
    if len(q) == 0:
        return q
    flips: Floats = np.where((q[1:] * q[:-1]).sum(-1, keepdims=True) < 0, -1.0, 1.0)
    signs = np.concatenate([np.ones_like(q[:1, ..., :1]), np.cumprod(flips, axis=0)])
    return q * signs


def _products() -> Floats:
    """What the product of part i of one quaternion and part j of another adds to theirs. Shape (16, 4)."""
    table = np.zeros((4, 4, 4))
    for i, j, k in ((1, 2, 3), (2, 3, 1), (3, 1, 2)):
        table[0, i, i] = table[i, 0, i] = table[i, j, k] = 1.0
        table[i, i, 0] = table[j, i, k] = -1.0
    table[0, 0, 0] = 1.0
    return table.reshape(16, 4)


def _squares() -> Floats:
    """What the product of parts i and j of a quaternion adds to its matrix but for the identity. (16, 9)."""
    crosses = np.stack([np.cross(axis, np.eye(3)).T for axis in np.eye(3)])
    table = np.zeros((4, 4, 3, 3))
    table[0, 1:] = 2.0 * crosses
    table[1:, 1:] = 2.0 * crosses[:, None] @ crosses
    return table.reshape(16, 9)


def _candidates() -> Floats:
    """What each number of a matrix adds to four times q q^T, less the identity. Shape (9, 16)."""
    table = np.zeros((3, 3, 4, 4))
    for i, j, k in ((1, 2, 3), (2, 3, 1), (3, 1, 2)):
        table[i - 1, i - 1, [0, i, j, k], [0, i, j, k]] = 1.0, 1.0, -1.0, -1.0
        for a, b in ((i, j), (j, i)):
            table[i - 1, j - 1, a, b] = table[j - 1, i - 1, a, b] = 1.0
        for a, b in ((0, k), (k, 0)):
            table[j - 1, i - 1, a, b], table[i - 1, j - 1, a, b] = 1.0, -1.0
    return table.reshape(9, 16)


_IDENTITY = np.eye(3).ravel()
_PRODUCTS, _SQUARES, _CANDIDATES, _IDENTITIES = _products(), _squares(), _candidates(), np.eye(4).reshape(16)
