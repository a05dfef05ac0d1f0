"""The bones of a posed rig as Blender composes them: each turns on what it inherits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..take import Floats
from . import rotations


@dataclass(frozen=True)
class Turned:
    """A bone over F frames.

    Attributes:
        rest: Its rest matrix, armature space. Shape (4, 4).
        above: Name of the bone whose motion it inherits; None for nothing.
        rotation: From the rest pose, armature axes. Shape (F, 4).
    """

    rest: Floats
    above: str | None
    rotation: Floats


@dataclass(frozen=True)
class Motion:
    """Where points that rest in armature space are over F frames: `rotation` about the origin, then `shift`.

    Attributes:
        rotation: Shape (F, 4).
        shift: Shape (F, 3).
    """

    rotation: Floats
    shift: Floats

    def of(self, point: Floats) -> Floats:
        """Where a resting point (3,) goes. Shape (F, 3)."""
        return rotations.rotate(self.rotation, point) + self.shift


Chain = Mapping[str, Turned]
"""The bones of a rig by name, parents before children."""


def conjugate(outer: Floats, inner: Floats) -> Floats:
    """The turn `inner`, seen from the axes that `outer` leads to."""
    return rotations.multiply(rotations.multiply(outer, inner), rotations.inverse(outer))


def local_rotation(rest: Floats, turned: Floats, inherited: Floats) -> Floats:
    """`rotation_quaternion`: what a bone adds to what it inherits, in its own rest axes (F, 4)."""
    added = rotations.multiply(rotations.inverse(inherited), turned)
    return conjugate(rotations.inverse(rotations.from_matrix(rest[:3, :3])), added)


def local_rotations(chain: Chain) -> dict[str, Floats]:
    """`rotation_quaternion` of all bones, no sign jumps. Each (F, 4)."""
    return {
        name: rotations.continuous(
            local_rotation(
                bone.rest, bone.rotation, chain[bone.above].rotation if bone.above else rotations.IDENTITY
            )
        )
        for name, bone in chain.items()
    }


def motions(chain: Chain, root: str, place: Floats) -> dict[str, Motion]:
    """How the bones move when the head of the bone `root` goes to `place` (F, 3), by name."""
    found: dict[str, Motion] = {}
    for name, bone in chain.items():
        pivot = bone.rest[:3, 3]
        at = place if name == root else found[bone.above].of(pivot) if bone.above else pivot
        found[name] = Motion(bone.rotation, at - rotations.rotate(bone.rotation, pivot))
    return found
