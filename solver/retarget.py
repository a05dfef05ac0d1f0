"""A humanoid pose to the local channels of a rig's bones.

Everything happens in the armature's own space, so where the armature object stands, how it is
turned and how it is scaled changes nothing here: a motion stays with the object that carries it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import BlazeRigError
from ..take import Floats
from . import rotations
from .chain import Chain, Link, conjugate
from .humanoid import FINGERS, INDEX, SIDES
from .ik import Limbs
from .mirror import mirrored
from .pose import Pose
from .rest import UP, character_axes, turns_to_t_pose
from .rig import Ik, Rig, RigBone, Switches, TwistBones
from .root import Hips
from .steady import steadied
from .travel import in_place
from .twist import SharedTwists


@dataclass(frozen=True)
class Options:
    """What an animator wants of a motion on his character.

    Attributes:
        travel: Whether the character goes where the performer went, or stays over its spot.
        size: `character`: steps as long as its legs make them; `performer`: metres as they were.
        floor: Metres by which the floor lies over that of the armature.
        mirror: Left and right exchanged.
        hands: Whether fingers are keyed.
        smoothing: Cut-off in hertz of an extra smoothing without lag; 0 for none.
        controls: What is keyed: `fk`, `ik` (hands, feet and poles beside the FK bones) or `deform`.
    """

    travel: bool = True
    size: Literal["character", "performer"] = "character"
    floor: float = 0.0
    mirror: bool = False
    hands: bool = True
    smoothing: float = 0.0
    controls: Literal["fk", "ik", "deform"] = "fk"


@dataclass(frozen=True)
class Keys:
    """Channels of pose bones over F frames.

    Attributes:
        times: Seconds. Shape (F,).
        rotations: Bone name to `rotation_quaternion` (w, x, y, z), no sign jumps. Each (F, 4).
        locations: Bone name to `location`, in the bone's rest axes, armature units; a bone may have a
            location and no rotation. Each (F, 3).
        properties: Custom properties by (bone name, property), which keep one value all the time.
    """

    times: Floats
    rotations: dict[str, Floats]
    locations: dict[str, Floats]
    properties: Switches = field(default_factory=dict)


DEFAULTS = Options()
_TORSO = ("spine", "chest", "upperChest")
_NEEDED = ("hips", *(f"{side}{part}" for side in SIDES for part in ("UpperLeg", "LowerLeg", "Foot")))


@dataclass(frozen=True)
class _Character:
    """How a rig rests.

    Attributes:
        bones: By slot.
        axes: armature_from_character. Shape (3, 3).
        heads: Joint of each slot, in the character's axes. Each (3,).
        tails: Where its body part ends. Each (3,).
    """

    bones: dict[str, RigBone]
    axes: Floats
    heads: dict[str, Floats]
    tails: dict[str, Floats]


class Retargeter:
    """Carries poses over to one rig; what does not depend on them is found once."""

    def __init__(self, rig: Rig, options: Options = DEFAULTS) -> None:
        """For a `rig` and what is wanted of the motion on it.

        Raises:
            BlazeRigError: The rig lacks the hips or a leg, without which nothing can be scaled; or the
                controls that are asked for.
        """
        if options.controls == "ik" and rig.ik is None:
            raise BlazeRigError(
                f"the rig ({rig.family}) has no IK controls that are known; choose FK controls"
            )
        self._rig, self._options = rig, options
        character = self._character = _character(rig)
        slots = list(character.bones)
        turns = turns_to_t_pose(character.heads, character.tails)
        self._sources = Slots(slots)
        self._turns = np.stack([turns[slot] for slot in slots])
        self._axes = rotations.from_matrix(character.axes)
        rows = {slot: i for i, slot in enumerate([*slots, ""])}
        twists = [twist for twist in rig.twists if twist.slot in character.bones]
        self._twists = SharedTwists(twists, character.bones, rows)
        with_ik = rig.ik if options.controls == "ik" else None
        self._chain = Chain(_links(rig, with_ik, twists, rows, self._twists.bones), rows[""])
        fingers = set() if options.hands else {bone.name for bone in rig.bones if _is_finger(bone.slot)}
        self._keyed = [(i, name) for i, name in enumerate(self._chain.names) if name not in fingers]
        scale = rig.metre if options.size == "performer" else None
        self._hips = Hips(character.heads, character.tails, slots, scale)
        self._root = rows["hips"], rows[rig.bones[0].slot]
        root = rig.bones[0].name
        self._limbs = Limbs(with_ik, character.bones, self._chain, root, character.axes) if with_ik else None

    def __call__(self, pose: Pose) -> Keys:
        """The channels of the rig over the frames of `pose`."""
        pose, rig = _as_asked(pose, self._options), self._rig
        upright = rotations.multiply(self._sources.rotations(pose), self._turns)
        slots = np.empty((len(upright), upright.shape[1] + 1, 4))
        slots[:, :-1], slots[:, -1] = conjugate(self._axes, upright), rotations.IDENTITY
        turned = np.concatenate([slots, self._twists.turned(slots)], axis=1) if rig.twists else slots
        place = self._place(pose, upright, turned)
        local = self._chain.local(turned)
        keyed = {name: local[:, i] for i, name in self._keyed}
        root = rig.bones[0]
        location = (place - root.rest[:3, 3]) @ root.rest[:3, :3]
        if self._limbs is None or rig.ik is None:
            return Keys(pose.times, keyed, {root.name: location}, rig.switches)
        placed = self._limbs.placed(turned, place, pose)
        locations = {root.name: location} | placed.locations
        return Keys(pose.times, keyed | placed.rotations, locations, rig.ik.switches)

    def _place(self, pose: Pose, upright: Floats, turned: Floats) -> Floats:
        """Where the head of the bone that carries all goes. Shape (F, 3)."""
        rig, root, hips = self._rig, self._rig.bones[0], self._character.bones["hips"]
        path = self._hips.path(pose, upright) + self._options.floor * rig.metre * UP
        joint = path @ self._character.axes.T
        head = joint + rotations.rotate(turned[:, self._root[0]], root.head - hips.head)
        return head - rotations.rotate(turned[:, self._root[1]], root.head - root.rest[:3, 3])


def retarget(pose: Pose, rig: Rig, options: Options = DEFAULTS) -> Keys:
    """Carry `pose` over to `rig`: same directions of every body part, steps scaled to its legs.

    The rig's A- or T-pose and the rolls of its bones come from its rest pose.

    Raises:
        BlazeRigError: As `Retargeter` does.
    """
    return Retargeter(rig, options)(pose)


def _as_asked(pose: Pose, options: Options) -> Pose:
    pose = steadied(pose, options.smoothing) if options.smoothing > 0 else pose
    pose = pose if options.travel else in_place(pose)
    return mirrored(pose) if options.mirror else pose


def _is_finger(slot: str) -> bool:
    return any(finger in slot for finger in FINGERS)


def _character(rig: Rig) -> _Character:
    bones = {bone.slot: bone for bone in rig.bones}
    if missing := [slot for slot in _NEEDED if slot not in bones]:
        raise BlazeRigError(f"the rig ({rig.family}) has no bone for: {', '.join(missing)}")
    axes = character_axes({slot: bone.head for slot, bone in bones.items()})
    heads = {slot: bone.head @ axes for slot, bone in bones.items()}
    tails = {slot: bone.tail @ axes for slot, bone in bones.items()}
    return _Character(bones, axes, heads, tails)


def _links(
    rig: Rig, ik: Ik | None, twists: Sequence[TwistBones], rows: Mapping[str, int], twisted: Sequence[str]
) -> dict[str, Link]:
    """The bones to key, parents first: those of the slots with the twist bones that follow them.

    Args:
        rig: The rig.
        ik: Its controls, where they are keyed.
        twists: Those of its parts that it has.
        rows: Where the turns of slots stand; of no slot under "".
        twisted: The bones of `twists`, whose turns come after those, in their order.
    """
    turns = {name: len(rows) + i for i, name in enumerate(twisted)}
    along = {twist.slot: twist for twist in twists}
    carrier: dict[str | None, str | None] = {None: None}
    chain: dict[str, Link] = {}
    for bone in (*rig.bones, *(ik.bones if ik else ())):
        above = carrier[bone.inherits]
        carrier.setdefault(bone.slot, bone.name)
        twist = along.get(bone.slot)
        if twist is None or bone.name in chain:
            chain.setdefault(bone.name, Link(bone.rest, above, rows[bone.slot]))
            continue
        chain[bone.name] = Link(bone.rest, above, turns[bone.name])
        for name, rest, over in zip(twist.names, twist.rests, twist.above, strict=True):
            chain[name] = Link(rest, over, turns[name])
        if twist.carry:
            carrier[bone.slot] = twist.names[-1]
    return chain


class Slots:
    """The rotations of the slots that a rig has; a shorter spine shares the whole bend."""

    def __init__(self, slots: Sequence[str]) -> None:
        """Of these slots."""
        self._own = np.array([INDEX[slot] for slot in slots], np.intp)
        torso = [slot for slot in _TORSO if slot in slots]
        shared = torso if len(torso) < len(_TORSO) else []
        at = np.array([i / len(torso) * len(_TORSO) for i in range(1, len(shared) + 1)])
        below = np.minimum(at.astype(int), len(_TORSO) - 1)
        stations = np.array([INDEX[slot] for slot in ("hips", *_TORSO)])
        self._rows = np.array([list(slots).index(slot) for slot in shared], np.intp)
        self._ends, self._shares = (stations[below], stations[below + 1]), at - below

    def rotations(self, pose: Pose) -> Floats:
        """Of a pose. Shape (F, S, 4)."""
        found = pose.rotations.take(self._own, 1)
        if len(self._rows):
            below, above = (pose.rotations[:, ends] for ends in self._ends)
            found[:, self._rows] = rotations.interpolate(below, above, self._shares)
        return found
