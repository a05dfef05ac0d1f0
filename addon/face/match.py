"""Which shape keys and bones of a character show ARKit's 52 shapes. Nothing here needs Blender.

Every expression that a character has looks like a mixture of ARKit's shapes (its `look`, from the dialects).
Of all that it has those are used that show something that others do not show yet, the plainest first: with
`blinkLeft` and `blinkRight` a `blink` adds nothing, and to a face with all of ARKit's shapes no vowel does.
How much of each is shown is `targets.py`'s; what an animator makes of it `face_map.py`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ...solver.face.shapes import SHAPES
from ..character.guess import KEYED
from .candidates import Candidate, candidates, understood
from .choice import NEW, chosen
from .dialect import HALVES, Dialect, Look, Moved, Vector, dialects
from .looks import directions, new_share, of_one_shape, vector
from .spelling import spelled
from .vocabulary import formula, part_moving_so

UNSHOWN = 0.75
"""A shape is shown unless so much of it, by length, is in no look that is used."""


@dataclass(frozen=True)
class ShapeTarget:
    """An expression that follows the face.

    Attributes:
        name: Of the expression; that of its shape key where nobody put several together.
        parts: Its shape keys, and how much of each it is.
        look: What it looks like in ARKit's shapes, or their halves.
        dialect: By which it was understood.
        certainty: How sure that is, 0 to 1.
        says: What it is called in the dialect, or its look in words.
    """

    name: str
    parts: Mapping[str, float]
    look: Look
    dialect: str
    certainty: float
    says: str = ""


@dataclass(frozen=True)
class BoneTarget:
    """A bone and the ARKit weights that it follows.

    Attributes:
        name: Of the bone.
        turns: Degrees about the character's axes (left, back, up) at a weight of 1, by ARKit's name.
        moves: Distances between the eyes along them, likewise.
        dialect: By which it was understood.
        certainty: How sure that is, 0 to 1.
        says: What it is called in the dialect.
        beside: Whether it moves although shape keys show the same.
        about: The bone about which its turns carry it, if it stands off that one; empty for none.
        span: Two bones whose distance is the unit of `moves`, in place of the eyes'; empty for those.
    """

    name: str
    turns: Mapping[str, Vector]
    moves: Mapping[str, Vector]
    dialect: str
    certainty: float
    says: str = ""
    beside: bool = False
    about: str = ""
    span: tuple[str, ...] = ()


@dataclass(frozen=True)
class FaceMatch:
    """How a character shows a face.

    Attributes:
        shapes: Expressions that follow it.
        bones: Bones that do.
        eyes: Bones at the centres of both eyes; none where nothing is measured by them.
        others: Expressions that are understood and do not follow: those that follow show the same, or they
            would show something new but it is not sure enough what they are.
    """

    shapes: tuple[ShapeTarget, ...]
    bones: tuple[BoneTarget, ...]
    eyes: tuple[str, ...] = ()
    others: tuple[ShapeTarget, ...] = ()

    @cached_property
    def unshown(self) -> tuple[str, ...]:
        """ARKit's shapes that nothing shows."""
        shown = shown_by(self.shapes) | _moved_by(self.bones)
        return tuple(shape for shape in SHAPES if shape not in shown)

    @property
    def follows(self) -> bool:
        """Whether anything of it follows the face."""
        return bool(self.shapes or self.bones)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """ARKit's shapes that something shows."""
        return tuple(shape for shape in SHAPES if shape not in self.unshown)

    @cached_property
    def exact(self) -> tuple[str, ...]:
        """Those that something shows which shows nothing else, or that bones do."""
        alone = {half for target in self.shapes for half in of_one_shape(target.look)}
        moved = _moved_by(self.bones)
        return tuple(
            shape for shape in self.shown if shape in moved or alone.issuperset(HALVES.get(shape, (shape,)))
        )

    @property
    def why(self) -> str:
        """What it was recognised as, in words."""
        counts = Counter(target.dialect for target in (*self.shapes, *self.bones))
        names = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
        return f"{len(self.shown)} of {len(SHAPES)} shapes, by {names or 'nothing'}"


def face_match(
    shape_keys: Collection[str],
    bones: Collection[str] = (),
    expressions: Mapping[str, Mapping[str, float]] | None = None,
    own: Iterable[Dialect] = (),
) -> FaceMatch:
    """What of a character shows a face.

    Args:
        shape_keys: Names of all its meshes' shape keys; a name stands for all keys that have it.
        bones: Names of its bones.
        expressions: That somebody has put together of shape keys, as VRM has them: shares of those, by name.
        own: The user's presets; one that fits goes before all dialects.
    """
    parts = {name: {name: 1.0} for name in shape_keys} | dict(expressions or {})
    found = candidates(parts)
    shapes = tuple(_targets(chosen(found), parts))
    moved, eyes = _bones(bones, shown_by(shapes))
    used = {target.name for target in shapes}
    shown = directions(target.look for target in shapes)
    others = tuple(
        target
        for target in _targets(found, parts)
        if target.name not in used
        and (target.certainty >= KEYED or new_share(vector(target.look), shown) >= NEW)
    )
    match = FaceMatch(shapes, moved, eyes, others)
    preset = next((one for one in own if _fits(one, match, parts, bones)), None)
    return match if preset is None else by_preset(preset, match, parts, bones)


def by_preset(
    preset: Dialect,
    recognised: FaceMatch,
    parts: Mapping[str, Mapping[str, float]],
    bones: Collection[str],
) -> FaceMatch:
    """What follows the face as a preset says, as far as its names are there.

    Args:
        preset: The user's.
        recognised: What would follow without it.
        parts: All expressions of the character, with the shares of their shape keys.
        bones: Names of its bones.
    """
    shapes = tuple(_shapes_of(preset, parts))
    moved = tuple(_bones_of(preset, bones))
    used = {target.name for target in shapes}
    rest = (target for target in (*recognised.shapes, *recognised.others) if target.name not in used)
    return FaceMatch(shapes, moved, preset.eyes, tuple(rest))


def _shapes_of(preset: Dialect, parts: Mapping[str, Mapping[str, float]]) -> Iterator[ShapeTarget]:
    for name, look in preset.shapes.items():
        if name in parts:
            yield ShapeTarget(name, parts[name], look, preset.name, preset.certainty, formula(look))


def _bones_of(preset: Dialect, names: Collection[str]) -> Iterator[BoneTarget]:
    hidden = _shown_by_looks(preset.shapes.values())
    for moved in preset.bones:
        if moved.bone in names and (
            target := bone_target(moved, moved.bone, names, hidden, preset.name, preset.certainty)
        ):
            yield replace(target, says=part_moving_so(moved))


def shown_by(shapes: Iterable[ShapeTarget]) -> set[str]:
    """ARKit's shapes that expressions together show."""
    return _shown_by_looks(target.look for target in shapes)


def _shown_by_looks(looks: Iterable[Look]) -> set[str]:
    """The same of their looks."""
    shown = directions(looks)
    return {shape for shape in SHAPES if new_share(vector({shape: 1.0}), shown) < UNSHOWN}


def bone_target(
    moved: Moved, name: str, names: Collection[str], hidden: Collection[str], dialect: str, certainty: float
) -> BoneTarget | None:
    """A bone as a dialect moves it; None where its span is not there or nothing is left to show.

    Args:
        moved: How it moves.
        name: What it is called on the armature.
        names: Of all bones there.
        hidden: Shapes that shape keys show already, which it heeds or not.
        dialect: By which it was understood.
        certainty: How sure that is.
    """
    there = {spelled(other): other for other in names}
    span = tuple(there.get(spelled(end), "") for end in moved.span)
    turns, moves = (
        {shape: by for shape, by in table.items() if moved.beside or shape not in hidden}
        for table in (moved.turns, moved.moves)
    )
    if not all(span) or not (turns or moves):
        return None
    about = there.get(spelled(moved.about), "")
    return BoneTarget(name, turns, moves, dialect, certainty, moved.bone, moved.beside, about, span)


def _moved_by(bones: Iterable[BoneTarget]) -> set[str]:
    return {shape for target in bones for shape in (*target.turns, *target.moves)}


def _fits(preset: Dialect, recognised: FaceMatch, parts: Collection[str], bones: Collection[str]) -> bool:
    """Whether a character has all that a preset names, and nothing that follows without it being asked."""
    asked = {*preset.shapes, *preset.ignored, *(moved.bone for moved in preset.bones)}
    there = all(name in parts for name in preset.shapes) and all(one.bone in bones for one in preset.bones)
    return there and all(target.name in asked for target in (*recognised.shapes, *recognised.bones))


def _targets(found: Iterable[Candidate], parts: Mapping[str, Mapping[str, float]]) -> Iterator[ShapeTarget]:
    for one in found:
        for name in one.names:
            yield ShapeTarget(name, parts[name], one.look, one.dialect, one.certainty, one.says)


def _bones(names: Collection[str], shown: set[str]) -> tuple[tuple[BoneTarget, ...], tuple[str, ...]]:
    """Bones that show what shape keys do not, and those at the eyes."""
    targets: list[BoneTarget] = []
    eyes: tuple[str, ...] = ()
    shown = set(shown)
    said = {spelled(name): name for name in names}
    for dialect in dialects():
        if {spelled(name) for name in dialect.requires} <= set(said):
            new = list(_of_dialect(dialect, names, set(shown)))
            shown |= _moved_by(new)
            targets += new
            eyes = eyes or tuple(said[spelled(name)] for name in dialect.eyes if spelled(name) in said)
    return tuple(targets), eyes


def _of_dialect(dialect: Dialect, names: Collection[str], hidden: set[str]) -> Iterator[BoneTarget]:
    """Bones of one dialect, with what is not `hidden`; of several that show the very same only the first."""
    found = sorted(
        understood(dialect, tuple(moved.bone for moved in dialect.bones), names), key=lambda one: -one[1][1]
    )
    bones: dict[str, tuple[str, float]] = {}
    for name, (entry, sure) in found:
        bones.setdefault(entry, (name, sure))
    same: set[object] = set()
    for moved in dialect.bones:
        if moved.bone not in bones:
            continue
        name, sure = bones[moved.bone]
        target = bone_target(moved, name, names, hidden, dialect.name, sure)
        showing = target and (frozenset(target.turns.items()), frozenset(target.moves.items()), target.about)
        if target and showing not in same:
            same.add(showing)
            yield target
