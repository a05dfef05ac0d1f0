"""The body of the mannequin: which solids it has, fitted to the rest pose of a Rigify human."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .limbs import arm, hand, leg
from .rest import BODY, JOINT, LEFT, RIGHT, Rest, smoothstep
from .solid import Floats, Solid, ball, curve, joined, loft, mirrored, striped

_SPINE = ("DEF-spine", *(f"DEF-spine.{number:03d}" for number in range(1, 7)))
_ROUND = 36  # vertices around the torso
_HEAD_ROUND = 48
_VISOR = range(_HEAD_ROUND * 7 // 12, _HEAD_ROUND * 11 // 12)  # 60 degrees either side of the front


def body(rest: Rest) -> Solid:
    """The whole mannequin around the deform bones `rest` of a Rigify human."""
    left = [*arm(rest), *hand(rest), *leg(rest), _ear(rest)]
    right = [mirrored(solid, paints={LEFT: RIGHT}) for solid in left]
    return joined([*_torso(rest), _head(rest), *left, *right])


def _torso(rest: Rest) -> list[Solid]:
    """Pelvis, waist, ribcage and neck; knots are (bones up the spine, forward, half width, half depth)."""
    pelvis = _column(
        rest,
        [
            (-0.35, 0.035, 0.062, 0.058),
            (0.0, 0.030, 0.128, 0.098),
            (0.4, 0.022, 0.153, 0.108),
            (0.75, 0.010, 0.150, 0.100),
            (1.05, 0.0, 0.128, 0.086),
        ],
        caps=(0.025, 0.02),
        paint=BODY,
    )
    waist = _column(
        rest,
        [(0.7, 0.0, 0.112, 0.080), (1.5, 0.0, 0.106, 0.076), (2.3, 0.0, 0.116, 0.084)],
        caps=(0.02, 0.02),
        paint=JOINT,
    )
    ribcage = _column(
        rest,
        [
            (1.75, 0.0, 0.122, 0.086),
            (2.3, 0.006, 0.148, 0.107),
            (3.0, 0.006, 0.168, 0.120),
            (3.5, -0.004, 0.150, 0.106),
            (3.9, -0.012, 0.088, 0.074),
        ],
        caps=(0.02, 0.025),
        paint=BODY,
    )
    neck = _column(
        rest,
        [(3.7, -0.006, 0.066, 0.064), (4.5, 0.0, 0.055, 0.056), (5.9, 0.0, 0.056, 0.060)],
        caps=(0.01, 0.02),
        paint=JOINT,
    )
    hips = [f"DEF-pelvis.{side}" for side in "LR"]
    share = np.clip(0.5 + pelvis.vertices[:, 0] / 0.04, 0.0, 1.0)
    breastbone = (3 * _ROUND // 4 - 1, 3 * _ROUND // 4)
    ribcage = striped(ribcage, JOINT, columns=breastbone, along=(0.25, 0.8), around=_ROUND)
    return [
        replace(pelvis, weights={hips[0]: share, hips[1]: 1.0 - share}),
        _blended(waist, rest, _SPINE[:3], width=0.05),
        _blended(ribcage, rest, _SPINE[2:4], width=0.08),
        _blended(neck, rest, _SPINE[3:], width=0.02),
    ]


def _column(rest: Rest, knots: Sequence[Sequence[float]], *, caps: tuple[float, float], paint: int) -> Solid:
    """A solid up the spine, its cross-sections level; see `_torso` for the knots."""
    joints = np.array([*(rest[name].head for name in _SPINE), rest[_SPINE[-1]].tail])
    joints = np.concatenate([2 * joints[:1] - joints[1:2], joints])
    at, forward, width, depth = curve(knots, 16).T
    zero = np.zeros_like(at)
    numbers = np.arange(len(joints)) - 1
    y, z = (np.interp(at, numbers, joints[:, axis]) for axis in (1, 2))
    return loft(
        np.stack([zero, y - forward, z], axis=1),
        np.stack([width, zero, zero], axis=1),
        np.stack([zero, depth, zero], axis=1),
        bone=_SPINE[0],
        paint=paint,
        caps=caps,
        around=_ROUND,
        power=2.2,
    )


def _blended(column: Solid, rest: Rest, bones: Sequence[str], *, width: float) -> Solid:
    """Carried by the bones of the spine in turn, blended over `width` metres where two meet."""
    above = [
        np.ones(len(column.vertices)),
        *(smoothstep((column.vertices[:, 2] - rest[bone].head[2]) / width + 0.5) for bone in bones[1:]),
        np.zeros(len(column.vertices)),
    ]
    weights = {bone: above[n] - above[n + 1] for n, bone in enumerate(bones)}
    return replace(column, weights=weights)


def _head(rest: Rest) -> Solid:
    """An egg with visor, brow, nose and chin, as far as it takes to see from afar where it looks."""
    bone = rest[_SPINE[6]]
    nose, chin = rest["DEF-nose"].tail, rest["DEF-chin"].head
    top, bottom, back = bone.tail[2] + 0.012, chin[2] - 0.012, bone.head[1] + 0.085
    front = nose[1] + 0.020
    centre = np.array([0.0, (front + back) / 2, (top + bottom) / 2])
    half = np.array([0.087, (back - front) / 2, (top - bottom) / 2])
    egg = ball(centre, half, bone=_SPINE[6], paint=BODY, around=_HEAD_ROUND)
    egg = striped(egg, JOINT, columns=_VISOR, along=(0.55, 0.63), around=_HEAD_ROUND)
    unit = (egg.vertices - centre) / half
    low = np.clip(-unit[:, 2], 0.0, 1.0)
    x = egg.vertices[:, 0] * (1.0 - 0.14 * low)
    y = egg.vertices[:, 1] - 0.030 * low * (1.0 + 0.6 * unit[:, 1])
    z = egg.vertices[:, 2]
    facing = np.clip(-unit[:, 1], 0.0, 1.0) ** 0.5

    def bump(at_x: float, at_z: float, wide: float, high: float) -> Floats:
        return facing * np.exp(-(((np.abs(x) - at_x) / wide) ** 2) - ((z - at_z) / high) ** 2)

    brow, eyes = nose[2] + 0.062, nose[2] + 0.032
    ridge = 0.026 * bump(0.0, nose[2] + 0.004, 0.017, 0.020) + 0.011 * bump(0.0, eyes, 0.012, 0.024)
    y = y - ridge - 0.007 * bump(0.026, brow, 0.026, 0.013) + 0.012 * bump(0.036, eyes, 0.020, 0.015)
    y = y - 0.008 * bump(0.0, chin[2] + 0.012, 0.022, 0.016)
    return replace(egg, vertices=np.stack([x, y, z], axis=1))


def _ear(rest: Rest) -> Solid:
    ear = rest["DEF-ear.L"].head
    centre = np.array([0.080, ear[1] + 0.02, ear[2]])
    return ball(centre, (0.014, 0.022, 0.030), bone=_SPINE[6], paint=LEFT, around=20)
