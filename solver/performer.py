"""The performer's own humanoid: the standard one with the bone lengths that were measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..take import Floats
from .contacts import SOLE
from .humanoid import ANKLE_HEIGHT, FINGERS, INDEX, SIDES, finger_slots, rest_pose
from .landmarks import ANKLES, ELBOWS, HEELS, HIPS, KNEES, SHOULDERS, TOES, WRISTS

BALL_SHARE = 0.85
"""The ball of the foot, where the toes bend, lies at this share of the way to the toes' landmark."""

_STANDARD = rest_pose()


def performer_rest(lengths: Mapping[tuple[int, int], float], torso: float, *, legs: bool) -> Floats:
    """Joint positions in the T-pose of this performer.

    Args:
        lengths: Metres between landmarks, as `paths.bone_lengths` gives them.
        torso: Metres from the middle of the hips to the middle of the shoulders.
        legs: Whether the legs were seen; if not, they get the standard length for the torso.

    Returns:
        Shape (52, 3), the soles at z = 0.
    """
    trunk = torso / (_STANDARD[INDEX["leftUpperArm"]] - _STANDARD[INDEX["hips"]])[2]
    scales = {slot: trunk for slot in ("spine", "chest", "upperChest", "neck", "head")}
    forearm = _scale(lengths[ELBOWS[0], WRISTS[0]], "LowerArm", "Hand")
    for side in SIDES:
        scales |= {
            f"{side}Shoulder": trunk,
            f"{side}UpperArm": _shoulder_reach(lengths[SHOULDERS], trunk),
            f"{side}LowerArm": _scale(lengths[SHOULDERS[0], ELBOWS[0]], "UpperArm", "LowerArm"),
            f"{side}Hand": forearm,
            f"{side}UpperLeg": _scale(lengths[HIPS] / 2, "hips", "UpperLeg"),
        }
        leg = {
            f"{side}LowerLeg": _scale(lengths[HIPS[0], KNEES[0]], "UpperLeg", "LowerLeg"),
            f"{side}Foot": _scale(lengths[KNEES[0], ANKLES[0]], "LowerLeg", "Foot"),
            f"{side}Toes": _scale(lengths[ANKLES[0], TOES[0]], "Foot", "Toes") * BALL_SHARE,
        }
        scales |= leg if legs else {slot: trunk for slot in leg}
        scales |= {slot: forearm for finger in FINGERS for slot in finger_slots(side, finger)}
    return rest_pose(scales, _ankle_height(lengths) if legs else trunk * ANKLE_HEIGHT)


def _ankle_height(lengths: Mapping[tuple[int, int], float]) -> float:
    """Height of the ankle over the floor, from the triangle of ankle, heel and toes of a flat foot."""
    heel, toes, sole = (
        lengths[pair] for pair in ((ANKLES[0], HEELS[0]), (ANKLES[0], TOES[0]), (HEELS[0], TOES[0]))
    )
    ahead = (heel**2 - toes**2 + sole**2) / (2 * sole)  # of the heel, along the sole
    over = np.sqrt(max(heel**2 - ahead**2, 0.0))
    return float(over + SOLE[HEELS[0]] + (SOLE[TOES[0]] - SOLE[HEELS[0]]) * ahead / sole)


def _scale(length: float, start: str, end: str) -> float:
    """`length` against the standard person's between the joints of two left or middle slots."""
    joints = [_STANDARD[INDEX.get(slot, INDEX.get(f"left{slot}", -1))] for slot in (start, end)]
    return length / float(np.linalg.norm(joints[1] - joints[0]))


def _shoulder_reach(width: float, trunk: float) -> float:
    """Scale of the shoulder bone that puts the arms `width` metres apart."""
    inner = trunk * _STANDARD[INDEX["leftShoulder"]][0]
    bone = _STANDARD[INDEX["leftUpperArm"]][0] - _STANDARD[INDEX["leftShoulder"]][0]
    return max(0.3, (width / 2 - inner) / bone)
