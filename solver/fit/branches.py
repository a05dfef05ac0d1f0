"""Towards or away from the camera: which of two bones that look alike was meant, decided over the whole clip.

A bone of known length on two viewing rays has two solutions, mirror images in depth. An arm has four, and
the present guess, whose ends may miss their rays, is a fifth. The path through them that agrees best with
the net's depth, with how arms twist, and with itself in time is found by dynamic programming. Legs need no
choice: knees bend one way only. docs/derivations.md, BRANCHES.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import rotations
from ..humanoid import SIDES
from ..landmarks import ELBOWS, SHOULDERS, WRISTS
from ..rest import ELBOW_HINGE, OUT
from ..sight import Sight
from ..smooth import durations
from ..viterbi import cheapest
from .body import Body, Placed, place
from .skeleton import ANGLES, BALLS, BENDS, NODE

EVIDENCE_SECONDS = 0.05
"""For so long a frame's evidence counts once."""
TURNING = 6.0
"""Usual angular speed of an arm's bones, rad/s."""
TWIST_SPREAD = np.radians(75.0)
"""How far an upper arm's hinge usually turns from its rest."""
HINGE_SEEN = np.radians(25.0)
"""An elbow bent by more than this shows where its hinge lies."""

CHANGED = 1.5
"""Price, in a frame, of a solution that is not the present guess: that one needs much to speak against it."""


def choose(sight: Sight, body: Body) -> Body:
    """The body with arms that point to the camera or away from it as the whole clip says."""
    placed = place(body)
    lengths = _lengths(body)
    balls, angles = body.balls.copy(), body.angles.copy()
    for side in SIDES:
        carried = rotations.from_matrix(placed.turned[:, NODE[f"{side}Shoulder"]])
        first, second = _arm(sight, placed, lengths, rotations.inverse(carried), side)
        turned, bend = _turned(first, second, side)
        balls[:, BALLS.index(f"{side}UpperArm")] = turned
        angles[:, ANGLES.index(f"{side}Elbow")] = bend
    return Body(body.root, balls, body.bends, angles, body.lengths)


def _chain(side: str) -> list[int]:
    """The landmarks of an arm."""
    i = SIDES.index(side)
    return [SHOULDERS[i], ELBOWS[i], WRISTS[i]]


def _lengths(body: Body) -> Floats:
    """Of the upper arm and the forearm between their landmarks, metres. Shape (2,)."""
    still = Body(
        body.root[:1],
        np.tile(rotations.IDENTITY, (1, len(BALLS), 1)),
        np.zeros((1, len(BENDS), 3)),
        np.zeros((1, len(ANGLES))),
        body.lengths,
    )
    return np.linalg.norm(np.diff(place(still).landmarks[0, _chain(SIDES[0])], axis=0), axis=-1)


def _arm(sight: Sight, placed: Placed, lengths: Floats, back: Floats, side: str) -> tuple[Floats, Floats]:
    """Directions (F, 3) of an arm's bones in the axes of the shoulder; `back` turns camera axes to them."""
    a, b, c = _chain(side)
    start = placed.landmarks[:, a, None]
    middle = _on_ray(start, sight.slopes[:, b], lengths[0])
    end = _on_ray(middle, sight.slopes[:, c], lengths[1])
    middle = np.repeat(middle, 2, axis=1)
    first = np.concatenate([middle - start, placed.landmarks[:, b, None] - start], axis=1)
    second = np.concatenate([end - middle, np.diff(placed.landmarks[:, [b, c]], axis=1)], axis=1)

    cost = _depth_cost(first, sight, a, b) + _depth_cost(second, sight, b, c)
    cost[:, :-1] += CHANGED
    cost[:, -1] += _image_cost(placed, sight, b) + _image_cost(placed, sight, c)
    ways = [rotations.rotate(back[:, None], bone) for bone in (first, second)]
    cost += _hinge_cost(ways[0], ways[1], side)
    cost *= (durations(sight.times) / EVIDENCE_SECONDS)[:, None]
    path = cheapest(cost, _turning_cost(first, second, sight.times))
    rows = np.arange(len(path))
    return ways[0][rows, path], ways[1][rows, path]


def _on_ray(start: Floats, slopes: Floats, length: float) -> Floats:
    """Points `length` from `start` (F, S, 3) near viewing rays (F, 2), nearer and farther: (F, 2 S, 3)."""
    ray = np.concatenate([slopes, np.ones((len(slopes), 1))], axis=-1)[:, None]
    square = (ray**2).sum(-1)
    middle = (start * ray).sum(-1) / square
    inside = middle**2 - ((start**2).sum(-1) - length**2) / square
    half = np.sqrt(np.maximum(inside, 0.0))
    found = np.stack([middle - half, middle + half], axis=-1)[..., None] * ray[:, :, None]
    found = start[:, :, None] + rotations.normalise(found - start[:, :, None]) * length
    return found.reshape(len(start), -1, 3)


def _depth_cost(bone: Floats, sight: Sight, start: int, end: int) -> Floats:
    """Of bones (F, S, 3) against the net's depth: a Cauchy loss. Shape (F, S)."""
    seen = (sight.metric[:, end] - sight.metric[:, start])[:, None, 2]
    error = sight.noise[:, end, None] * np.hypot(sight.error[:, start, 2], sight.error[:, end, 2])[:, None]
    return sight.trust[:, end, None] * np.log1p(((bone[..., 2] - seen) / error) ** 2)


def _image_cost(placed: Placed, sight: Sight, landmark: int) -> Floats:
    """Of a landmark that is not on its viewing ray: a Cauchy loss. Shape (F,)."""
    point = placed.landmarks[:, landmark]
    miss = point[:, :2] - sight.slopes[:, landmark] * point[:, 2:]
    return sight.trust[:, landmark] * np.log1p(((miss / sight.across[:, landmark, None]) ** 2).sum(-1))


def _hinge_cost(first: Floats, second: Floats, side: str) -> Floats:
    """Of the twist that an upper arm needs to bend so, in the axes of the shoulder. Shape (F, S)."""
    twist, bend = _hinge(first, second, side)
    seen = np.minimum(1.0, np.sin(np.minimum(bend, np.pi / 2)) / np.sin(HINGE_SEEN))
    return seen * (twist / TWIST_SPREAD) ** 2


def _hinge(first: Floats, second: Floats, side: str) -> tuple[Floats, Floats]:
    """Twist of the upper arm against the shortest way from the T-pose, bend of the elbow, radians."""
    first, second = rotations.normalise(first), rotations.normalise(second)
    normal = rotations.cross(first, second)
    bend = np.arctan2(np.linalg.norm(normal, axis=-1), (first * second).sum(-1))
    resting = rotations.rotate(rotations.shortest_arc(OUT[side], first), ELBOW_HINGE[side])
    return np.nan_to_num(rotations.angle_about(first, resting, normal)), bend


def _turning_cost(first: Floats, second: Floats, times: Floats) -> Floats:
    """Of turning from each solution to each of the next frame's. Shape (F-1, S, S)."""
    cost = np.zeros((len(times) - 1, first.shape[1], first.shape[1]))
    usual = TURNING * np.diff(times)[:, None, None]
    for bone in (rotations.normalise(first), rotations.normalise(second)):
        cosine = bone[:-1] @ bone[1:].swapaxes(1, 2)
        cost += (np.arccos(np.clip(cosine, -1.0, 1.0)) / usual) ** 2
    return cost


def _turned(first: Floats, second: Floats, side: str) -> tuple[Floats, Floats]:
    """Rotation of the upper arm against the shoulder (F, 4), and the bend of its elbow (F,), radians."""
    twist, bend = _hinge(first, second, side)
    seen = np.clip((bend - HINGE_SEEN / 2) / (HINGE_SEEN / 2), 0.0, 1.0)
    turn = rotations.from_axis_angle(first, seen * np.clip(twist, -np.pi / 2, np.pi / 2))
    return rotations.multiply(turn, rotations.shortest_arc(OUT[side], first)), bend
