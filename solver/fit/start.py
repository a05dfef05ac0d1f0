"""The analytic start of the fit: rotations read off the metric landmarks, limb by limb.

docs/derivations.md, START.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats
from .. import limbs, rotations, torso
from ..camera import place as place_on_rays
from ..evidence import LEVEL
from ..humanoid import SIDES
from ..landmarks import ANKLES, EARS, ELBOWS, EYES, HEELS, HIPS, KNEES, NOSE, SHOULDERS, TOES, WRISTS
from ..rest import ELBOW_HINGE, KNEE_HINGE
from ..sight import Sight
from ..smooth import bridge
from .body import Body
from .skeleton import ANGLES, BALLS, BENDS, LENGTHS


def start(sight: Sight) -> Body:
    """A body that stands roughly as the metric landmarks say, on the viewing rays."""
    points = sight.metric @ LEVEL.T
    trunk = torso.torso(points[:, HIPS], points[:, SHOULDERS])
    hips, chest = trunk[:, 0], trunk[:, -1]
    head = torso.head(points[:, [NOSE, *EYES, *EARS]])
    frames = len(points)
    balls: Floats = np.tile(rotations.IDENTITY, (frames, len(BALLS), 1))
    angles = np.zeros((frames, len(ANGLES)))
    turned = {"hips": rotations.multiply(rotations.from_matrix(LEVEL.T), hips)}
    for i, side in enumerate(SIDES):
        arm = limbs.arm(side, points[:, [SHOULDERS[i], ELBOWS[i], WRISTS[i]]], chest, sight.times)
        turned[f"{side}UpperArm"] = _against(chest, arm.upper)
        angles[:, ANGLES.index(f"{side}Elbow")] = _hinge(arm.upper, arm.lower, ELBOW_HINGE[side])
        toes = points[:, TOES[i]] - points[:, HEELS[i]]
        leg = limbs.leg(points[:, [HIPS[i], KNEES[i], ANKLES[i]]], toes, hips, sight.times)
        turned[f"{side}UpperLeg"] = _against(hips, leg.upper)
        angles[:, ANGLES.index(f"{side}Knee")] = _hinge(leg.upper, leg.lower, KNEE_HINGE)
        across = rotations.rotate(leg.lower, KNEE_HINGE)
        foot = rotations.between_frames(limbs.SOLE_LINE, KNEE_HINGE, toes, across)
        turned[f"{side}Foot"] = _against(leg.lower, foot)
    for name, turn in turned.items():
        balls[:, BALLS.index(name)] = np.where(np.isfinite(turn), turn, rotations.IDENTITY)
    bends = np.stack(
        [rotations.to_vector(_against(hips, chest)), rotations.to_vector(_against(chest, head))], 1
    )
    root = place_on_rays(sight.metric, sight.slopes, sight.trust**2)
    root = bridge(root, sight.times, np.isfinite(root).all(-1))
    return Body(root, balls, bends.reshape(frames, len(BENDS), 3), angles, np.zeros(len(LENGTHS)))


def _against(carried: Floats, turned: Floats) -> Floats:
    return rotations.multiply(rotations.inverse(carried), turned)


def _hinge(upper: Floats, lower: Floats, axis: Floats) -> Floats:
    return np.maximum(rotations.twist_angle(_against(upper, lower), axis), 0.0)
