"""Where on a head's skin the lips, lids, brows, cheeks and the jaw are, as weights of its vertices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from face_head import Head
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

SIDES = (1.0, -1.0)
"""Left, right: signs of x."""


@dataclass(frozen=True)
class Lid:
    """One eye's lids in angles about the eyeball: how far each vertex belongs to each lid (V,).

    `opening` is how far apart the margins stand at each vertex's azimuth, radians (V,).
    """

    centre: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    opening: np.ndarray


@dataclass(frozen=True)
class Places:
    """Of the skin: `above`, 1 on the upper lip's side of the mouth and 0 on the lower's (V,), and landmarks.

    Attributes:
        front: 1 on the face, 0 on the rest of the head, and in between (V,).
        jaw: How far each vertex goes with the jaw (V,).
        lips: How far each vertex belongs to the lips (V,).
        inside: The mouth's inside, true or false (V,).
        mouth: Middle of the mouth, and half its width.
        brow: Height of the brows.
    """

    skin: np.ndarray
    front: np.ndarray
    above: np.ndarray
    jaw: np.ndarray
    lips: np.ndarray
    inside: np.ndarray
    lids: tuple[Lid, Lid]
    mouth: np.ndarray
    half: float
    brow: float

    def near(self, x: float, y: float, width: float, height: float | None = None) -> np.ndarray:
        """A bell over the face about (x, y), metres. Shape (V,)."""
        height = width if height is None else height
        far = ((self.skin[:, 0] - x) / width) ** 2 + ((self.skin[:, 1] - y) / height) ** 2
        return np.exp(-far / 2) * self.front

    def side(self, sign: float, soft: float = 0.006) -> np.ndarray:
        """1 on one side of the face, 0 on the other. Shape (V,)."""
        return 0.5 + 0.5 * np.tanh(sign * self.skin[:, 0] / soft)


def find_places(head: Head) -> Places:
    skin, lips = head.skin.places, head.lips
    low, high = skin[lips].min(0), skin[lips].max(0)
    half = (high[0] - low[0]) / 2
    corner = skin[lips][np.abs(skin[lips, 0]) > 0.96 * half]
    mouth = np.array([0.0, corner[:, 1].mean(), low[2]])
    front = _step(-(skin[:, 2] - 0.045) / 0.02)
    graph = _edges(head)
    over = _reach(graph, skin, [0.0, low[1] - 0.003, low[2]])
    under = _reach(graph, skin, [0.0, high[1] + 0.004, low[2]])
    above = _step((under - over) / 0.006)
    wide = np.abs(skin[:, 0]) > 1.05 * half
    jaw = np.where(wide, _step((skin[:, 1] - mouth[1] - 0.002) / 0.016), 1 - above)
    jaw = jaw * _step(-(skin[:, 2] - 0.05) / 0.025) * _step((skin[:, 1] - mouth[1] + 0.02) / 0.01)
    jaw = jaw * _step(-(skin[:, 1] - mouth[1] - 0.062) / 0.02)
    belongs = np.zeros(len(skin))
    belongs[lips] = 1.0
    for _ in range(2):
        belongs = np.maximum(
            belongs, 0.6 * (graph > 0).astype(float).multiply(belongs[None, :]).max(1).toarray()[:, 0]
        )
    box = (np.abs(skin[:, 0]) < half) & (np.abs(skin[:, 1] - mouth[1]) < 0.02)
    inside = box & (skin[:, 2] > low[2] + 0.014 + 0.35 * np.abs(skin[:, 0])) & (skin[:, 2] < 0.05)
    brows = next(mesh for mesh in head.meshes if mesh.kind == "brows").places
    brow = float(brows[:, 1].mean())
    lids = tuple(_lid(skin, centre, head.radius, brow) for centre in head.eyes)
    return Places(skin, front, above, jaw, belongs, inside, lids, mouth, half, brow)


def darkened(head: Head, places: Places) -> Head:
    """The head with a mouth that is dark inside."""
    skin = head.skin
    texture, spots = skin.texture.copy(), skin.spots.copy()
    texture[:24, :24, :3] = (52, 20, 18)
    spots[places.inside[skin.triangles].all(1)] = 0.02
    meshes = [replace(mesh, texture=texture, spots=spots) if mesh is skin else mesh for mesh in head.meshes]
    return replace(head, meshes=tuple(meshes))


def _step(x: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(x)


def _edges(head: Head):
    skin, triangles = head.skin.places, head.skin.triangles
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    far = np.linalg.norm(skin[pairs[:, 0]] - skin[pairs[:, 1]], axis=1) + 1e-6
    return coo_matrix((far, (pairs[:, 0], pairs[:, 1])), shape=(len(skin), len(skin))).tocsr()


def _reach(graph, skin: np.ndarray, place: list[float]) -> np.ndarray:
    start = int(np.argmin(np.linalg.norm(skin - place, axis=1)))
    return np.minimum(dijkstra(graph, indices=start), 1.0)


def _lid(skin: np.ndarray, centre: np.ndarray, radius: float, brow: float) -> Lid:
    """The margins lie on both sides of the opening, in elevation about the eyeball."""
    from_eye = skin - centre
    far = np.linalg.norm(from_eye, axis=1)
    elevation = np.arctan2(-from_eye[:, 1], -from_eye[:, 2])
    close = (far < 2.0 * radius) & (from_eye[:, 2] < 0)
    spread = np.linspace(-0.98, 0.98, 41) * radius
    rings = [
        elevation[close & (np.abs(from_eye[:, 0] - at) < 0.0018) & (far > 0.9 * radius)] for at in spread
    ]
    middle = len(spread) // 2
    margins = np.array([*_gaps(rings[middle::-1])[:0:-1], *_gaps(rings[middle:])]).T
    margins = np.array(
        [np.convolve(np.pad(margin, 1, "edge"), np.ones(3) / 3, "valid") for margin in margins]
    )
    low, high = (np.interp(from_eye[:, 0], spread, margin) for margin in margins)
    within = np.clip((1.15 * radius - np.abs(from_eye[:, 0])) / (0.25 * radius), 0, 1) * close
    within *= np.clip((2.2 * radius - far) / (0.5 * radius), 0, 1)
    over = elevation > (low + high) / 2
    upper = (
        within
        * over
        * np.clip((skin[:, 1] - brow - 0.001) / 0.004, 0, 1)
        * np.clip(1 - (elevation - high) / 0.5, 0, 1)
    )
    lower = within * ~over * np.clip(1 - (low - elevation) / 0.6, 0, 1)
    return Lid(centre, np.minimum(upper, 1), np.minimum(lower, 1), np.maximum(high - low, 0.0))


def _gaps(rings: list[np.ndarray]) -> list[tuple[float, float]]:
    """Low and high end of the opening in each ring of elevations, from the middle of the eye outwards."""
    found, middle = [], 0.0
    for ring in rings:
        low, high = ring[ring <= middle], ring[ring > middle]
        ends = (float(low.max()), float(high.min())) if len(low) and len(high) else (middle, middle)
        middle = 0.5 * middle + 0.25 * sum(ends)
        found.append(ends)
    return found
