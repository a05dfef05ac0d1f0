"""Hands as a camera would see them that looks straight at each, a right one in a mirror."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..take import Floats, Hand, Take
from . import rotations
from .camera import Camera
from .hand_model import PALM, PALM_SHAPE
from .humanoid import SIDES
from .landmarks import WRISTS

NET_PALM = 0.083
"""Length of the palm in the net's metres (rendered clips)."""
ONE_HAND = 0.5
"""Both nets look at one hand where their landmarks are this close, in palms of the picture."""
PALM_SEEN = 60.0
OVERSHOOT = 1.1
"""The palm is this percentile of its apparent lengths over the clip, each by its least foreshortened pair of
landmarks, through this (rendered clips)."""
STANDARD_PALM = 0.094
"""Metres, of the standard person; taken where no hand was seen."""
MIRROR = np.array([1.0, 1.0, -1.0, -1.0])
"""What a mirror at x = 0 makes of a rotation: that of the other hand."""


@dataclass(frozen=True)
class HandView:
    """One hand over F frames as a left one, seen straight.

    Attributes:
        side: "left" or "right"; "both" where the two hands of one frame stand in place of two frames.
        points: Metres about the middle of the palm: x and y from the picture, z from the net; zero where
            it was not seen. Shape (F, 21, 3).
        seen: Whether it was. Shape (F,).
        pixel: Metres that a pixel of the picture stands for. Shape (F,).
        palm: Length of the palm, metres.
        turn: Rotation from these axes to the camera's, before a right hand is mirrored. Shape (F, 4).
        mirrored: Whether it is a right hand. Shape (F, 1).
    """

    side: str
    points: Floats
    seen: NDArray[np.bool_]
    pixel: Floats
    palm: float
    turn: Floats
    mirrored: NDArray[np.bool_]

    def of_camera(self, q: Floats) -> Floats:
        """Rotations (F, 4) of a hand or a forearm from camera axes into these."""
        return self.in_mirror(rotations.multiply(rotations.inverse(self.turn), q))

    def ways_of_camera(self, ways: Floats) -> Floats:
        """Vectors (F, N, 3) from camera axes into these."""
        turned = rotations.rotate(rotations.inverse(self.turn)[:, None], ways)
        turned[..., 0] *= np.where(self.mirrored, -1.0, 1.0)
        return turned

    def to_camera(self, q: Floats) -> Floats:
        """And back."""
        return rotations.multiply(self.turn, self.in_mirror(q))

    def in_mirror(self, q: Floats) -> Floats:
        """Rotations (F, 4) of a left hand as those of this one, and back."""
        return np.where(self.mirrored, q * MIRROR, q)


def tell_apart(take: Take) -> tuple[Hand, Hand]:
    """Left and right hand, without the frames in which its net looked at the other one.

    Where both nets saw the same hand, it is that of the body's nearer wrist.
    """
    left, right = take.left, take.right
    apart = rotations.length(left.image[..., :2] - right.image[..., :2])[..., 0]
    size = rotations.length(left.image[:, 9, :2] - left.image[:, 0, :2])[..., 0]
    middle = apart.shape[1] // 2
    one = np.partition(apart, middle, axis=-1)[:, middle] < ONE_HAND * size
    if not one.any():
        return left, right
    off = [
        rotations.length(hand.image[:, 0, :2] - take.body_image[:, wrist, :2])[..., 0]
        for hand, wrist in zip((left, right), WRISTS, strict=True)
    ]
    return without(left, one & (off[0] >= off[1])), without(right, one & (off[0] < off[1]))


def without(hand: Hand, frames: NDArray[np.bool_]) -> Hand:
    """A hand that was not found in these frames (F,)."""
    lost = frames[:, None, None]
    return replace(
        hand,
        image=np.where(lost, np.nan, hand.image),
        world=np.where(lost, np.nan, hand.world),
        score=np.where(frames, np.nan, hand.score),
    )


def look(hands: tuple[Hand, Hand], depths: Floats, camera: Camera) -> tuple[HandView, HandView]:
    """Both hands, each seen straight.

    Args:
        hands: Left and right.
        depths: Of their wrists along the camera's axis, metres. Shape (F, 2).
        camera: That took the picture.
    """
    pixels = depths / camera.focal
    seen = apparent_lengths(hands, pixels)
    palm = float(np.percentile(seen, PALM_SEEN)) / OVERSHOOT if len(seen) else STANDARD_PALM
    left, right = (
        view_of(side, hand, pixels[:, i], palm, camera, np.full((len(pixels), 1), side == "right"))
        for i, (side, hand) in enumerate(zip(SIDES, hands, strict=True))
    )
    return left, right


def apparent_lengths(hands: tuple[Hand, Hand], pixels: Floats) -> Floats:
    """Of the palms that were seen, by the pair of landmarks that lies about across the view, metres.

    Args:
        hands: Left and right.
        pixels: Metres that a pixel stands for at each. Shape (F, 2).
    """
    flat = np.concatenate(
        [
            np.asarray(hand.image, float)[:, PALM, :2] * pixels[:, i, None, None]
            for i, hand in enumerate(hands)
        ]
    )
    flat = flat[np.isfinite(flat).all((1, 2))]
    apparent = rotations.length(flat[:, _PAIRS[0]] - flat[:, _PAIRS[1]])[..., 0] / _PAIR_LENGTHS
    return apparent.max(-1)


_PAIRS = np.array([(0, 2), (0, 3), (0, 4), (0, 5), (2, 5), (2, 4), (3, 5)]).T
_PAIR_LENGTHS = np.linalg.norm(PALM_SHAPE[_PAIRS[0]] - PALM_SHAPE[_PAIRS[1]], axis=-1)


def view_of(
    side: str, hand: Hand, pixel: Floats, palm: float, camera: Camera, mirrored: NDArray[np.bool_]
) -> HandView:
    """A hand seen straight: `pixel` (F,) metres a pixel, a `palm` of so many metres, `mirrored` (F, 1)."""
    image, world = np.asarray(hand.image, float), np.asarray(hand.world, float)
    points = image * pixel[:, None, None]
    points[..., 2] = world[..., 2] * (palm / NET_PALM)
    points = points - points[:, PALM].mean(1, keepdims=True)
    seen = np.isfinite(points).all((1, 2))
    slopes = camera.slopes(image[:, 0, :2])
    ray = np.concatenate([slopes, np.ones((len(slopes), 1))], axis=-1)
    turn = rotations.shortest_arc([0.0, 0.0, 1.0], np.where(seen[:, None], ray, [0.0, 0.0, 1.0]))
    points[..., 0] *= np.where(mirrored, -1.0, 1.0)
    return HandView(side, np.where(seen[:, None, None], points, 0.0), seen, pixel, palm, turn, mirrored)
