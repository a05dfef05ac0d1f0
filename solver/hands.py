"""Hands and fingers from the hand's own 21 landmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..take import Floats
from . import rotations
from .humanoid import FINGERS, INDEX, finger_slots, rest_pose
from .landmarks import FINGER_ROOTS, HAND_WRIST
from .rest import FORWARD, OUT, UP

ACROSS = -FORWARD
"""From the index finger's knuckle to the little finger's in the T-pose, palm down, either hand."""
KNUCKLE_BEND = np.radians([-30.0, 95.0])
MIDDLE_BEND = np.radians([0.0, 115.0])
END_BEND = np.radians([0.0, 85.0])
SPREAD = np.radians(25.0)
"""Ranges of the finger joints (AAOS, Joint Motion: 0-90, 0-100, 0-80 degrees, some people more)."""
END_SHARE = 0.67
"""The end joint bends with the middle one by two thirds (Rijpkema & Girard 1991)."""

HAND_LENGTH = 0.18
"""Metres from wrist to middle finger tip (0.108 of 1.70 m, Drillis & Contini)."""
SURE_SIZE = 30.0
"""Pixels of a stretched hand at which what its net says counts as much as that it rests (rendered clips)."""
TWIST_RANGE = np.radians([-90.0, 100.0])
"""From palm down at a T-posed elbow: pronation 75 and supination 85 degrees (AAOS), and a margin."""
WRIST_RANGE = np.radians(85.0)
"""Flexion of the wrist (AAOS: 80 degrees), and a margin."""

_REST = rest_pose()


def hand(side: str, landmarks: Floats) -> Floats:
    """Rotation of the hand: along wrist to middle knuckle, flat as the knuckles lie.

    Args:
        side: "left" or "right".
        landmarks: World axes, any scale. Shape (F, 21, 3).

    Returns:
        Shape (F, 4); NaN where the hand is missing.
    """
    along = landmarks[:, FINGER_ROOTS["Middle"]] - landmarks[:, HAND_WRIST]
    across = landmarks[:, FINGER_ROOTS["Little"]] - landmarks[:, FINGER_ROOTS["Index"]]
    return rotations.between_frames(OUT[side], ACROSS, along, across)


def coarse_hand(side: str, wrist: Floats, index: Floats, little: Floats) -> Floats:
    """The same from the body's own three points of the hand, each (F, 3)."""
    return rotations.between_frames(OUT[side], ACROSS, (2 * index + little) / 3 - wrist, little - index)


def fingers(side: str, landmarks: Floats) -> dict[str, Floats]:
    """Rotation of each finger slot against the hand; NaN where the hand is missing. Each (F, 4).

    A finger bends and spreads at the knuckle and only bends beyond it; the last joint follows
    the middle one. The thumb's bones swing as they are seen.
    """
    hand_from_world = rotations.inverse(hand(side, landmarks))
    local: dict[str, Floats] = {}
    for finger in FINGERS:
        chain = landmarks[:, FINGER_ROOTS[finger] : FINGER_ROOTS[finger] + 4]
        bones = rotations.rotate(hand_from_world[:, None], np.diff(chain, axis=1))
        slots = finger_slots(side, finger)
        turned = _thumb(side, bones) if finger == "Thumb" else _finger(side, bones)
        local |= dict(zip(slots, turned, strict=True))
    return local


def _finger(side: str, bones: Floats) -> tuple[Floats, Floats, Floats]:
    """Bones (F, 3, 3) in the hand's axes to rotations against the hand, (F, 4) each."""
    out = OUT[side][0]
    ahead, aside, rise = bones[..., 0] * out, bones[..., 1], bones[..., 2]
    bend = np.unwrap(np.arctan2(-rise, ahead), axis=1)
    knuckle = np.clip(bend[:, 0], *KNUCKLE_BEND)
    spread = np.clip(np.arctan2(aside[:, 0], np.hypot(ahead[:, 0], rise[:, 0])), -SPREAD, SPREAD)
    middle = np.clip(bend[:, 1] - bend[:, 0], *MIDDLE_BEND)
    seen_end = bend[:, 2] - bend[:, 1]
    end = np.clip((END_SHARE * middle + np.clip(seen_end, *END_BEND)) / 2, *END_BEND)
    first = _bend(out, knuckle, spread)
    second = _bend(out, knuckle + middle, spread)
    return first, second, _bend(out, knuckle + middle + end, spread)


def _bend(out: float, bend: Floats, spread: Floats) -> Floats:
    """Bent by `bend` about the knuckle line, then turned aside by `spread`, each (F,)."""
    curl = rotations.from_axis_angle(ACROSS, out * bend)
    return rotations.multiply(rotations.from_axis_angle(UP, out * spread), curl)


def _thumb(side: str, bones: Floats) -> list[Floats]:
    """Each bone swung from where the humanoid's thumb rests, on top of the bone before."""
    slots = finger_slots(side, "Thumb")
    turned, carried = [], rotations.IDENTITY
    for i in range(3):
        first = INDEX[slots[min(i, 1)]]
        resting = rotations.rotate(carried, _REST[first + 1] - _REST[first])
        carried = rotations.multiply(rotations.shortest_arc(resting, bones[:, i]), carried)
        turned.append(carried)
    return turned


RELAXED_BEND = {"Proximal": np.radians(20.0), "Intermediate": np.radians(30.0), "Distal": np.radians(15.0)}
"""A hand at rest is slightly closed."""


def relaxed(side: str, slot: str) -> Floats:
    """Rotation (4,) of a finger slot against the hand while nobody looks."""
    if "Thumb" in slot:
        return rotations.IDENTITY
    bend = 0.0
    for joint, more in RELAXED_BEND.items():
        bend += more
        if slot.endswith(joint):
            break
    return _bend(OUT[side][0], np.array(bend), np.array(0.0))


def possible(side: str, local: Floats) -> NDArray[np.bool_]:
    """Whether a hand can turn so against its forearm, (F, 4) to (F,); a mirrored palm cannot.

    Small, blurred hands are often seen back to front; that shows as a twist no forearm has.
    """
    supine = -OUT[side][0] * rotations.twist_angle(local, OUT[side])
    bend = np.arccos(np.clip(rotations.rotate(local, OUT[side]) @ OUT[side], -1.0, 1.0))
    return (supine > TWIST_RANGE[0]) & (supine < TWIST_RANGE[1]) & (bend < WRIST_RANGE)


def sureness(size: Floats) -> Floats:
    """How much a hand's net counts against a hand at rest, 0 to 1.

    Its angular error grows as the hand gets smaller, the spread of hands about their rest
    does not: two Gaussians, the first with an error of inverse square of the `size` in pixels.
    """
    return 1.0 / (1.0 + (SURE_SIZE / size) ** 4)


def towards(resting: Floats, seen: Floats, share: Floats) -> Floats:
    """From `resting` (4,) to `seen` (F, 4) by `share` (F,); `resting` where nothing was seen."""
    seen = np.where(np.isfinite(seen).all(-1, keepdims=True), seen, resting)
    return rotations.interpolate(resting, seen, share)
