"""Which bones of a skeleton play which slots, by the names of a family. Nothing here needs Blender."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...solver.humanoid import SIDES
from .rig_file import RigFile, missing_slots
from .skeleton import Skeleton


@dataclass(frozen=True)
class Played:
    """The bones that play a slot on one armature: the one to key, and the one whose head is the joint."""

    bone: str
    joint: str


@dataclass(frozen=True)
class Match:
    """How the bones of one armature play the slots.

    Attributes:
        file: The family, with its switches and controls; of an unknown one there are none.
        played: The bones to key by slot.
        missing: What is needed and not there: bones as the family calls them, else slots.
        why: How it was found, for people ("Mixamo, 52 of 52 bones").
        certainty: How sure a slot's bone is, 0 to 1, of `played` and `doubtful`; a slot that is not
            named is sure.
        doubtful: Bones that may play a slot, but too unsure to be keyed unseen.
        twist: Bones that share the twist of a slot's body part, from the body outwards, by slot.
    """

    file: RigFile
    played: Mapping[str, Played]
    missing: tuple[str, ...] = ()
    why: str = ""
    certainty: Mapping[str, float] = field(default_factory=dict)
    doubtful: Mapping[str, Played] = field(default_factory=dict)
    twist: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Find = Callable[[str], str | None]
"""What an armature calls the bone that a rig file names, if it has it."""


def best_match(skeleton: Skeleton, files: Collection[RigFile], own: Collection[RigFile] = ()) -> Match | None:
    """The family that fits: of several the one that names most of the bones; None where none does.

    Args:
        skeleton: The bones.
        files: Families.
        own: The user's presets. One whose bones are all there goes before every family.
    """
    whole = [match for file in own for match in matches(file, skeleton) if _is_whole(match)]
    complete = whole or [match for file in files for match in matches(file, skeleton) if not match.missing]
    control = [match for match in complete if match.file.deform_of is None]
    return max(control or complete, key=_bones_told, default=None)


def deform_match(skeleton: Skeleton, control: Match, files: Collection[RigFile]) -> Match | None:
    """The deform bones of a control rig; None where they are not known or not there."""
    family = control.file.like or control.file.family
    found = (match for file in files if file.deform_of == family for match in matches(file, skeleton))
    return next((match for match in found if not match.missing), None)


def _bones_told(match: Match) -> int:
    return len(match.played) + len(match.file.requires)


def _is_whole(match: Match) -> bool:
    return not match.missing and len(match.played) == len(match.file.slots)


def matches(file: RigFile, skeleton: Skeleton) -> Iterator[Match]:
    """One family on a skeleton, for every prefix that its names may carry."""
    spell = spelling if file.loose else str
    bones = {spell(name): name for name in reversed(skeleton.names)}
    prefixes = {""}
    if file.any_prefix:
        roots = [spell(root) for root in file.slots["hips"].bones]
        prefixes |= {name.removesuffix(root) for name in bones for root in roots if name.endswith(root)}
    for prefix in sorted(prefixes):

        def find(name: str, prefix: str = prefix) -> str | None:
            return bones.get(prefix + spell(name))

        if not any(map(find, file.lacks)):
            yield _match(file, skeleton, find, prefix)


def spelling(name: str) -> str:
    """A name without case, width and the signs between its words."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _match(file: RigFile, skeleton: Skeleton, find: Find, prefix: str) -> Match:
    played = dict(_played(file, find))
    missing = [prefix + file.slots[slot].bones[0] for slot in missing_slots(played)]
    missing += [prefix + name for name in file.requires if not find(name)]
    why = f"{file.family}, {len(played)} of {len(file.slots)} bones"
    found = Match(file, played, tuple(missing), why, twist=dict(_twist(file, played, find)))
    return found if missing else replace(found, played=_settled(skeleton, played))


def _played(file: RigFile, find: Find) -> Iterator[tuple[str, Played]]:
    """Bones by slot; each plays one slot at most, the first that names it."""
    taken: set[str] = set()
    for slot, names in file.slots.items():
        found = (bone for name in names.bones if (bone := find(name)) and bone not in taken)
        bone = next(found, None)
        joint = bone if names.joint is None else find(names.joint)
        if bone and joint:
            taken.add(bone)
            yield slot, Played(bone, joint)


def _twist(file: RigFile, played: Mapping[str, Played], find: Find) -> Iterator[tuple[str, tuple[str, ...]]]:
    for slot, names in file.twist.items():
        bones = tuple(bone for name in names if (bone := find(name)))
        if bones and slot in played:
            yield slot, bones


def _settled(skeleton: Skeleton, played: dict[str, Played]) -> dict[str, Played]:
    """Names against the tree: legs do not hang on the spine, nor arms on the neck.

    A bone of the spine that carries a leg belongs to the hips and rests; one called neck that
    carries an arm is the top of the chest, and the bone over it the neck.
    """
    legs, arms = (_carriers(skeleton, played, f"Upper{limb}") for limb in ("Leg", "Arm"))
    if played["spine"].joint in legs and "chest" in played:
        played = dict(played)
        played["spine"] = played.pop("chest")
        if "upperChest" in played:
            played["chest"] = played.pop("upperChest")
    if "neck" in played and played["neck"].joint in arms:
        played = dict(played)
        top = played.pop("neck")
        over = skeleton.path(skeleton.index[top.joint], skeleton.index[played["head"].joint])[1:-1]
        played["upperChest"] = top
        if over:
            name = skeleton.names[over[0]]
            played["neck"] = Played(name, name)
    return played


def _carriers(skeleton: Skeleton, played: Mapping[str, Played], part: str) -> set[str]:
    """The bones above the left and the right part."""
    joints = [skeleton.index[played[f"{side}{part}"].joint] for side in SIDES]
    return {skeleton.names[above] for joint in joints for above in skeleton.above(skeleton.parents[joint])}
