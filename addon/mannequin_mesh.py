"""The body of the mannequin: which solids it has, fitted to the rest pose of a Rigify human."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .solid import AROUND, Floats, Solid, ball, curve, joined, loft, mirrored, striped

BODY, JOINT, LEFT, RIGHT = range(4)  # the materials

_SPINE = ("DEF-spine", *(f"DEF-spine.{number:03d}" for number in range(1, 7)))
_ROUND = 36  # vertices around the torso
_FRONT = np.array([0.0, -1.0, 0.0])
_FRONT_UP = np.array([0.0, -0.6, 1.0])


@dataclass(frozen=True)
class Bone:
    """A bone at rest, in the armature's space. Shape (3,) each."""

    head: Floats
    tail: Floats


Rest = Mapping[str, Bone]


def body(rest: Rest) -> Solid:
    """The whole mannequin around the deform bones `rest` of a Rigify human."""
    left = [*_arm(rest), *_hand(rest), *_leg(rest), _ear(rest)]
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


def _head(rest: Rest) -> Solid:
    """An egg with brow, nose, eye sockets and chin, as far as it takes to see where it looks."""
    bone = rest[_SPINE[6]]
    nose, chin = rest["DEF-nose"].tail, rest["DEF-chin"].head
    top, bottom, back = bone.tail[2] + 0.012, chin[2] - 0.012, bone.head[1] + 0.085
    front = nose[1] + 0.020
    centre = np.array([0.0, (front + back) / 2, (top + bottom) / 2])
    half = np.array([0.087, (back - front) / 2, (top - bottom) / 2])
    egg = ball(centre, half, bone=_SPINE[6], paint=BODY, around=36)
    unit = (egg.vertices - centre) / half
    low = np.clip(-unit[:, 2], 0.0, 1.0)
    x = egg.vertices[:, 0] * (1.0 - 0.14 * low)
    y = egg.vertices[:, 1] - 0.030 * low * (1.0 + 0.6 * unit[:, 1])
    z = egg.vertices[:, 2]
    facing = np.clip(-unit[:, 1], 0.0, 1.0) ** 0.5

    def bump(at_x: float, at_z: float, wide: float, high: float) -> Floats:
        return facing * np.exp(-(((np.abs(x) - at_x) / wide) ** 2) - ((z - at_z) / high) ** 2)

    brow, eyes = nose[2] + 0.062, nose[2] + 0.032
    ridge = 0.026 * bump(0.0, nose[2] + 0.004, 0.014, 0.018) + 0.012 * bump(0.0, eyes, 0.010, 0.024)
    y = y - ridge - 0.007 * bump(0.026, brow, 0.026, 0.013) + 0.012 * bump(0.036, eyes, 0.020, 0.015)
    y = y - 0.008 * bump(0.0, chin[2] + 0.012, 0.022, 0.016)
    return replace(egg, vertices=np.stack([x, y, z], axis=1))


def _ear(rest: Rest) -> Solid:
    ear = rest["DEF-ear.L"].head
    centre = np.array([0.080, ear[1] + 0.02, ear[2]])
    return ball(centre, (0.014, 0.022, 0.030), bone=_SPINE[6], paint=LEFT, around=20)


def _arm(rest: Rest) -> list[Solid]:
    """Shoulder to wrist; knots of a limb are (share of its length, half width, half depth)."""
    shoulder, elbow = rest["DEF-upper_arm.L"].head, rest["DEF-forearm.L"].head
    wrist = rest["DEF-hand.L"].head
    collar = rest["DEF-shoulder.L"]
    inner = np.array([0.055, collar.tail[1] - 0.01, collar.tail[2] - 0.005])
    yoke = _limb(
        inner,
        shoulder,
        [(0.0, 0.046, 0.050), (0.5, 0.050, 0.052), (0.75, 0.056, 0.055)],
        reference=_FRONT_UP,
        caps=(0.02, 0.02),
        bone="DEF-shoulder.L",
    )
    upper = _limb(
        shoulder,
        elbow,
        [(0.17, 0.050, 0.047), (0.4, 0.049, 0.046), (0.7, 0.042, 0.041), (0.9, 0.036, 0.036)],
        reference=_FRONT_UP,
        caps=(0.03, 0.02),
        bone="DEF-upper_arm.L",
    )
    fore = _limb(
        elbow,
        wrist,
        [(0.10, 0.036, 0.036), (0.3, 0.041, 0.038), (0.65, 0.034, 0.030), (0.93, 0.026, 0.023)],
        reference=_FRONT_UP,
        caps=(0.02, 0.015),
        bone="DEF-forearm.L",
    )
    return [
        yoke,
        ball(shoulder, (0.060,) * 3, bone="DEF-shoulder.L", paint=JOINT),
        _halved(_marked(upper), shoulder, elbow, "DEF-upper_arm.L"),
        ball(elbow, (0.040,) * 3, bone="DEF-forearm.L", paint=JOINT),
        _halved(_marked(fore), elbow, wrist, "DEF-forearm.L"),
        ball(wrist, (0.027,) * 3, bone="DEF-hand.L", paint=JOINT),
    ]


def _leg(rest: Rest) -> list[Solid]:
    hip, knee = rest["DEF-thigh.L"].head, rest["DEF-shin.L"].head
    ankle = rest["DEF-foot.L"].head
    thigh = _limb(
        hip,
        knee,
        [(0.10, 0.078, 0.084), (0.3, 0.080, 0.086), (0.65, 0.064, 0.068), (0.92, 0.052, 0.053)],
        reference=_FRONT,
        caps=(0.05, 0.025),
        bone="DEF-thigh.L",
    )
    shin = _limb(
        knee,
        ankle,
        [(0.07, 0.051, 0.052), (0.3, 0.055, 0.056), (0.7, 0.041, 0.042), (0.93, 0.034, 0.035)],
        reference=_FRONT,
        caps=(0.025, 0.02),
        bone="DEF-shin.L",
    )
    return [
        ball(hip, (0.086,) * 3, bone="DEF-thigh.L", paint=JOINT),
        _halved(_marked(thigh), hip, knee, "DEF-thigh.L"),
        ball(knee, (0.056,) * 3, bone="DEF-shin.L", paint=JOINT),
        _halved(_marked(shin), knee, ankle, "DEF-shin.L"),
        ball(ankle, (0.038,) * 3, bone="DEF-foot.L", paint=JOINT),
        _foot(rest),
    ]


def _foot(rest: Rest) -> Solid:
    """From heel to toes, flat at z = 0; knots are (share, half width, height of its middle, half height)."""
    ankle, toe = rest["DEF-foot.L"].head, rest["DEF-toe.L"]
    heel_y, tip_y = ankle[1] + 0.050, toe.tail[1] - 0.012
    knots = [
        (0.0, 0.030, 0.036, 0.038),
        (0.2, 0.036, 0.042, 0.052),
        (0.42, 0.038, 0.038, 0.048),
        (0.7, 0.049, 0.022, 0.034),
        (0.88, 0.047, 0.016, 0.026),
        (1.0, 0.034, 0.014, 0.020),
    ]
    t, width, middle, height = curve(knots, 20).T
    zero = np.zeros_like(t)
    foot = loft(
        np.stack([zero + ankle[0] + 0.006 * t, heel_y + (tip_y - heel_y) * t, middle], axis=1),
        np.stack([width, zero, zero], axis=1),
        np.stack([zero, zero, height], axis=1),
        bone="DEF-foot.L",
        paint=JOINT,
        caps=(0.022, 0.022),
        power=2.4,
    )
    vertices = foot.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], 0.0)
    toes = _smoothstep((toe.head[1] - vertices[:, 1]) / 0.05 + 0.5)
    return replace(foot, vertices=vertices, weights={"DEF-foot.L": 1.0 - toes, "DEF-toe.L": toes})


def _hand(rest: Rest) -> list[Solid]:
    """A flat palm and fifteen finger bones, whose round ends meet in the joints."""
    wrist = rest["DEF-hand.L"].head
    index, pinky = rest["DEF-f_index.01.L"].head, rest["DEF-f_pinky.01.L"].head
    knuckles = (index + pinky) / 2
    across = (index - pinky) / np.linalg.norm(index - pinky)
    back = np.cross(across, knuckles - wrist)
    palm = _limb(
        wrist,
        knuckles,
        [(0.12, 0.019, 0.025), (0.45, 0.018, 0.037), (0.8, 0.016, 0.044), (1.0, 0.013, 0.042)],
        reference=back if back[2] > 0 else -back,
        caps=(0.01, 0.010),
        bone="DEF-hand.L",
        power=2.6,
    )
    fingers = [
        _finger(rest, f"DEF-{finger}.0{number}.L", size * radius)
        for finger, size in (("f_index", 1.0), ("f_middle", 1.05), ("f_ring", 1.0), ("f_pinky", 0.86))
        for number, radius in ((1, 0.0112), (2, 0.0102), (3, 0.0092))
    ]
    thumb = [_finger(rest, f"DEF-thumb.0{number}.L", radius) for number, radius in ((2, 0.0128), (3, 0.0112))]
    return [_marked(palm), _thumb_base(rest, knuckles), *fingers, *thumb]


def _thumb_base(rest: Rest, knuckles: Floats) -> Solid:
    """From within the palm to the thumb's second joint, carried by the hand and the thumb in turn."""
    wrist, thumb = rest["DEF-hand.L"].head, rest["DEF-thumb.01.L"]
    start = wrist + 0.3 * (knuckles - wrist)
    base = _limb(
        start,
        thumb.tail,
        [(0.0, 0.020, 0.016), (0.5, 0.019, 0.0155), (1.0, 0.0132, 0.0132)],
        reference=knuckles - wrist,
        caps=(0.016, 0.0132),
        bone="DEF-hand.L",
    )
    along = _share(base, start, thumb.tail)
    moved = _smoothstep((along - 0.1) / 0.6)
    return replace(base, weights={"DEF-hand.L": 1.0 - moved, "DEF-thumb.01.L": moved})


def _finger(rest: Rest, name: str, radius: float) -> Solid:
    """One bone of a finger, its ends half balls around the joints."""
    tip = 0.9 * radius
    return _limb(
        rest[name].head,
        rest[name].tail,
        [(0.0, radius, radius), (1.0, tip, tip)],
        reference=_FRONT,
        caps=(radius, tip),
        bone=name,
        around=12,
        rings=4,
    )


def _limb(
    start: Floats,
    end: Floats,
    knots: Sequence[Sequence[float]],
    *,
    reference: Floats,
    caps: tuple[float, float],
    bone: str,
    around: int = AROUND,
    rings: int = 12,
    power: float = 2.0,
) -> Solid:
    """A solid along a bone; the half width lies along `reference`, where its seam is too."""
    axis = (end - start) / np.linalg.norm(end - start)
    wide = reference - axis * (reference @ axis)
    wide /= np.linalg.norm(wide)
    share, width, depth = curve(knots, rings).T[:, :, None]
    return loft(
        start + share * (end - start),
        width * wide,
        depth * np.cross(axis, wide),
        bone=bone,
        paint=BODY,
        caps=caps,
        around=around,
        power=power,
    )


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


def _marked(limb: Solid) -> Solid:
    """With the coloured line of its side where its seam is: it shows how the limb is turned."""
    return striped(limb, LEFT, columns=(0, -1), along=(0.1, 0.9))


def _halved(limb: Solid, start: Floats, end: Floats, bone: str) -> Solid:
    """Carried by the two bones that Rigify cuts an arm or a leg segment into."""
    second = _smoothstep((_share(limb, start, end) - 0.5) / 0.1 + 0.5)
    return replace(limb, weights={bone: 1.0 - second, f"{bone}.001": second})


def _share(solid: Solid, start: Floats, end: Floats) -> Floats:
    """How far along the way from `start` to `end` each vertex is, 0 to 1. Shape (V,)."""
    return (solid.vertices - start) @ (end - start) / np.sum((end - start) ** 2)


def _blended(column: Solid, rest: Rest, bones: Sequence[str], *, width: float) -> Solid:
    """Carried by the bones of the spine in turn, blended over `width` metres where two meet."""
    above = [
        np.ones(len(column.vertices)),
        *(_smoothstep((column.vertices[:, 2] - rest[bone].head[2]) / width + 0.5) for bone in bones[1:]),
        np.zeros(len(column.vertices)),
    ]
    weights = {bone: above[n] - above[n + 1] for n, bone in enumerate(bones)}
    return replace(column, weights=weights)


def _smoothstep(value: Floats) -> Floats:
    clipped = np.clip(value, 0.0, 1.0)
    return clipped * clipped * (3.0 - 2.0 * clipped)
