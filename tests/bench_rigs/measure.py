"""How well one armature is mapped: by its family, by names and shape, by shape alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import bpy
from armatures import nameless
from blazerig.addon.character.armature import skeleton_of, suggest
from blazerig.addon.character.guess import guess_match
from blazerig.addon.character.match import Match
from blazerig.addon.character.rig_file import REQUIRED
from blazerig.addon.character.skeleton import Skeleton
from cases import Case

SPINE = ("spine", "chest", "upperChest", "neck")
"""Without its family, any bone between hips and head may play these: where a chest begins is taste."""


@dataclass(frozen=True)
class Outcome:
    """What a mapping found.

    Attributes:
        family: That it was taken for.
        found: How many bones, of how many.
        total: That there are to find.
        wrong: Slots that were keyed on another bone than theirs.
        missing: Required slots that were not found, or are in doubt.
    """

    family: str
    found: int
    total: int
    wrong: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Nothing is wrong, and nothing that is needed is missing."""
        return not self.wrong and not self.missing

    @property
    def cell(self) -> str:
        """For the table: found of all / wrong / missing, and which."""
        told = "".join(f" **{slot}**" for slot in (*self.wrong, *self.missing))
        return f"{self.found} of {self.total} / {len(self.wrong)} / {len(self.missing)}{told}"


def judged(armature: bpy.types.Object, case: Case) -> list[Outcome]:
    """The mappings of an armature; the last one renames its bones."""
    known, skeleton = suggest(armature), skeleton_of(armature)
    truth = {slot: played.joint for slot, played in known.played.items()}
    wrong = () if known.file.family == case.family else (f"taken for {known.file.family}",)
    wrong += tuple(slot for slot, bone in truth.items() if case.truth.get(slot, bone) != bone)
    missing = tuple(slot for slot in REQUIRED if slot not in known.played)
    outcomes = [Outcome(known.file.family, len(truth), len(known.file.slots), wrong, missing)]
    if case.guessed:
        outcomes.append(compared(guess_match(skeleton), truth, skeleton))
        old = nameless(armature)
        now = {name: new for new, name in old.items()}
        truth = {slot: now[bone] for slot, bone in truth.items()}
        outcomes.append(compared(guess_match(skeleton_of(armature)), truth, skeleton_of(armature)))
    return outcomes


def compared(match: Match, truth: Mapping[str, str], skeleton: Skeleton) -> Outcome:
    """A mapping without its family against the family's; slots that the family leaves out are not judged."""
    between = spine_bones(truth, skeleton)
    played = {slot: match.played[slot].bone for slot in match.played if slot in truth or slot in REQUIRED}
    wrong = tuple(slot for slot, bone in played.items() if not right(slot, bone, truth, between))
    missing = tuple(slot for slot in REQUIRED if slot not in played)
    return Outcome(match.file.family, len(played), len(truth), wrong, missing)


def right(slot: str, bone: str, truth: Mapping[str, str], between: Collection[str]) -> bool:
    """Whether a bone may play a slot."""
    return truth.get(slot) == bone or (slot in SPINE and bone in between)


def spine_bones(truth: Mapping[str, str], skeleton: Skeleton) -> set[str]:
    """The bones between hips and head."""
    way = skeleton.path(skeleton.index[truth["hips"]], skeleton.index[truth["head"]])
    return {skeleton.names[bone] for bone in way[1:-1]}
