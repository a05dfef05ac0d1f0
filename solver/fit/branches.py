"""Towards or away from the camera: which of the two bones that look alike was meant, decided over the whole clip.

A bone of known length on two viewing rays has two solutions, mirror images in depth. A limb has four. The path through
them that agrees best with the net's depth, with what joints can do, and with itself in time is found by dynamic
programming (Viterbi 1967); the choice of solutions by length and ray is that of Taylor, CVIU 80 (2000) 349.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..humanoid import SIDES
from ..landmarks import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from ..rest import ELBOW_HINGE, KNEE_HINGE, OUT, UP
from ..sight import Sight
from .body import Body, Placed, place
from .skeleton import ANGLES, BALLS, BENDS, NODE

EVIDENCE_SECONDS = 0.05
"""So long its errors last: frames closer together are no new witnesses."""
TURNING = 6.0
"""Usual angular speed of a limb, rad/s."""
TWIST_SPREAD = np.radians(60.0)
"""How far an upper limb's hinge usually turns from its rest."""


def choose(sight: Sight, body: Body) -> Body:
    """The body with arms and legs that point to the camera or away from it as the whole clip says."""
    placed = place(body)
    still = place(Body(body.root[:1], *_rest(), body.lengths))
    balls, angles = body.balls.copy(), body.angles.copy()
    for i, side in enumerate(SIDES):
        for chain, hinge, along, upper, bent, carrier in (
            (
                (SHOULDERS[i], ELBOWS[i], WRISTS[i]),
                ELBOW_HINGE[side],
                OUT[side],
                "UpperArm",
                "Elbow",
                f"{side}Shoulder",
            ),
            ((HIPS[i], KNEES[i], ANKLES[i]), KNEE_HINGE, -UP, "UpperLeg", "Knee", "hips"),
        ):
            first, second = _limb(sight, placed, still, chain, carrier, along, hinge)
            carried = rotations.from_matrix(placed.turned[:, NODE[carrier]])
            turned, bend = _turned(carried, first, second, along, hinge)
            balls[:, BALLS.index(side + upper)] = turned
            angles[:, ANGLES.index(side + bent)] = bend
    return Body(body.root, balls, body.bends, angles, body.lengths)


def _rest() -> tuple[Floats, Floats, Floats]:
    identity = np.tile(rotations.IDENTITY, (1, len(BALLS), 1))
    return identity, np.zeros((1, len(BENDS), 3)), np.zeros((1, len(ANGLES)))


def _limb(
    sight: Sight,
    placed: Placed,
    still: Placed,
    chain: tuple[int, int, int],
    carrier: str,
    along: Floats,
    hinge: Floats,
) -> tuple[Floats, Floats]:
    """Directions of both bones (F, 3), metres long, camera axes."""
    a, b, c = chain
    length = np.linalg.norm(np.diff(still.landmarks[0, list(chain)], axis=0), axis=-1)
    start = placed.landmarks[:, a, None]
    middle = _on_ray(start, sight.slopes[:, b], length[0])  # (F, 2, 3)
    end = _on_ray(middle, sight.slopes[:, c], length[1]).reshape(len(middle), 4, 3)
    middle = np.repeat(middle, 2, axis=1)
    first, second = middle - start, end - middle
    cost = np.zeros(first.shape[:2])
    error = sight.noise * sight.error[..., 2]
    for bone, i, j in ((first, a, b), (second, b, c)):
        seen = sight.metric[:, j] - sight.metric[:, i]
        cost += _depth_cost(bone, seen, sight.trust[:, j], np.hypot(error[:, i], error[:, j]))
    back = np.swapaxes(placed.turned[:, None, NODE[carrier]], -1, -2)
    cost += _hinge_cost((back @ first[..., None])[..., 0], (back @ second[..., None])[..., 0], along, hinge)
    held = np.gradient(sight.times) / EVIDENCE_SECONDS if len(sight.times) > 1 else np.ones(1)
    path = _cheapest(cost * held[:, None], _turning_cost(first, second, sight.times))
    rows = np.arange(len(path))
    return first[rows, path], second[rows, path]


def _on_ray(start: Floats, slopes: Floats, length: float) -> Floats:
    """Points `length` from `start` (F, S, 3) on viewing rays (F, 2): the nearer, then the farther. (F, S, 2, 3) or (F, 2, 3)."""
    ray = np.concatenate([slopes, np.ones((len(slopes), 1))], axis=-1)[:, None]
    square = (ray**2).sum(-1)
    middle = (start * ray).sum(-1) / square
    inside = middle**2 - ((start**2).sum(-1) - length**2) / square
    root = np.sqrt(np.maximum(inside, 0.0))
    found = np.stack([middle - root, middle + root], axis=-1)[..., None] * ray[:, :, None]
    found = start[:, :, None] + rotations.normalise(found - start[:, :, None]) * length
    return found[:, 0] if start.shape[1] == 1 else found


def _depth_cost(bone: Floats, seen: Floats, trust: Floats, error: Floats) -> Floats:
    """Against the net's depth (F, 3): a Cauchy loss. Shape (F, S)."""
    miss = (bone[..., 2] - seen[:, None, 2]) / error[:, None]
    return trust[:, None] * np.log1p(miss**2)


def _hinge_cost(first: Floats, second: Floats, along: Floats, hinge: Floats) -> Floats:
    """Of the twist that an upper limb needs to bend so, in the axes of what carries it. Shape (F, S)."""
    normal = np.cross(rotations.normalise(first), rotations.normalise(second))
    resting = rotations.rotate(rotations.shortest_arc(along, first), hinge)
    twist = np.nan_to_num(rotations.angle_about(first, resting, normal))
    bent = np.minimum(1.0, np.linalg.norm(normal, axis=-1) / np.sin(np.radians(25.0)))
    return bent * (twist / TWIST_SPREAD) ** 2


def _turning_cost(first: Floats, second: Floats, times: Floats) -> Floats:
    """Of turning from each solution to each of the next frame's. Shape (F-1, S, S)."""
    cost = np.zeros((len(times) - 1, first.shape[1], first.shape[1]))
    usual = TURNING * np.diff(times)[:, None, None]
    for bone in (rotations.normalise(first), rotations.normalise(second)):
        cosine = np.einsum("fsx,ftx->fst", bone[:-1], bone[1:])
        cost += (np.arccos(np.clip(cosine, -1.0, 1.0)) / usual) ** 2
    return cost


def _cheapest(nodes: Floats, steps: Floats) -> Floats:
    """Which solution each frame takes on the cheapest path. Shape (F,)."""
    total, back = nodes[0], []
    for node, step in zip(nodes[1:], steps, strict=True):
        reached = total[:, None] + step
        back.append(reached.argmin(0))
        total = reached.min(0) + node
    path = [int(total.argmin())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return np.array(path[::-1])


def _turned(
    carried: Floats, first: Floats, second: Floats, along: Floats, hinge: Floats
) -> tuple[Floats, Floats]:
    """Rotation of the upper bone against what carries it, and the bend of its hinge, radians."""
    back = rotations.inverse(carried)
    first, second = rotations.rotate(back, first), rotations.rotate(back, second)
    normal = np.cross(rotations.normalise(first), rotations.normalise(second))
    swing = rotations.shortest_arc(along, first)
    resting = rotations.rotate(swing, hinge)
    sine = np.linalg.norm(normal, axis=-1)
    bend = np.arctan2(sine, (rotations.normalise(first) * rotations.normalise(second)).sum(-1))
    seen = np.clip((bend - np.radians(10.0)) / np.radians(15.0), 0.0, 1.0)
    twist = seen * np.clip(
        np.nan_to_num(rotations.angle_about(first, resting, normal)), -np.pi / 2, np.pi / 2
    )
    return rotations.multiply(rotations.from_axis_angle(first, twist), swing), bend
