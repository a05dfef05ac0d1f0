"""Controls of inverse kinematics, placed where the same motion by its joints' rotations takes them.

Hands and feet carry their controls rigidly along. A pole lies on the far side of elbow or knee, in the
plane of the limb; while the limb is straight, where its hinge would bend it. docs/derivations.md, POLES.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..take import Floats
from . import rotations
from .chain import Motion, local_rotation
from .humanoid import INDEX, side_of
from .pose import Pose
from .rest import ELBOW_HINGE, KNEE_HINGE
from .rig import Control, Ik, IkLimb, RigBone

BENT = (0.001, 0.005)
"""A joint that lies off the straight line by less of the limb's length is placed by its hinge; faded
between the two, where it moves a forearm by less than half a degree."""


@dataclass(frozen=True)
class Limb:
    """A limb over F frames, armature space.

    Attributes:
        joints: Shoulder, elbow, wrist, or those of a leg. Shape (3, F, 3).
        rests: The same at rest. Shape (3, 3).
        upper: Rotation of the upper part from its rest. Shape (F, 4).
        hinge: Axis about which elbow or knee bends. Shape (F, 3).
    """

    joints: Floats
    rests: Floats
    upper: Floats
    hinge: Floats


@dataclass(frozen=True)
class Placed:
    """Channels of controls by bone, as in `Keys`. Each (F, 4) and (F, 3)."""

    rotations: dict[str, Floats]
    locations: dict[str, Floats]


def place_limbs(
    ik: Ik,
    bones: Mapping[str, RigBone],
    motion: Mapping[str, Motion],
    pose: Pose,
    axes: Floats,
) -> Placed:
    """Place the controls of all limbs that inverse kinematics moves.

    Args:
        ik: The controls.
        bones: The rig's bones by slot.
        motion: Of each bone by slot.
        pose: What the rig shows.
        axes: armature_from_character. Shape (3, 3).
    """
    placed = Placed({}, {})
    for limb in ik.limbs:
        target, end = limb.target, motion[limb.end]
        carried = motion.get(target.inherits or "")
        inherited = carried.rotation if carried else rotations.IDENTITY
        turned = local_rotation(target.rest, end.rotation, inherited)
        placed.rotations[target.name] = rotations.continuous(turned)
        placed.locations[target.name] = _location(target, end.of(target.rest[:3, 3]), carried)
        if limb.pole:
            hinge = rotations.rotate(pose.rotations[:, INDEX[limb.upper]], _hinge(limb.upper))
            seen = _limb(limb, bones, motion, hinge @ axes.T)
            carried = motion.get(limb.pole.inherits or "")
            placed.locations[limb.pole.name] = _location(limb.pole, _pole(limb, limb.pole, seen), carried)
    return placed


def _hinge(upper: str) -> Floats:
    """Axis about which the limb of an upper part's slot bends in the T-pose, character axes. Shape (3,)."""
    side = side_of(upper)
    return ELBOW_HINGE[side] if upper.endswith("UpperArm") else KNEE_HINGE


def _limb(limb: IkLimb, bones: Mapping[str, RigBone], motion: Mapping[str, Motion], hinge: Floats) -> Limb:
    slots = (limb.upper, limb.upper.replace("Upper", "Lower"), limb.end)
    rests = np.stack([bones[slot].head for slot in slots])
    joints = np.stack([motion[slot].of(rest) for slot, rest in zip(slots, rests, strict=True)])
    return Limb(joints, rests, motion[limb.upper].rotation, hinge)


def _pole(ik: IkLimb, pole: Control, limb: Limb) -> Floats:
    """Place of a pole (F, 3): as far off as it rests, and at least the length of the upper part."""
    start, middle, end = limb.joints
    along = rotations.normalise(end - start)
    bend = _off(middle - start, along)
    if ik.pole_axis is None:
        aside = _aside(limb, bend, along)
    else:
        aside = rotations.normalise(_off(rotations.rotate(limb.upper, ik.pole_axis), along))
    upper = np.linalg.norm(limb.rests[1] - limb.rests[0])
    far = max(upper, np.linalg.norm(pole.rest[:3, 3] - limb.rests[1]))
    return middle - bend + (far + rotations.length(bend)) * aside


def _aside(limb: Limb, bend: Floats, along: Floats) -> Floats:
    """Direction (F, 3) in which elbow or knee lies off the line from the limb's start to its end."""
    length = np.linalg.norm(np.diff(limb.rests, axis=0), axis=-1).sum()
    low, high = BENT
    share = np.clip((rotations.length(bend) / length - low) / (high - low), 0.0, 1.0)
    hinged = rotations.normalise(rotations.cross(along, limb.hinge))
    seen = bend / np.maximum(rotations.length(bend), 1e-12)
    return rotations.normalise(share * seen + (1 - share) * hinged)


def _off(vectors: Floats, along: Floats) -> Floats:
    """What of `vectors` (F, 3) is square to the directions `along` (F, 3)."""
    return vectors - (vectors * along).sum(-1, keepdims=True) * along


def _location(control: Control, place: Floats, carried: Motion | None) -> Floats:
    """`location` in the control's rest axes for its head to be at `place` (F, 3)."""
    if carried:
        place = rotations.rotate(rotations.inverse(carried.rotation), place - carried.shift)
    return (place - control.rest[:3, 3]) @ control.rest[:3, :3]
