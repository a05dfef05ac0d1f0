"""Rig files: which bone of a family of rigs plays which slot of the humanoid.

They are the TOML files in `rigs/`; the format is documented in `docs/rig-format.md`. Nothing
here needs Blender.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from ...solver.humanoid import SIDES, SLOTS
from ..data_file import FormatError, check_entries, flag_of, load, table_of

FORMAT = 1
FOLDER = Path(__file__).parent / "rigs"
_LIMBS = ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
REQUIRED = ("hips", "spine", "head", *(f"{side}{part}" for side in SIDES for part in _LIMBS))
"""The slots that every humanoid has (the required bones of VRM 1.0)."""
_FLAGS = ("any_prefix", "loose")
_TABLES = ("sides", "middle", "sided", "bones", "twist", "properties", "ik")
_ENTRIES = {"format", "name", "like", "deform_of", "requires", "lacks", "at_rest", *_FLAGS, *_TABLES}

_IK_SLOTS = {"Hand": "Hand", "Foot": "Foot", "Toes": "Toes", "Elbow": "UpperArm", "Knee": "UpperLeg"}
"""Entries of `[ik]`, and the slots that their bones are kept by."""


@dataclass(frozen=True)
class SlotNames:
    """The bones that may play a slot.

    Attributes:
        bones: Names of the pose bone to key; the first that a rig has is taken.
        joint: Name of the bone whose head is the slot's joint, where that is another one.
    """

    bones: tuple[str, ...]
    joint: str | None = None


@dataclass(frozen=True)
class IkNames:
    """The controls of inverse kinematics of a family.

    Attributes:
        targets: Bones that move a hand or foot, by its slot; the first that a rig has is taken.
        poles: Bones to which elbow or knee point, by the slot of the limb's upper part.
        toes: Bones that turn the toes then, by slot.
        at_rest: Controls that would move the same limbs.
        properties: As a rig's, in place of them or beside.
    """

    targets: Mapping[str, tuple[str, ...]]
    poles: Mapping[str, tuple[str, ...]]
    toes: Mapping[str, tuple[str, ...]]
    at_rest: tuple[str, ...]
    properties: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class RigFile:
    """One family of rigs, left and right spelled out.

    Attributes:
        family: What people call it ("Mixamo").
        slots: Bones by humanoid slot.
        any_prefix: Whether all bone names may carry one and the same prefix.
        loose: Whether names are the same but for case, width and the signs between their words.
        requires: Bones, beyond those of the required slots, that tell this family from others.
        lacks: Bones that it has not, which tells it from a family that has.
        at_rest: Controls that move the same body parts and therefore have to rest.
        properties: Values of properties by (pose bone, property), custom ones or Blender's own.
        twist: Bones that share the twist of a slot's body part, from the body outwards, by slot.
        deform_of: The family of control rigs whose deform bones these are.
        ik: The controls of inverse kinematics, of families that have them.
        like: The family that a preset was made of, whose switches and controls it has.
    """

    family: str
    slots: Mapping[str, SlotNames]
    any_prefix: bool = False
    loose: bool = False
    requires: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    at_rest: tuple[str, ...] = ()
    properties: Mapping[tuple[str, str], float] = field(default_factory=dict)
    twist: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deform_of: str | None = None
    ik: IkNames | None = None
    like: str | None = None


@cache
def families() -> tuple[RigFile, ...]:
    """All rig files that come with BlazeRig."""
    return tuple(load_rig_file(path) for path in sorted(FOLDER.glob("*.toml")))


def missing_slots(slots: Collection[str]) -> list[str]:
    """The required slots that are not among `slots`."""
    return [slot for slot in REQUIRED if slot not in slots]


def load_rig_file(path: Path) -> RigFile:
    """Read one rig file.

    Raises:
        BlazeRigError: It cannot be read or something in it is not of the format.
    """
    return load(path, "rig file", _parse)


def _parse(content: dict[str, object]) -> RigFile:
    check_entries(content, FORMAT, _ENTRIES)
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise FormatError("'name' is missing: what people call these rigs")
    markers = _markers(content)
    slots = dict(_slots(table_of(content, "middle"), table_of(content, "sided"), markers))
    bones = table_of(content, "bones")
    slots |= {_known(slot, slot): _slot_names(value, slot, None) for slot, value in bones.items()}
    if missing := missing_slots(slots):
        raise FormatError(f"no bone is given for: {', '.join(missing)}")
    named = {
        key: _both_sides(_names(content.get(key, []), key), markers)
        for key in ("requires", "lacks", "at_rest")
    }
    file = RigFile(
        family=name,
        slots=slots,
        any_prefix=flag_of(content, "any_prefix"),
        loose=flag_of(content, "loose"),
        **named,
        properties=dict(_properties(table_of(content, "properties"), markers)),
        twist=dict(_twist(table_of(content, "twist"), markers)),
        deform_of=_family(content, "deform_of"),
        ik=_ik(table_of(content, "ik"), markers) if "ik" in content else None,
        like=_family(content, "like"),
    )
    return _with_switches(file) if file.like else file


def _with_switches(file: RigFile) -> RigFile:
    """A preset with the switches and controls of the family that it was made of."""
    base = next((one for one in families() if one.family == file.like), None)
    if base is None:
        known = ", ".join(one.family for one in families())
        raise FormatError(f"'like' names an unknown family {file.like!r}; there are: {known}")
    return replace(file, at_rest=base.at_rest, properties=base.properties, ik=base.ik)


def _family(content: Mapping[str, object], key: str) -> str | None:
    value = content.get(key)
    if not isinstance(value, str | None):
        raise FormatError(f"{key!r} must be the name of a family")
    return value


def _ik(table: Mapping[str, object], markers: Mapping[str, str]) -> IkNames:
    entries = (*_IK_SLOTS, "at_rest", "properties")
    if unknown := sorted(set(table) - set(entries)):
        raise FormatError(f"unknown entry {unknown[0]!r} of 'ik'; there are: {', '.join(entries)}")

    def bones(*entries: str) -> dict[str, tuple[str, ...]]:
        return {
            f"{side}{_IK_SLOTS[entry]}": _slot_names(table[entry], entry, marker).bones
            for entry in entries
            if entry in table
            for side, marker in markers.items()
        }

    return IkNames(
        targets=bones("Hand", "Foot"),
        poles=bones("Elbow", "Knee"),
        toes=bones("Toes"),
        at_rest=_both_sides(_names(table.get("at_rest", []), "at_rest"), markers),
        properties=dict(_properties(table_of(table, "properties"), markers)),
    )


def _twist(table: Mapping[str, object], markers: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of a table by slot or by a slot's name without its side."""
    for part, value in table.items():
        names = _names(value, part)
        if part in SLOTS:
            yield part, names
            continue
        for side, marker in markers.items():
            yield _known(f"{side}{part}", part), tuple(name.replace("{side}", marker) for name in names)


def _names(value: object, where: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise FormatError(f"{where!r} must be a bone name or a list of them")
    return tuple(names)


def _markers(content: Mapping[str, object]) -> dict[str, str]:
    """The text that stands for `{side}` in the names of either side."""
    if "sides" not in content and not table_of(content, "sided"):
        return dict.fromkeys(SIDES, "")
    sides = table_of(content, "sides")
    if set(sides) != set(SIDES) or not all(isinstance(marker, str) for marker in sides.values()):
        raise FormatError('\'sides\' must say what {side} is on either side, as { left = "L", right = "R" }')
    return {side: str(sides[side]) for side in SIDES}


def _slots(
    middle: Mapping[str, object], sided: Mapping[str, object], markers: Mapping[str, str]
) -> Iterator[tuple[str, SlotNames]]:
    for slot, value in middle.items():
        yield _known(slot, slot), _slot_names(value, slot, None)
    for part, value in sided.items():
        for side, marker in markers.items():
            yield _known(f"{side}{part}", part), _slot_names(value, part, marker)


def _known(slot: str, entry: str) -> str:
    if slot not in SLOTS:
        raise FormatError(f"unknown slot {entry!r}; the slots are: {', '.join(SLOTS)}")
    return slot


def _slot_names(value: object, slot: str, marker: str | None) -> SlotNames:
    """Of a slot written `"bone"`, `["bone", "or another"]` or `{ bone = ..., joint = ... }`."""
    joint = None
    if isinstance(value, dict):
        if not {"bone"} <= set(value) <= {"bone", "joint"}:
            raise FormatError(f"{slot!r} must have 'bone' and may have 'joint', nothing else")
        joint = value.get("joint")
        value = value["bone"]
        if joint is not None and not isinstance(joint, str):
            raise FormatError(f"'joint' of {slot!r} must be a bone name")
    bones = _names(value, slot)
    if marker is None:
        return SlotNames(bones, joint)
    if not all("{side}" in name for name in (*bones, joint or "{side}")):
        raise FormatError(f"{slot!r} is the same bone left and right: write {{side}} where the side stands")
    return SlotNames(
        tuple(name.replace("{side}", marker) for name in bones), joint and joint.replace("{side}", marker)
    )


def _both_sides(names: tuple[str, ...], markers: Mapping[str, str]) -> tuple[str, ...]:
    """Names with `{side}` twice, left and right; others as they are."""
    return tuple(
        dict.fromkeys(name.replace("{side}", marker) for name in names for marker in markers.values())
    )


def _properties(
    table: Mapping[str, object], markers: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], float]]:
    for bone, values in table.items():
        if not isinstance(values, dict):
            raise FormatError(f"properties of {bone!r} must be a table of names and values")
        for key, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise FormatError(f"property {key!r} of {bone!r} must be a number")
            for name in _both_sides((bone,), markers):
                yield (name, key), float(value)
