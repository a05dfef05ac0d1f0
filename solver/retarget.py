"""A humanoid pose to the local channels of a rig's bones.

Everything happens in the armature's own space, so where the armature object stands, how it is
turned and how it is scaled changes nothing here: a motion stays with the object that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .pose import Pose

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class RigBone:
    """One bone of a rig that is to be keyed, as it rests.

    Attributes:
        slot: The humanoid slot that it plays, of `humanoid.SLOTS`.
        name: Name of the pose bone that gets the keys (a control, where the rig has them).
        rest: Rest matrix of that pose bone in armature space. Shape (4, 4).
        head: Where the slot's joint rests, armature space. It may be another bone's head: a
            control need not sit on the joint it turns. Shape (3,).
        tail: Where the body part ends (the next joint, or the bone's tail). Shape (3,).
        inherits: The slot whose rotation this bone gets from above before it is keyed; None for
            nothing (a bone that keeps the armature's axes).
    """

    slot: str
    name: str
    rest: Floats
    head: Floats
    tail: Floats
    inherits: str | None


@dataclass(frozen=True)
class Rig:
    """The bones of one character that can be keyed: `hips` and any others of the slots.

    Attributes:
        family: What the rig was recognised as, for messages ("Mixamo").
        bones: Parents before children.
    """

    family: str
    bones: tuple[RigBone, ...]


@dataclass(frozen=True)
class Keys:
    """Channels of pose bones over F frames.

    Attributes:
        times: Seconds. Shape (F,).
        rotations: Bone name to `rotation_quaternion` (w, x, y, z), no sign jumps. Each (F, 4).
        locations: Bone name to `location`, in the bone's rest axes, armature units. Each (F, 3).
    """

    times: Floats
    rotations: dict[str, Floats]
    locations: dict[str, Floats]


def retarget(pose: Pose, rig: Rig) -> Keys:
    """Carry `pose` over to `rig`: same directions of every body part, steps scaled to its legs.

    The rig's A- or T-pose and the rolls of its bones come from its rest pose.

    Raises:
        BlazeRigError: The rig lacks the hips or a leg, without which nothing can be scaled.
    """
    raise NotImplementedError
