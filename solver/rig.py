"""A character's rig as retargeting sees it: the bones to key, how they rest and what they inherit.

All places and axes are those of the armature, in its units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..take import Floats

Switches = Mapping[tuple[str, str], float]
"""Values by (pose bone, property), custom properties or Blender's own: which controls move the rig."""


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
class TwistBones:
    """Extra bones along the body part of a slot, which share its twist.

    Attributes:
        slot: Whose body part.
        names: From the body outwards.
        rests: Rest matrix of each. Shape (N, 4, 4).
        above: Name of the bone that each hangs on: the slot's own, or the twist bone before.
        carry: Whether the next joint hangs on the last of them (upper arm, twist bone, forearm: one
            chain), or on the slot's own bone, beside which they are.
    """

    slot: str
    names: tuple[str, ...]
    rests: Floats
    above: tuple[str, ...]
    carry: bool


@dataclass(frozen=True)
class Control:
    """A pose bone that is keyed by where it goes.

    Attributes:
        name: Of the pose bone.
        rest: Its rest matrix. Shape (4, 4).
        inherits: The slot with which it moves before it is keyed; None for nothing.
    """

    name: str
    rest: Floats
    inherits: str | None = None


@dataclass(frozen=True)
class IkLimb:
    """An arm or a leg that inverse kinematics bends.

    Attributes:
        upper: Slot of the limb's upper part: `leftUpperArm`, `rightUpperLeg`.
        end: Slot of hand or foot.
        target: Moves hand or foot.
        pole: Elbow or knee points to it; None where the rig has none.
        pole_axis: The direction of the resting upper part that Blender's IK constraint turns to the
            pole; None where elbow or knee itself is turned there. Shape (3,).
    """

    upper: str
    end: str
    target: Control
    pole: Control | None
    pole_axis: Floats | None = None


@dataclass(frozen=True)
class Ik:
    """What a rig is keyed by beside its FK bones when inverse kinematics moves its limbs.

    Attributes:
        limbs: The limbs.
        bones: Bones that play a slot only then (the toes of some rigs).
        switches: That have to be set for it.
    """

    limbs: tuple[IkLimb, ...]
    bones: tuple[RigBone, ...] = ()
    switches: Switches = field(default_factory=dict)


@dataclass(frozen=True)
class Rig:
    """The bones of one character that can be keyed: `hips` and any others of the slots.

    Attributes:
        family: What the rig was recognised as, for messages ("Mixamo").
        bones: Parents before children. The first carries all and gets the location: the hips,
            or a control of the lower spine under which the pelvis turns.
        twists: Extra bones that share the twist of a limb's parts.
        ik: Of rigs that have such controls.
        switches: That have to be set for the bones' keys to show.
        metre: So many units of the armature make a metre of the scene.
    """

    family: str
    bones: tuple[RigBone, ...]
    twists: tuple[TwistBones, ...] = ()
    ik: Ik | None = None
    switches: Switches = field(default_factory=dict)
    metre: float = 1.0
