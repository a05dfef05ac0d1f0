"""The left limbs of the mannequin, fitted to the rest pose of a Rigify human; the right ones mirror them.

Knots of a limb are (share of its length, half width, half depth), lengths in metres. Joints are
balls that the ends of the segments turn around, so that nothing opens or pinches when they bend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .rest import BODY, JOINT, LEFT, Rest, smoothstep
from .solid import AROUND, Floats, Solid, ball, curve, loft, striped

_FRONT = np.array([0.0, -1.0, 0.0])
_FRONT_UP = np.array([0.0, -0.6, 1.0])


def arm(rest: Rest) -> list[Solid]:
    """Shoulder to wrist."""
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


def leg(rest: Rest) -> list[Solid]:
    """Hip to toes."""
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
    toes = smoothstep((toe.head[1] - vertices[:, 1]) / 0.05 + 0.5)
    return replace(foot, vertices=vertices, weights={"DEF-foot.L": 1.0 - toes, "DEF-toe.L": toes})


def hand(rest: Rest) -> list[Solid]:
    """A flat palm and fifteen finger bones, whose round ends meet in the joints."""
    wrist = rest["DEF-hand.L"].head
    index, pinky = rest["DEF-f_index.01.L"].head, rest["DEF-f_pinky.01.L"].head
    knuckles = (index + pinky) / 2
    back = np.cross(knuckles - wrist, pinky - index)
    palm = _limb(
        wrist,
        knuckles,
        [(0.12, 0.019, 0.025), (0.45, 0.018, 0.037), (0.8, 0.016, 0.044), (1.0, 0.013, 0.042)],
        reference=back,
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
    moved = smoothstep((_share(base, start, thumb.tail) - 0.1) / 0.6)
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


def _marked(limb: Solid) -> Solid:
    """With the coloured line of its side where its seam is: it shows how the limb is turned."""
    return striped(limb, LEFT, columns=(0, -1), along=(0.1, 0.9))


def _halved(limb: Solid, start: Floats, end: Floats, bone: str) -> Solid:
    """Carried by the two bones that Rigify cuts an arm or a leg segment into."""
    second = smoothstep((_share(limb, start, end) - 0.5) / 0.1 + 0.5)
    return replace(limb, weights={bone: 1.0 - second, f"{bone}.001": second})


def _share(solid: Solid, start: Floats, end: Floats) -> Floats:
    """How far from `start` (0) to `end` (1) each vertex is. Shape (V,)."""
    return (solid.vertices - start) @ (end - start) / np.sum((end - start) ** 2)
