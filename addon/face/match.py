"""Which shape keys and bones of a character show ARKit's 52 shapes. Nothing here needs Blender.

Every expression that a character has looks like a mixture of ARKit's shapes (its `look`, from the dialects).
Of all that it has those are used that show something that others do not show yet, the plainest first: with
`blinkLeft` and `blinkRight` a `blink` adds nothing, and to a face with all of ARKit's shapes no vowel does.
How much of each is shown is `targets.py`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...solver import rotations
from ...solver.face.shapes import SHAPES
from .dialect import BASIS, HALVES, Dialect, Look, Vector, dialects
from .spelling import spelled

Floats = NDArray[np.floating]

NEW = 0.5
"""An expression is used if so much of its look, by length, is none that those before it can show."""
UNSHOWN = 0.75
"""A shape is shown unless so much of it, by length, is in no look that is used."""
BY_PREFIX = 0.9
"""How sure a name is that needed a prefix taken away."""
COMMON = 2
"""So many names with the same prefix make it one, or more where a dialect wants more to be there."""


@dataclass(frozen=True)
class ShapeTarget:
    """An expression that follows the face.

    Attributes:
        name: Of the expression; that of its shape key where nobody put several together.
        parts: Its shape keys, and how much of each it is.
        look: What it looks like in ARKit's shapes, or their halves.
        dialect: By which it was understood.
        certainty: How sure that is, 0 to 1.
    """

    name: str
    parts: Mapping[str, float]
    look: Look
    dialect: str
    certainty: float


@dataclass(frozen=True)
class BoneTarget:
    """A bone and the ARKit weights that it follows.

    Attributes:
        name: Of the bone.
        turns: Degrees about the character's axes (left, back, up) at a weight of 1, by ARKit's name.
        moves: Distances between the eyes along them, likewise.
        dialect: By which it was understood.
        certainty: How sure that is, 0 to 1.
    """

    name: str
    turns: Mapping[str, Vector]
    moves: Mapping[str, Vector]
    dialect: str
    certainty: float


@dataclass(frozen=True)
class FaceMatch:
    """How a character shows a face.

    Attributes:
        shapes: Expressions that follow it.
        bones: Bones that do.
        eyes: Bones at the centres of both eyes; none where nothing is measured by them.
        unshown: ARKit's shapes that nothing shows.
    """

    shapes: tuple[ShapeTarget, ...]
    bones: tuple[BoneTarget, ...]
    eyes: tuple[str, ...]
    unshown: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """ARKit's shapes that something shows."""
        return tuple(shape for shape in SHAPES if shape not in self.unshown)

    @property
    def exact(self) -> tuple[str, ...]:
        """Those that something shows which shows nothing else, or that bones do."""
        alone = {half for target in self.shapes for half in _of_one_shape(target.look)}
        moved = {shape for target in self.bones for shape in (*target.turns, *target.moves)}
        return tuple(
            shape for shape in self.shown if shape in moved or alone.issuperset(HALVES.get(shape, (shape,)))
        )

    @property
    def why(self) -> str:
        """What it was recognised as, in words."""
        counts = Counter(target.dialect for target in (*self.shapes, *self.bones))
        names = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
        return f"{len(self.shown)} of {len(SHAPES)} shapes, by {names or 'nothing'}"


@dataclass(frozen=True)
class _Candidate:
    """An expression of a dialect, and what is called so."""

    names: tuple[str, ...]
    look: Look
    dialect: Dialect
    certainty: float


def face_match(
    shape_keys: Collection[str],
    bones: Collection[str] = (),
    expressions: Mapping[str, Mapping[str, float]] | None = None,
) -> FaceMatch:
    """What of a character shows a face.

    Args:
        shape_keys: Names of all its meshes' shape keys; a name stands for all keys that have it.
        bones: Names of its bones.
        expressions: That somebody has put together of shape keys, as VRM has them: shares of those, by name.
    """
    parts = {name: {name: 1.0} for name in shape_keys} | dict(expressions or {})
    used, directions = _chosen(_candidates(parts))
    shapes = tuple(
        ShapeTarget(name, parts[name], one.look, one.dialect.name, one.certainty)
        for one in used
        for name in one.names
    )
    shown = {shape for shape in SHAPES if _left_of(vector({shape: 1.0}), directions) < UNSHOWN}
    moved, eyes = _bones(bones, shown)
    shown |= {shape for target in moved for shape in (*target.turns, *target.moves)}
    return FaceMatch(shapes, moved, eyes, tuple(shape for shape in SHAPES if shape not in shown))


def _candidates(names: Collection[str]) -> Iterator[_Candidate]:
    """Expressions that a dialect knows, the plainest looks first; each name is only one of them."""
    found: list[_Candidate] = []
    for dialect in dialects():
        called: dict[str, dict[str, float]] = {}
        for name, (entry, sure) in _understood(dialect, tuple(dialect.shapes), names):
            called.setdefault(entry, {})[name] = sure
        if len(called) >= dialect.least:
            found += [
                _Candidate(tuple(keys), dialect.shapes[entry], dialect, min(keys.values()))
                for entry, keys in called.items()
            ]
    taken: set[str] = set()
    for one in sorted(found, key=lambda one: (np.count_nonzero(vector(one.look)), one.dialect.order)):
        if free := tuple(name for name in one.names if name not in taken):
            taken.update(free)
            yield replace(one, names=free)


def _understood(
    dialect: Dialect, entries: Sequence[str], names: Collection[str]
) -> Iterator[tuple[str, tuple[str, float]]]:
    """Names with the dialect's entry for each and how sure it is."""
    plain = {spelled(entry): entry for entry in entries}
    common = max(COMMON, dialect.least)
    prefixes = _prefixes(plain, names, common) if dialect.any_prefix else set[str]()
    for name in names:
        said = spelled(name)
        if said in plain:
            yield name, (plain[said], dialect.certainty)
            continue
        for prefix in prefixes:
            if said.startswith(prefix) and said[len(prefix) :] in plain:
                yield name, (plain[said[len(prefix) :]], BY_PREFIX * dialect.certainty)
                break


def _prefixes(plain: Collection[str], names: Collection[str], common: int) -> set[str]:
    """What stands before so many of the names."""
    counts = Counter(
        said.removesuffix(entry)
        for said in map(spelled, names)
        for entry in plain
        if said.endswith(entry) and said != entry
    )
    return {prefix for prefix, count in counts.items() if count >= common}


def _chosen(candidates: Iterable[_Candidate]) -> tuple[list[_Candidate], list[Floats]]:
    """Those that show something new, and orthogonal directions of all that they can show."""
    used: list[_Candidate] = []
    shown: list[Floats] = []
    for one in candidates:
        look = vector(one.look)
        if _left_of(look, shown) >= NEW:
            used.append(one)
            shown.append(rotations.normalise(_rest_of(look, shown)))
    return used, shown


def _rest_of(look: Floats, shown: Sequence[Floats]) -> Floats:
    for direction in shown:
        look = look - (look @ direction) * direction
    return look


def _left_of(look: Floats, shown: Sequence[Floats]) -> float:
    return float(np.linalg.norm(_rest_of(look, shown)) / np.linalg.norm(look))


def vector(look: Look) -> Floats:
    """A look as shares of `BASIS`. Shape (B,)."""
    shares = np.zeros(len(BASIS))
    for shape, share in look.items():
        for half in HALVES.get(shape, (shape,)):
            shares[BASIS.index(half)] = share
    return shares


def _of_one_shape(look: Look) -> set[str]:
    """What of `BASIS` a look shows that is of one shape alone; nothing, where it is of several."""
    halves = {BASIS[place] for place in np.flatnonzero(vector(look))}
    whole = any(halves <= set(HALVES.get(shape, (shape,))) for shape in SHAPES)
    return halves if whole else set()


def _bones(names: Collection[str], shown: set[str]) -> tuple[tuple[BoneTarget, ...], tuple[str, ...]]:
    """Bones that show what shape keys do not, and those at the eyes."""
    targets: list[BoneTarget] = []
    eyes: tuple[str, ...] = ()
    shown = set(shown)
    said = {spelled(name): name for name in names}
    for dialect in dialects():
        if {spelled(name) for name in dialect.requires} <= set(said):
            new = list(_of_dialect(dialect, names, set[str]() if dialect.beside_shapes else set(shown)))
            shown |= {shape for target in new for shape in (*target.turns, *target.moves)}
            targets += new
            eyes = eyes or tuple(said[spelled(name)] for name in dialect.eyes if spelled(name) in said)
    return tuple(targets), eyes


def _of_dialect(dialect: Dialect, names: Collection[str], hidden: set[str]) -> Iterator[BoneTarget]:
    """Bones of one dialect, with what is not `hidden`; of several that show the very same only the first."""
    understood = sorted(
        _understood(dialect, tuple(moved.bone for moved in dialect.bones), names),
        key=lambda one: -one[1][1],
    )
    bones: dict[str, str] = {}
    for name, (entry, _) in understood:
        bones.setdefault(entry, name)
    same: set[tuple[frozenset[str], frozenset[str]]] = set()
    for moved in dialect.bones:
        turns = {shape: turn for shape, turn in moved.turns.items() if shape not in hidden}
        moves = {shape: move for shape, move in moved.moves.items() if shape not in hidden}
        showing = frozenset(turns), frozenset(moves)
        if moved.bone in bones and (turns or moves) and showing not in same:
            same.add(showing)
            yield BoneTarget(bones[moved.bone], turns, moves, dialect.name, dialect.certainty)
