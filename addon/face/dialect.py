"""Dialects: what a family of characters calls its expressions, and what those look like in ARKit's shapes.

They are the TOML files in `dialects/`; the format is documented in `docs/face-format.md`. Nothing here
needs Blender.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...solver.face.shapes import INDEX, SHAPES
from ..data_file import FormatError, check_entries, load, table_of

FORMAT = 1
FOLDER = Path(__file__).parent / "dialects"
SIDES = ("Left", "Right")
Vector = tuple[float, float, float]
Look = Mapping[str, float]
"""What an expression looks like: shares of ARKit's shapes, or of their left or right halves."""
_TABLES = ("shapes", "turns", "moves", "about", "spans")
_ENTRIES = {
    "format",
    "name",
    "order",
    "certainty",
    "least",
    "any_prefix",
    "any_suffix",
    "requires",
    "beside_shapes",
    "eyes",
    "ignored",
}

WHOLE = tuple(shape for shape in SHAPES if not shape.endswith(SIDES))
"""Shapes that are not said of a side."""
HALVES = {shape: tuple(f"{shape}{side}" for side in SIDES) for shape in WHOLE}
"""Both halves of those, which some characters have apart: `browInnerUp` and `browInnerUpLeft`, for one."""
BASIS = tuple(half for shape in SHAPES for half in HALVES.get(shape, (shape,)))
"""All shapes, with those of `WHOLE` in halves."""


@dataclass(frozen=True)
class Moved:
    """How a bone shows a face.

    Attributes:
        bone: Its name in the dialect.
        turns: Degrees about the character's axes (left, back, up) at a weight of 1, by ARKit's shape.
        moves: Distances between the eyes along them, likewise.
        beside: Whether it moves although shape keys show the same.
        about: The bone about which its turns carry it, if it stands off that one; empty for none.
        span: Two bones whose distance is the unit of its moves, in place of the eyes'; empty for those.
    """

    bone: str
    turns: Mapping[str, Vector]
    moves: Mapping[str, Vector]
    beside: bool = False
    about: str = ""
    span: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialect:
    """One family's expressions, left and right spelled out.

    Attributes:
        name: What people call it.
        order: Dialects with a lower one are taken first.
        certainty: How sure it is that such names mean this, 0 to 1.
        least: So many of its shapes must be there for any of them to count.
        any_prefix: Whether names may carry prefixes.
        any_suffix: Whether they may carry something behind them as well.
        requires: Bones without which its bones do not count.
        eyes: Bones at the centres of both eyes, whose distance is the unit of `moves`.
        shapes: Looks by the name of a shape key.
        bones: Those that show the face.
        ignored: Names, of a preset, that are understood otherwise and shall not follow.
    """

    name: str
    order: int = 50
    certainty: float = 1.0
    least: int = 1
    any_prefix: bool = False
    any_suffix: bool = False
    requires: tuple[str, ...] = ()
    eyes: tuple[str, ...] = ()
    shapes: Mapping[str, Look] = field(default_factory=dict)
    bones: tuple[Moved, ...] = ()
    ignored: tuple[str, ...] = ()


@cache
def dialects() -> tuple[Dialect, ...]:
    """All that come with BlazeRig, those that say most first."""
    return tuple(sorted(map(load_dialect, sorted(FOLDER.glob("*.toml"))), key=lambda one: one.order))


def load_dialect(path: Path) -> Dialect:
    """Read one dialect.

    Raises:
        BlazeRigError: It cannot be read or something in it is not of the format.
    """
    return load(path, "dialect", _parse)


def _parse(content: dict[str, object]) -> Dialect:
    check_entries(content, FORMAT, {*_ENTRIES, *_TABLES})
    if not isinstance(content.get("name"), str):
        raise FormatError("'name' is missing: what people call these characters")
    shapes = table_of(content, "shapes")
    return Dialect(
        name=str(content["name"]),
        order=int(_number(content.get("order", 50))),
        certainty=_number(content.get("certainty", 1.0)),
        least=int(_number(content.get("least", 1))),
        any_prefix=bool(content.get("any_prefix", False)),
        any_suffix=bool(content.get("any_suffix", False)),
        requires=_names(content.get("requires", []), "requires"),
        eyes=tuple(name for one in _names(content.get("eyes", []), "eyes") for _, name in _sides(one)),
        shapes={name: parse_look(value, side) for key, value in shapes.items() for side, name in _sides(key)},
        bones=tuple(_moved(content)),
        ignored=_names(content.get("ignored", []), "ignored"),
    )


def _names(value: object, entry: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise FormatError(f"{entry!r} must be a list of names")
    return tuple(value)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise FormatError(f"{value!r} must be a number")
    return float(value)


def _sides(name: str) -> list[tuple[str, str]]:
    """Sides and names that an entry stands for: one without a side, or one on either."""
    if "{side}" not in name:
        return [("", name)]
    return [(side, name.replace("{side}", side)) for side in SIDES]


def parse_look(value: object, side: str) -> Look:
    """A look as TOML has it: one of ARKit's shapes, or a table of them; `{side}` is `side`.

    Raises:
        FormatError: It is neither, or a table that shows nothing.
    """
    shares = {value: 1.0} if isinstance(value, str) else value
    if not isinstance(shares, dict) or not shares:
        raise FormatError(f"{value!r} must be a shape of ARKit, or a table of shapes and shares")
    look = {_known(shape, side, BASIS): _number(share) for shape, share in shares.items()}
    if not any(look.values()):
        raise FormatError(f"{value!r} shows nothing; leave the entry out")
    return look


def _known(shape: str, side: str, known: tuple[str, ...]) -> str:
    name = shape.replace("{side}", side)
    if name not in known and name not in INDEX:
        raise FormatError(f"{shape!r} is no shape of ARKit; there are: {', '.join(SHAPES)}")
    return name


def _beside(value: object) -> Callable[[str], bool]:
    """Whether a bone is among those that move beside shape keys: all of a dialect, none or some."""
    if isinstance(value, bool):
        return lambda _bone: value
    return _names(value, "beside_shapes").__contains__


def _moved(content: Mapping[str, object]) -> Iterator[Moved]:
    turns, moves, about, spans = (table_of(content, key) for key in _TABLES[1:])
    beside = _beside(content.get("beside_shapes", False))
    for key in dict.fromkeys((*turns, *moves)):
        for side, bone in _sides(key):
            mirror = side == "Right"
            turn = _vectors(turns.get(key, {}), side, (1, -1, -1) if mirror else (1, 1, 1))
            move = _vectors(moves.get(key, {}), side, (-1, 1, 1) if mirror else (1, 1, 1))
            centre = str(about.get(key, "")).replace("{side}", side)
            span = tuple(str(end).replace("{side}", side) for end in _ends(spans.get(key, [])))
            yield Moved(bone, turn, move, beside(bone), centre, span)


def _ends(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) not in (0, 2):
        raise FormatError(f"{value!r} of 'spans' must be two bones")
    return value


def _vectors(table: object, side: str, mirror: tuple[int, int, int]) -> dict[str, Vector]:
    """Vectors by shape, written for the left side, as they are on this one."""
    if not isinstance(table, dict):
        raise FormatError(f"{table!r} must be a table of shapes and vectors")
    found: dict[str, Vector] = {}
    for shape, vector in table.items():
        if not isinstance(vector, list) or len(vector) != 3:
            raise FormatError(f"{shape!r} must have three numbers")
        x, y, z = (_number(number) * sign for number, sign in zip(vector, mirror, strict=True))
        found[_known(_other_way(shape) if side == "Right" else shape, side, SHAPES)] = (x, y, z)
    return found


def _other_way(shape: str) -> str:
    """What is `mouthLeft` to the left half of a face is `mouthRight` to the right one."""
    for one, other in (SIDES, SIDES[::-1]):
        if shape.endswith(one):
            return shape.removesuffix(one) + other
    return shape
