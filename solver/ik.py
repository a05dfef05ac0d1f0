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
from .chain import Chain, Motion
from .humanoid import INDEX, side_of
from .pose import Pose
from .rest import ELBOW_HINGE, KNEE_HINGE
from .rig import Control, Ik, RigBone

BENT = (0.001, 0.005)
"""A joint that lies off the straight line by less of the limb's length is placed by its hinge; faded
between the two, where it moves a forearm by less than half a degree."""


@dataclass(frozen=True)
class Placed:
    """Channels of controls by bone, as in `Keys`. Each (F, 4) and (F, 3)."""

    rotations: dict[str, Floats]
    locations: dict[str, Floats]


class Limbs:
    """The controls of all limbs that inverse kinematics moves."""

    def __init__(self, ik: Ik, bones: Mapping[str, RigBone], chain: Chain, root: str, axes: Floats) -> None:
        """Of a rig.

        Args:
            ik: The controls.
            bones: The rig's bones by slot.
            chain: The bones that are keyed.
            root: Name of the bone that is moved.
            axes: armature_from_character. Shape (3, 3).
        """
        parts = [(limb.upper, limb.upper.replace("Upper", "Lower"), limb.end) for limb in ik.limbs]
        poled = [i for i, limb in enumerate(ik.limbs) if limb.pole]
        poles = [limb.pole for limb in ik.limbs if limb.pole]
        targets = [limb.target for limb in ik.limbs]
        self._targets = _Controls(targets, bones, chain)
        self._poles = _Controls(poles, bones, chain)
        slots = [slot for part in zip(*parts, strict=True) for slot in part]
        carriers = [*self._targets.carriers, *self._poles.carriers]
        names = [bones[slot].name for slot in (*slots, *carriers)]
        self._paths = chain.paths(root, names)
        count = len(ik.limbs)
        self._joints, self._ends = range(3 * count), range(2 * count, 3 * count)
        self._target_carriers = range(3 * count, 3 * count + len(self._targets.carriers))
        self._pole_carriers = range(self._target_carriers.stop, len(names))
        self._rests = np.stack([bones[slot].head for slot in slots])
        self._poled = poled
        self._uppers = np.array([INDEX[ik.limbs[i].upper] for i in poled], np.intp)
        self._hinges = np.array([_hinge(ik.limbs[i].upper) for i in poled]).reshape(-1, 3)
        own = [ik.limbs[i].pole_axis for i in poled]
        self._turned = np.array([axis is not None for axis in own], bool)
        self._pole_axes = np.array([np.zeros(3) if axis is None else axis for axis in own]).reshape(-1, 3)
        self._axes = axes
        upper, lower, end = self._rests.reshape(3, count, 3)[:, poled]
        self._lengths = rotations.length(lower - upper)[:, 0] + rotations.length(end - lower)[:, 0]
        resting = rotations.length(self._poles.heads - lower)
        self._far = np.maximum(rotations.length(lower - upper), resting)

    def placed(self, turned: Floats, place: Floats, pose: Pose) -> Placed:
        """Where the controls go.

        Args:
            turned: All turns of the chain. Shape (F, R, 4).
            place: Where the head of the root goes. Shape (F, 3).
            pose: What the rig shows.
        """
        motion = self._paths.motion(turned, place)
        ends, carried = motion.part(self._ends), self._targets.inherited(motion.part(self._target_carriers))
        rotation = self._targets.rotation(ends, carried)
        location = self._targets.location(ends.of(self._targets.heads), carried)
        found = Placed(self._targets.named(rotation), self._targets.named(location))
        if self._poled:
            where = self._pole_places(motion, pose)
            carried = self._poles.inherited(motion.part(self._pole_carriers))
            found.locations.update(self._poles.named(self._poles.location(where, carried)))
        return found

    def _pole_places(self, motion: Motion, pose: Pose) -> Floats:
        """Of the poles (F, P, 3): as far off as they rest, and at least the length of the upper part."""
        joints = motion.part(self._joints).of(self._rests).reshape(len(pose.times), 3, -1, 3)
        start, middle, end = (joints[:, i, self._poled] for i in range(3))
        along = rotations.normalise(end - start)
        bend = _off(middle - start, along)
        hinge = rotations.rotate(pose.rotations[:, self._uppers], self._hinges) @ self._axes.T
        aside = self._aside(bend, along, hinge)
        if self._turned.any():
            upper = motion.part(self._joints).rotation[:, self._poled]
            own = rotations.normalise(_off(rotations.rotate(upper, self._pole_axes), along))
            aside = np.where(self._turned[:, None], own, aside)
        return middle - bend + (self._far + rotations.length(bend)) * aside

    def _aside(self, bend: Floats, along: Floats, hinge: Floats) -> Floats:
        """Direction (F, P, 3) in which elbow or knee lies off the line from the limb's start to its end."""
        low, high = BENT
        size = rotations.length(bend)
        share = np.minimum(np.maximum((size / self._lengths[:, None] - low) / (high - low), 0.0), 1.0)
        hinged = rotations.normalise(rotations.cross(along, hinge))
        return rotations.normalise(share * bend / np.maximum(size, 1e-12) + (1 - share) * hinged)


class _Controls:
    """Controls that are placed alike.

    Attributes:
        heads: Of the controls at rest. Shape (N, 3).
        carriers: Slots that any of them move with.
    """

    def __init__(self, controls: list[Control], bones: Mapping[str, RigBone], chain: Chain) -> None:
        self._names = [control.name for control in controls]
        rests = np.array([control.rest for control in controls]).reshape(-1, 4, 4)
        self.heads, self._axes = rests[:, :3, 3], rests[:, :3, :3]
        self._rest = rotations.from_matrix(self._axes)
        moving = [_carrier(control, bones, chain) for control in controls]
        self.carriers = list(dict.fromkeys(slot for slot in moving if slot))
        self._carrier = [self.carriers.index(slot) if slot else len(self.carriers) for slot in moving]

    def inherited(self, carriers: Motion) -> Motion:
        """The motion of what carries each control, from those of `carriers`."""
        frames = len(carriers.shift)
        still = np.broadcast_to(rotations.IDENTITY, (frames, 1, 4))
        rotation = np.concatenate([carriers.rotation, still], axis=1)
        shift = np.concatenate([carriers.shift, np.zeros((frames, 1, 3))], axis=1)
        return Motion(rotation[:, self._carrier], shift[:, self._carrier])

    def rotation(self, turned: Motion, carried: Motion) -> Floats:
        """`rotation_quaternion` of controls that turn with bones. Shape (F, N, 4)."""
        added = rotations.multiply(rotations.inverse(carried.rotation), turned.rotation)
        back = rotations.multiply(rotations.inverse(self._rest), added)
        return rotations.continuous(rotations.multiply(back, self._rest))

    def location(self, places: Floats, carried: Motion) -> Floats:
        """`location` in the controls' rest axes for their heads to be at `places`. Both (F, N, 3)."""
        places = rotations.rotate(rotations.inverse(carried.rotation), places - carried.shift)
        return ((places - self.heads)[..., None, :] @ self._axes)[..., 0, :]

    def named(self, values: Floats) -> dict[str, Floats]:
        """`values` (F, N, *) of the controls by name."""
        return {name: values[:, i] for i, name in enumerate(self._names)}


def _carrier(control: Control, bones: Mapping[str, RigBone], chain: Chain) -> str | None:
    """The slot with which a control moves, where the rig has it."""
    bone = bones.get(control.inherits or "")
    return bone.slot if bone and bone.name in chain.names else None


def _hinge(upper: str) -> Floats:
    """Axis about which the limb of an upper part's slot bends in the T-pose, character axes. Shape (3,)."""
    side = side_of(upper)
    return ELBOW_HINGE[side] if upper.endswith("UpperArm") else KNEE_HINGE


def _off(vectors: Floats, along: Floats) -> Floats:
    """What of `vectors` (*, 3) is square to the directions `along` (*, 3)."""
    return vectors - rotations.dot(vectors, along)[..., None] * along
