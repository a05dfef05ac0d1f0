"""Fingers and toes of a skeleton by their shape alone. Nothing here needs Blender."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...solver.humanoid import FINGERS
from ...take import Floats
from .limbs import angle
from .skeleton import Skeleton

KNUCKLE = 0.35
"""Knuckles are further from the wrist than this, by the length of the hand; bones of the palm are not."""


def finger_bones(skeleton: Skeleton, hand: int) -> tuple[dict[str, tuple[int, ...]], float]:
    """The bones of each finger, from the palm outwards, and how sure they are (0 to 1).

    The thumb stands off and begins near the wrist; the others lie side by side from it on. A hand of
    three or four fingers has a thumb and the fingers next to it.
    """
    chains = [chain for chain in _chains(skeleton, hand) if len(chain) > 1]
    if not 2 <= len(chains) <= 5:
        return {}, 0.0
    length = max(_distance(skeleton, hand, bone) for chain in chains for bone in chain)
    thumb, margin = _thumb(skeleton, hand, chains, length)
    others = [_from_knuckle(skeleton, hand, chain, length) for chain in chains if chain is not thumb]
    along = np.mean([_along(skeleton, chain) for chain in others], axis=0)
    across = skeleton.heads[thumb[-1]] - skeleton.heads[hand]
    across = across - along * (across @ along) / max(float(along @ along), 1e-12)
    others.sort(key=lambda chain: -float(skeleton.heads[chain[0]] @ across))
    sure = {5: 0.9, 4: 0.6, 3: 0.5}.get(len(chains), 0.3) * min(1.0, 0.5 + margin)
    return {name: chain[:3] for name, chain in zip(FINGERS, (thumb, *others), strict=False)}, sure


def toe_bone(skeleton: Skeleton, foot: int, forward: Floats) -> int | None:
    """The bone of all toes in front of a foot; None where there is none, or one for each toe."""
    ahead = []
    for bone in skeleton.children[foot]:
        offset = skeleton.heads[bone] - skeleton.heads[foot]
        if offset @ forward > 0.4 * np.linalg.norm(offset) > 0:
            ahead.append(bone)
    return ahead[0] if len(ahead) == 1 else None


def _chains(skeleton: Skeleton, hand: int) -> Iterator[tuple[int, ...]]:
    """What hangs on a hand, from where it no longer branches on, without helpers beside longer chains."""
    starts = list(_followed(skeleton, hand))
    for start in starts:
        chain = [start]
        while len(following := _followed(skeleton, chain[-1])) == 1:
            chain.append(following[0])
        if following:
            starts.extend(following)
        else:
            yield tuple(chain)


def _followed(skeleton: Skeleton, bone: int) -> tuple[int, ...]:
    children = skeleton.children[bone]
    longer = tuple(child for child in children if skeleton.children[child])
    return longer or children


def _thumb(
    skeleton: Skeleton, hand: int, chains: list[tuple[int, ...]], length: float
) -> tuple[tuple[int, ...], float]:
    """The finger that stands off, and by how much more than the next one."""

    def standing_off(chain: tuple[int, ...]) -> float:
        others = np.mean([_along(skeleton, other) for other in chains if other is not chain], axis=0)
        near = _distance(skeleton, hand, chain[0]) / length
        tip = _distance(skeleton, hand, chain[-1]) / length
        return angle(_along(skeleton, chain), others) - 2.0 * near - 1.0 * tip

    ranked = sorted(chains, key=standing_off, reverse=True)
    return ranked[0], standing_off(ranked[0]) - standing_off(ranked[1])


def _from_knuckle(skeleton: Skeleton, hand: int, chain: tuple[int, ...], length: float) -> tuple[int, ...]:
    """A finger without its bone of the palm."""
    far = [i for i, bone in enumerate(chain) if _distance(skeleton, hand, bone) > KNUCKLE * length]
    return chain[far[0] :] if len(chain) > 3 and far and len(chain) - far[0] >= 3 else chain


def _along(skeleton: Skeleton, chain: tuple[int, ...]) -> Floats:
    along = skeleton.heads[chain[-1]] - skeleton.heads[chain[0]]
    return along / max(float(np.linalg.norm(along)), 1e-12)


def _distance(skeleton: Skeleton, hand: int, bone: int) -> float:
    return float(np.linalg.norm(skeleton.heads[bone] - skeleton.heads[hand]))
