"""The user's own map: what he said of an armature, with what its family knows. Nothing here needs Blender."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from ...errors import BlazeRigError
from ...solver.humanoid import SLOTS
from .guess import KEYED, UNKNOWN
from .match import Match, Played, matches
from .rig_file import FORMAT, RigFile, SlotNames, missing_slots
from .skeleton import Skeleton

_SIDES = (("Left", "Right"), ("left", "right"), ("LEFT", "RIGHT"), ("L", "R"), ("l", "r"), ("左", "右"))


@dataclass(frozen=True)
class Entry:
    """A line of the map.

    Attributes:
        slot: Of the humanoid.
        bone: That plays it; empty for none, which is then not keyed.
        certainty: How sure that is, 0 to 1.
        by_user: Whether the user chose it.
    """

    slot: str
    bone: str = ""
    certainty: float = 1.0
    by_user: bool = False


def entries(match: Match) -> list[Entry]:
    """A line for every slot: what was recognised, doubtful bones too."""
    found = {**match.played, **match.doubtful}
    return [
        Entry(slot, found[slot].bone, match.certainty.get(slot, 1.0)) if slot in found else Entry(slot)
        for slot in SLOTS
    ]


def edited(
    lines: Iterable[Entry], family: str, why: str, skeleton: Skeleton, files: Collection[RigFile]
) -> Match:
    """The match that a map stands for, which was recognised as `why` says.

    Bones that the family gives a slot keep their joint; its switches and twist bones stay. Bones that
    the armature has no longer, and those that are doubtful and not the user's own word, are not keyed.
    """
    known = next((_of_family(file, skeleton) for file in files if file.family == family), None)
    base = known or Match(UNKNOWN, {})
    joints = {played.bone: played.joint for played in base.played.values()}
    lines = [line for line in lines if line.bone in skeleton.index]
    sure = [line for line in lines if line.by_user or line.certainty >= KEYED]
    played = {line.slot: Played(line.bone, joints.get(line.bone, line.bone)) for line in sure}
    own = sum(line.by_user for line in lines)
    return replace(
        base,
        played=played,
        missing=tuple(missing_slots(played)),
        why=f"{why}; {own} set by hand" if own else why,
        certainty={line.slot: 1.0 if line.by_user else line.certainty for line in lines},
        doubtful={line.slot: Played(line.bone, line.bone) for line in lines if line not in sure},
        twist={slot: bones for slot, bones in base.twist.items() if slot in played},
    )


def shared_bones(lines: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Bones that play more than one slot, with their slots, of pairs of slot and bone."""
    slots: dict[str, list[str]] = {}
    for slot, bone in lines:
        slots.setdefault(bone, []).append(slot)
    return [(bone, names) for bone, names in slots.items() if bone and len(names) > 1]


def _of_family(file: RigFile, skeleton: Skeleton) -> Match | None:
    return min(matches(file, skeleton), key=lambda match: len(match.missing), default=None)


def mirrored(bone: str, names: Collection[str]) -> str | None:
    """The bone on the other side, by its name: the same with one marker of the side exchanged."""
    for one, other in _SIDES:
        for here, there in ((one, other), (other, one)):
            for found in re.finditer(_marker(here), bone):
                name = bone[: found.start()] + there + bone[found.end() :]
                if name in names and name != bone:
                    return name
    return None


def _marker(side: str) -> str:
    """A side's marker where it is a word of its own: one letter between others would be any letter."""
    return rf"(?<![A-Za-z]){side}(?![a-z])" if side in "LRlr" else re.escape(side)


def preset_of(name: str, match: Match) -> RigFile:
    """A match as a family of its own, which is recognised by these very bones.

    Raises:
        BlazeRigError: It lacks bones without which no family can be.
    """
    if match.missing:
        raise BlazeRigError(f"the map cannot be kept yet: no bone plays {', '.join(match.missing)}")
    slots = {
        slot: SlotNames((played.bone,), played.joint if played.joint != played.bone else None)
        for slot, played in match.played.items()
    }
    known = match.file.family != UNKNOWN.family
    return RigFile(
        name, slots, twist=match.twist, like=(match.file.like or match.file.family) if known else None
    )


def to_toml(file: RigFile) -> str:
    """A rig file as text, every bone by its full name."""
    return "\n".join([*_lines(file), ""])


def _lines(file: RigFile) -> Iterator[str]:
    yield f"format = {FORMAT}"
    yield f"name = {_quoted(file.family)}"
    if file.like:
        yield f"like = {_quoted(file.like)}"
    yield "\n[bones]"
    for slot, names in file.slots.items():
        bone = _quoted(names.bones[0])
        yield f"{slot} = " + (
            bone if names.joint is None else f"{{ bone = {bone}, joint = {_quoted(names.joint)} }}"
        )
    yield "\n[twist]"
    for slot, names in file.twist.items():
        yield f"{slot} = {_quoted(names)}"


def _quoted(value: str | Iterable[str]) -> str:
    """A string or a list of strings; TOML writes those as JSON does."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)
