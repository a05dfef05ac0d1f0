"""What the names of bones say, in any spelling. Nothing here needs Blender.

A name is cut into words (`mixamorig:LeftUpLeg`, `lShldrBend`, `CC_Base_L_Upperarm`, `左足首`), the words
say a side and a part of the body, and the words of the whole skeleton settle what one word can mean
twice: a shoulder is the collar or the upper arm, a leg the thigh or the shin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ...solver.humanoid import FINGERS, SIDES, finger_slots
from .shape import Guess, common, torso_bones
from .skeleton import Skeleton

SURE = 0.8
"""How sure a name is whose bone hangs where it should."""
_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")

_MEANINGS = {
    "left": "left lft lf l 左",
    "right": "right rgt rt r 右",
    "upper": "upper up",
    "lower": "lower low fore",
    "arm": "arm 腕",
    "leg": "leg 足 脚",
    "collar": "clavicle clav collar scapula",
    "shoulder": "shoulder shldr 肩",
    "upper arm": "humerus",
    "lower arm": "elbow radius ひじ 肘",
    "hand": "hand wrist 手首 手",
    "hip": "hip hips",
    "hips": "pelvis",
    "upper leg": "thigh femur",
    "lower leg": "knee shin calf tibia ひざ 膝",
    "foot": "ankle foot 足首",
    "toes": "toe toes ball toebase つま先 爪先 足先",
    "spine": "spine chest thorax torso waist abdomen back body 上半身 下半身 腰",
    "neck": "neck 首",
    "head": "head 頭",
    "Thumb": "thumb 親指",
    "Index": "index 人指 人差指",
    "Middle": "middle mid 中指",
    "Ring": "ring third 薬指",
    "Little": "little pinky pinkie 小指",
    "finger": "finger fingers 指",
    "palm": "palm metacarpal metacarpals carpal metatarsal metatarsals",
    "twist": "twist roll 捩",
    "other": (
        "ik pole target end tip nub top eye eyes lid brow jaw lip lips mouth nose tongue teeth cheek chin "
        "hair skirt cloth sleeve breast bust boob butt buttock ear tail weapon prop holster helper heel "
        "muscle leaf cancel corrective share nail wing cape belt buckle string 先 目 髪 袖 胸 舌 スカート"
    ),
    "": "base bend fk joint jnt bone def deform center centre センター main rig proximal intermediate distal",
}
_WORDS = {
    unicodedata.normalize("NFKC", word): meaning
    for meaning, words in _MEANINGS.items()
    for word in words.split()
}
_PARTS = {
    "Shoulder": ({"collar"}, {"shoulder"}),
    "UpperArm": ({"upper", "arm"}, {"upper arm"}, {"arm"}),
    "LowerArm": ({"lower", "arm"}, {"lower arm"}),
    "Hand": ({"hand"},),
    "UpperLeg": ({"upper", "leg"}, {"upper leg"}, {"hip"}),
    "LowerLeg": ({"lower", "leg"}, {"lower leg"}),
    "Foot": ({"foot"},),
    "Toes": ({"toes"}, {"toes", "foot"}),
}
_CHAINS = (("Shoulder", "UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot", "Toes"))


@dataclass(frozen=True)
class Said:
    """What a name says: a side, or None, and the meanings of its other words."""

    side: str | None
    meanings: frozenset[str]


@cache
def read(name: str) -> Said:
    """The words of a name."""
    found: list[str] = []
    for piece in _PIECES.findall(unicodedata.normalize("NFKC", name)):
        found.extend(_segments(piece.casefold()))
    meanings = [_WORDS[word] for word in found]
    side = next((meaning for meaning in meanings if meaning in SIDES), None)
    return Said(side, frozenset(meaning for meaning in meanings if meaning not in (*SIDES, "")))


@cache
def _segments(piece: str) -> tuple[str, ...]:
    """A piece of a name as known words: `upperarm` is two, `lhand` a side and one."""
    if piece in _WORDS:
        return (piece,)
    for length in range(len(piece) - 1, 0, -1):
        if piece[:length] in _WORDS and (rest := _segments(piece[length:])):
            return (piece[:length], *rest)
    return ()


def guess_by_words(skeleton: Skeleton) -> Guess:
    """The slots that names tell, as far as the bones hang where they should."""
    said = [read(name) for name in skeleton.names]
    bones: dict[str, int] = {}
    for side in SIDES:
        limbs = _limbs(skeleton, said, side)
        bones |= {f"{side}{part}": bone for part, bone in limbs.items()}
        if "Hand" in limbs:
            bones |= dict(_fingers(skeleton, said, side, limbs["Hand"]))
    bones |= _torso(skeleton, said, bones)
    return Guess(bones, dict.fromkeys(bones, SURE))


def twist_bones(skeleton: Skeleton, upper: int, lower: int | None) -> list[int]:
    """Bones that share a limb part's twist: those between its joints, and those beside that are called so."""
    between = skeleton.path(upper, lower)[1:-1] if lower is not None else []
    beside = [
        child
        for child in skeleton.children[upper]
        if child not in between and "twist" in read(skeleton.names[child]).meanings
    ]
    found = [*between, *(bone for bone in beside if not skeleton.children[bone])]
    return sorted(found, key=lambda bone: float(((skeleton.heads[bone] - skeleton.heads[upper]) ** 2).sum()))


def _limbs(skeleton: Skeleton, said: list[Said], side: str) -> dict[str, int]:
    """Bones of one side's arm and leg by part, those that hang below each other in their order."""
    found = {part: _first(skeleton, said, side, meanings) for part, meanings in _PARTS.items()}
    for upper, lower, word in (("UpperLeg", "LowerLeg", {"hip"}), ("Shoulder", "UpperArm", {"shoulder"})):
        found[upper] = _lowest(skeleton, said, found[upper], found[lower], word)
    leg = _first(skeleton, said, side, ({"leg"},))
    if found["UpperArm"] is None and found["Shoulder"] is not None:
        found["UpperArm"] = _first(skeleton, said, side, ({"shoulder"}, {"collar"}))
        found["Shoulder"] = _first(skeleton, said, side, ({"collar"},))
    if found["LowerLeg"] is None:
        found["LowerLeg"] = leg
    elif found["UpperLeg"] is None or leg in skeleton.above(skeleton.parents[found["LowerLeg"]]):
        found["UpperLeg"] = leg if leg is not None else found["UpperLeg"]
    return {part: bone for chain in _CHAINS for part, bone in _in_order(skeleton, chain, found)}


def _first(
    skeleton: Skeleton, said: list[Said], side: str | None, meanings: tuple[set[str], ...]
) -> int | None:
    """The uppermost bone of a side that says just one of the meanings, the earlier ones first."""
    for wanted in meanings:
        for bone in range(len(skeleton.names)):
            if said[bone].side == side and said[bone].meanings == wanted:
                return bone
    return None


def _lowest(
    skeleton: Skeleton, said: list[Said], upper: int | None, lower: int | None, word: set[str]
) -> int | None:
    """Of the bones from `upper` down to over `lower` that say just `word` the last."""
    if upper is None or lower is None:
        return upper
    return next((bone for bone in skeleton.path(upper, lower)[-2::-1] if said[bone].meanings == word), upper)


def _in_order(
    skeleton: Skeleton, chain: tuple[str, ...], found: Mapping[str, int | None]
) -> Iterator[tuple[str, int]]:
    above: int | None = None
    for part in chain:
        bone = found[part]
        if bone is not None and (above is None or above in skeleton.above(skeleton.parents[bone])):
            above = bone
            yield part, bone


def _fingers(skeleton: Skeleton, said: list[Said], side: str, hand: int) -> Iterator[tuple[str, int]]:
    """The bones below a hand that name a finger; of more than three those after the palm's."""
    below = skeleton.below(hand)[1:]
    for finger in FINGERS:
        helpers = {"other", "twist"} if finger == "Thumb" else {"other", "twist", "palm"}
        named = [bone for bone in below if finger in (says := said[bone].meanings) and not says & helpers]
        chain = [bone for bone in named if named[0] in skeleton.above(bone)][:3]
        yield from zip(finger_slots(side, finger), chain, strict=False)


def _torso(skeleton: Skeleton, said: list[Said], bones: Mapping[str, int]) -> dict[str, int]:
    """Hips, spine and head: the tree between the limbs, with the names of hips and head."""
    limbs = [bones.get(f"{side}{part}") for part in ("UpperLeg", "UpperArm") for side in SIDES]
    if any(bone is None for bone in limbs):
        return {}
    legs, arms = (
        [bone for bone in limbs[:2] if bone is not None],
        [bone for bone in limbs[2:] if bone is not None],
    )
    joined = common(skeleton, legs[0], arms[0])
    if joined is None or common(skeleton, legs[1], arms[1]) != joined:
        return {}
    named = (bone for bone in skeleton.above(joined) if said[bone].meanings in ({"hip"}, {"hips"}))
    hips = next(named, joined)
    heads = [
        bone for bone in skeleton.below(hips) if said[bone].meanings == {"head"} and said[bone].side is None
    ]
    return torso_bones(skeleton, hips, (arms[0], arms[1]), heads[0] if heads else None, joined)
