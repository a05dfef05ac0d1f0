"""An armature of no known family: what its shape and its names say together. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...solver.humanoid import SIDES, SLOTS
from .match import Match, Played
from .rig_file import RigFile, missing_slots
from .shape import Guess, guess_by_shape
from .skeleton import Skeleton
from .words import guess_by_words, twist_bones

UNKNOWN = RigFile("Unknown rig", {})
"""The family of a rig of no family: it has no switches and no controls."""
KEYED = 0.5
"""Bones that are less sure than this are shown, not keyed."""
DISPUTED = 0.4
"""How sure a bone is of which names and shape say different things."""
FACING = 0.6
"""Where the sides are less sure than this by shape, the names decide which is left."""
_NEXT = {"UpperArm": "LowerArm", "LowerArm": "Hand", "UpperLeg": "LowerLeg", "LowerLeg": "Foot"}


def guess_match(skeleton: Skeleton) -> Match:
    """The slots as shape and words tell them, those that are unsure apart."""
    words, shape = guess_by_words(skeleton), guess_by_shape(skeleton)
    if shape.sided < FACING and _opposed(words, shape):
        shape = _other_side(shape)
    found = {slot: bone for slot, bone in _together(words, shape)}
    played, doubtful = ({}, {})
    for slot in SLOTS:
        if slot in found:
            name = skeleton.names[found[slot][0]]
            (played if found[slot][1] >= KEYED else doubtful)[slot] = Played(name, name)
    sources = [name for name, guess in (("names", words), ("shape", shape)) if guess.bones]
    why = f"{' and '.join(sources) or 'nothing'}, {len(played)} of {len(SLOTS)} bones"
    return Match(
        file=UNKNOWN,
        played=played,
        missing=tuple(missing_slots(played)),
        why=f"{UNKNOWN.family}, by {why}",
        certainty={slot: sure for slot, (_, sure) in found.items()},
        doubtful=doubtful,
        twist=dict(_twist(skeleton, played)),
    )


def _together(words: Guess, shape: Guess) -> Iterator[tuple[str, tuple[int, float]]]:
    """Bone and certainty by slot: where both agree surer than either, where they do not unsure."""
    used: set[int] = set()
    for slot in SLOTS:
        by_word, by_shape = words.bones.get(slot), shape.bones.get(slot)
        if by_word is None and by_shape is None:
            continue
        if by_word is None and by_shape is not None:
            bone, sure = by_shape, shape.certainty[slot]
        elif by_shape is None or by_word is None:
            bone, sure = by_word, words.certainty[slot]
        elif by_word == by_shape:
            bone, sure = by_word, 1 - (1 - words.certainty[slot]) * (1 - shape.certainty[slot])
        else:
            bone, sure = by_word, words.certainty[slot] if slot in _SPINE else DISPUTED
        if bone is not None and bone not in used:
            used.add(bone)
            yield slot, (bone, sure)


_SPINE = ("hips", "spine", "chest", "upperChest", "neck")
"""Of these any bone between the hips and the head will do; names choose."""


def _opposed(words: Guess, shape: Guess) -> bool:
    """Whether names call right what shape took for left."""
    return sum(_same(words, shape, flipped=True)) > sum(_same(words, shape, flipped=False))


def _same(words: Guess, shape: Guess, *, flipped: bool) -> Iterator[bool]:
    for slot, bone in words.bones.items():
        if slot.startswith(SIDES):
            yield shape.bones.get(other_side(slot) if flipped else slot) == bone


def _other_side(guess: Guess) -> Guess:
    return Guess(
        {other_side(slot): bone for slot, bone in guess.bones.items()},
        {other_side(slot): sure for slot, sure in guess.certainty.items()},
        guess.sided,
    )


def other_side(slot: str) -> str:
    """The slot of the other side; a slot of the middle itself."""
    for side, other in (SIDES, SIDES[::-1]):
        if slot.startswith(side):
            return other + slot.removeprefix(side)
    return slot


def _twist(skeleton: Skeleton, played: Mapping[str, Played]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for side in SIDES:
        for part, end in _NEXT.items():
            if f"{side}{part}" in played:
                upper = skeleton.index[played[f"{side}{part}"].joint]
                below = played.get(f"{side}{end}")
                lower = skeleton.index[below.joint] if below else None
                if bones := twist_bones(skeleton, upper, lower):
                    yield f"{side}{part}", tuple(skeleton.names[bone] for bone in bones)
