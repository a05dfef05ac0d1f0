"""The user's own map of a face: what he said of a character, as a match. Nothing here needs Blender."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ...errors import BlazeRigError
from ..character.guess import KEYED
from .dialect import FORMAT, Dialect, Look, Moved, Vector
from .match import BoneTarget, FaceMatch, ShapeTarget, bone_target, shown_by
from .vocabulary import look_of, parts_called

BY_HAND = "you"
"""What stands for a dialect where the user put a look together himself."""


@dataclass(frozen=True)
class Line:
    """A line of the map.

    Attributes:
        name: Of a shape key, of an expression that somebody put together, or of a bone.
        says: What it shows, in words of `vocabulary.py`; empty for nothing.
        family: The dialect whose word that is; empty where the user said it.
        certainty: How sure it is, 0 to 1.
        by_user: Whether the user said it.
        use: Whether it follows the face.
        gain: Factor, of bones.
        beside: Whether a bone moves although shape keys show the same.
    """

    name: str
    says: str = ""
    family: str = ""
    certainty: float = 1.0
    by_user: bool = False
    use: bool = True
    gain: float = 1.0
    beside: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is keyed; what is in doubt is so only on the user's own word."""
        return self.by_user or self.certainty >= KEYED


def shape_lines(match: FaceMatch, names: Iterable[str]) -> Iterator[Line]:
    """A line for every expression: those that follow, those that do not, and those that nobody knows."""
    for target in match.shapes:
        yield Line(target.name, target.says, target.dialect, target.certainty)
    for target in match.others:
        doubtful = target.certainty < KEYED
        yield Line(target.name, target.says, target.dialect, target.certainty, use=doubtful)
    known = {target.name for target in (*match.shapes, *match.others)}
    yield from (Line(name) for name in names if name not in known)


def bone_lines(match: FaceMatch) -> Iterator[Line]:
    """A line for every bone that follows the face."""
    for target in match.bones:
        yield Line(target.name, target.says, target.dialect, target.certainty, beside=target.beside)


def edited(
    match: FaceMatch,
    shapes: Iterable[Line],
    bones: Iterable[Line],
    parts: Mapping[str, Mapping[str, float]],
    bone_names: Collection[str],
) -> FaceMatch:
    """The match that a map stands for.

    Args:
        match: What was recognised, for the bones at the eyes.
        shapes: The map's lines of expressions. What is not there, says nothing that is known or is in doubt
            is not keyed.
        bones: Those of bones, likewise.
        parts: All expressions of the character, with the shares of their shape keys.
        bone_names: All of its bones.
    """
    named = [line for line in shapes if line.use and line.sure and line.name in parts]
    targets = tuple(target for line in named if (target := _shape(line, parts[line.name])))
    hidden = shown_by(targets)
    moved = [line for line in bones if line.use and line.sure and line.name in bone_names]
    followed = tuple(target for line in moved if (target := _bone(line, hidden, bone_names)))
    return FaceMatch(targets, followed, match.eyes)


def _shape(line: Line, parts: Mapping[str, float]) -> ShapeTarget | None:
    said = look_of(line.says, line.family)
    if said is None or not any(said[0].values()):
        return None
    return ShapeTarget(line.name, parts, said[0], said[1] or BY_HAND, line.certainty, line.says)


def _bone(line: Line, hidden: Collection[str], names: Collection[str]) -> BoneTarget | None:
    for moved, family in parts_called(line.says, line.family):
        moved = replace(moved, beside=line.beside)
        if target := bone_target(moved, line.name, names, hidden, family, line.certainty):
            turns, moves = (
                {shape: _scaled(line.gain, by) for shape, by in table.items()}
                for table in (target.turns, target.moves)
            )
            return replace(target, turns=turns, moves=moves)
    return None


def _scaled(gain: float, by: Vector) -> Vector:
    x, y, z = by
    return (gain * x, gain * y, gain * z)


def preset_of(name: str, match: FaceMatch, recognised: FaceMatch) -> Dialect:
    """What follows the face, as a dialect of its own, which is recognised by these very names.

    Args:
        name: Of the preset.
        match: What follows.
        recognised: What would without the animator's word.

    Raises:
        BlazeRigError: Nothing follows.
    """
    if not match.follows:
        raise BlazeRigError("the face map cannot be kept: nothing in it follows the face")
    follow = {target.name for target in (*match.shapes, *match.bones)}
    return Dialect(
        name,
        eyes=match.eyes,
        shapes={target.name: target.look for target in match.shapes},
        bones=tuple(_moved(match.bones)),
        ignored=tuple(
            target.name for target in (*recognised.shapes, *recognised.bones) if target.name not in follow
        ),
    )


def _moved(targets: Iterable[BoneTarget]) -> Iterator[Moved]:
    """How bones move of themselves, whatever gains they have and whatever shape keys show."""
    for target in targets:
        called = [moved for moved, _ in parts_called(target.says, target.dialect)]
        alike = (moved for moved in called if bool(moved.about) == bool(target.about))
        if moved := next(alike, None):
            yield replace(moved, bone=target.name, beside=target.beside, about=target.about, span=target.span)


def to_toml(preset: Dialect) -> str:
    """A preset as text, every name in full."""
    return "\n".join([*_lines(preset), ""])


def _lines(preset: Dialect) -> Iterator[str]:
    yield f"format = {FORMAT}"
    yield f"name = {_quoted(preset.name)}"
    yield f"eyes = {_quoted(preset.eyes)}"
    yield f"beside_shapes = {_quoted([moved.bone for moved in preset.bones if moved.beside])}"
    yield f"ignored = {_quoted(preset.ignored)}"
    yield "\n[shapes]"
    yield from (f"{_quoted(name)} = {_table(look)}" for name, look in preset.shapes.items())
    yield "\n[turns]"
    yield from (f"{_quoted(moved.bone)} = {_table(moved.turns)}" for moved in preset.bones if moved.turns)
    yield "\n[moves]"
    yield from (f"{_quoted(moved.bone)} = {_table(moved.moves)}" for moved in preset.bones if moved.moves)
    yield "\n[about]"
    yield from (f"{_quoted(moved.bone)} = {_quoted(moved.about)}" for moved in preset.bones if moved.about)
    yield "\n[spans]"
    yield from (f"{_quoted(moved.bone)} = {_quoted(moved.span)}" for moved in preset.bones if moved.span)


def _table(values: Mapping[str, object] | Look) -> str:
    return "{ " + ", ".join(f"{key} = {_quoted(value)}" for key, value in values.items()) + " }"


def _quoted(value: object) -> str:
    """A string, a number or a list of those; TOML writes them as JSON does."""
    return json.dumps(value, ensure_ascii=False)
