"""Draws what the models saw over the picture that they saw it in."""

from __future__ import annotations

import cv2
import numpy as np

from ..take import Floats, Hand, Take
from .roi import Picture

Colour = tuple[int, int, int]
Bone = tuple[int, int]

# BGR: the performer's left is warm, the right is cool, what belongs to both is white.
_LEFT: Colour = (60, 150, 255)
_RIGHT: Colour = (255, 180, 60)
_MIDDLE: Colour = (245, 245, 245)
_JOINT: Colour = (255, 255, 255)
_SHADOW: Colour = (30, 30, 30)

_LEFT_BONES: tuple[Bone, ...] = ((11, 13), (13, 15), (23, 25), (25, 27), (27, 29), (29, 31), (27, 31))
_RIGHT_BONES: tuple[Bone, ...] = ((12, 14), (14, 16), (24, 26), (26, 28), (28, 30), (30, 32), (28, 32))
_MIDDLE_BONES: tuple[Bone, ...] = ((11, 12), (23, 24), (11, 23), (12, 24), (9, 10))
_LEFT_FACE: tuple[Bone, ...] = ((0, 2), (2, 7))
_RIGHT_FACE: tuple[Bone, ...] = ((0, 5), (5, 8))
# The palm of a hand where the hand itself was not found.
_LEFT_PALM: tuple[Bone, ...] = ((15, 17), (17, 19), (19, 15))
_RIGHT_PALM: tuple[Bone, ...] = ((16, 18), (18, 20), (20, 16))
_HAND_BONES: tuple[Bone, ...] = (
    *((0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 7), (7, 8), (5, 9), (9, 10), (10, 11), (11, 12)),
    *((9, 13), (13, 14), (14, 15), (15, 16), (13, 17), (0, 17), (17, 18), (18, 19), (19, 20)),
)
_SEEN = 0.5
_PICTURE_PER_LINE = 240.0
_SUBPIXEL_BITS = 4
# Far outside of any picture; farther, OpenCV's integers end.
_REACH = 1e5


def draw(picture: Picture, take: Take, frame: int) -> Picture:
    """A copy of a BGR picture with one frame of `take` over it.

    The picture may have another size than the footage. Parts that the net calls hidden are drawn thin; parts
    that were not found are left out. Lines grow with the picture.
    """
    canvas = picture.copy()
    scale = np.array(picture.shape[1::-1]) / take.size
    width = max(1, round(min(picture.shape[:2]) / _PICTURE_PER_LINE))
    body = take.body_image[frame, :, :2] * scale
    seen = take.body_visibility[frame] > _SEEN
    _skeleton(canvas, body, seen, width, _body_parts(take, frame))
    for hand, colour in ((take.left, _LEFT), (take.right, _RIGHT)):
        _hand(canvas, hand, frame, scale, colour, width)
    return canvas


def _body_parts(take: Take, frame: int) -> list[tuple[tuple[Bone, ...], Colour]]:
    parts = [
        (_MIDDLE_BONES, _MIDDLE),
        (_LEFT_BONES + _LEFT_FACE, _LEFT),
        (_RIGHT_BONES + _RIGHT_FACE, _RIGHT),
    ]
    if np.isnan(take.left.score[frame]):
        parts.append((_LEFT_PALM, _LEFT))
    if np.isnan(take.right.score[frame]):
        parts.append((_RIGHT_PALM, _RIGHT))
    return parts


def _hand(canvas: Picture, hand: Hand, frame: int, scale: Floats, colour: Colour, width: int) -> None:
    points = hand.image[frame, :, :2] * scale
    _skeleton(canvas, points, np.ones(len(points), bool), max(1, round(width * 0.6)), [(_HAND_BONES, colour)])


def _skeleton(
    canvas: Picture, points: Floats, seen: Floats, width: int, parts: list[tuple[tuple[Bone, ...], Colour]]
) -> None:
    bones = [(bone, colour) for part, colour in parts for bone in part if _drawable(points[list(bone)])]
    for thickness, shadow in ((width + (2 if width > 2 else 1), True), (width, False)):
        for (start, end), colour in bones:
            thin = not (seen[start] and seen[end])
            line = max(1, thickness // 3) if thin else thickness
            cv2.line(
                canvas,
                *(_fixed(points[start]), _fixed(points[end])),
                *(_SHADOW if shadow else colour, line, cv2.LINE_AA, _SUBPIXEL_BITS),
            )
    for joint in sorted({joint for bone, _ in bones for joint in bone if seen[joint]}):
        radius = round(width * 0.9 * 2**_SUBPIXEL_BITS)
        cv2.circle(canvas, _fixed(points[joint]), radius, _JOINT, cv2.FILLED, cv2.LINE_AA, _SUBPIXEL_BITS)


def _drawable(points: Floats) -> bool:
    return bool((np.abs(points) < _REACH).all())


def _fixed(point: Floats) -> tuple[int, int]:
    """A point in the fixed-point numbers that OpenCV draws fractions of a pixel with."""
    x, y = np.round(point * 2**_SUBPIXEL_BITS).astype(int).tolist()
    return x, y
