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
_MIDDLE_BONES: tuple[Bone, ...] = ((11, 12), (23, 24), (11, 23), (12, 24))
# Those of the face where the face itself was not found.
_MOUTH: tuple[Bone, ...] = ((9, 10),)
_LEFT_FACE: tuple[Bone, ...] = ((0, 2), (2, 7))
_RIGHT_FACE: tuple[Bone, ...] = ((0, 5), (5, 8))
# The palm of a hand where the hand itself was not found.
_LEFT_PALM: tuple[Bone, ...] = ((15, 17), (17, 19), (19, 15))
_RIGHT_PALM: tuple[Bone, ...] = ((16, 18), (18, 20), (20, 16))
_HAND_BONES: tuple[Bone, ...] = (
    *((0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 7), (7, 8), (5, 9), (9, 10), (10, 11), (11, 12)),
    *((9, 13), (13, 14), (14, 15), (15, 16), (13, 17), (0, 17), (17, 18), (18, 19), (19, 20)),
)
# Lines over the mesh of the face, right around but for the brows.
_LEFT_LINES = (
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263),
    (474, 475, 476, 477, 474),
    (336, 296, 334, 293, 300),
)
_RIGHT_LINES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33),
    (469, 470, 471, 472, 469),
    (107, 66, 105, 63, 70),
)
_MIDDLE_LINES = (
    (
        *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148),
        *(176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10),
    ),
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
)
_FACE = ((_MIDDLE_LINES, _MIDDLE), (_LEFT_LINES, _LEFT), (_RIGHT_LINES, _RIGHT))
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
    if take.face is not None:
        _face(canvas, take.face.image[frame, :, :2] * scale, max(1, round(width * 0.4)))
    return canvas


def _body_parts(take: Take, frame: int) -> list[tuple[tuple[Bone, ...], Colour]]:
    parts = [(_MIDDLE_BONES, _MIDDLE), (_LEFT_BONES, _LEFT), (_RIGHT_BONES, _RIGHT)]
    if take.face is None or np.isnan(take.face.score[frame]):
        parts += [(_MOUTH, _MIDDLE), (_LEFT_FACE, _LEFT), (_RIGHT_FACE, _RIGHT)]
    if np.isnan(take.left.score[frame]):
        parts.append((_LEFT_PALM, _LEFT))
    if np.isnan(take.right.score[frame]):
        parts.append((_RIGHT_PALM, _RIGHT))
    return parts


def _hand(canvas: Picture, hand: Hand, frame: int, scale: Floats, colour: Colour, width: int) -> None:
    points = hand.image[frame, :, :2] * scale
    _skeleton(canvas, points, np.ones(len(points), bool), max(1, round(width * 0.6)), [(_HAND_BONES, colour)])


def _face(canvas: Picture, points: Floats, width: int) -> None:
    """The lines of a face (478, 2), where it was found."""
    if not _drawable(points):
        return
    fixed = np.round(points * 2**_SUBPIXEL_BITS).astype(np.int32)
    for lines, colour in _FACE:
        strips = [fixed[list(line)] for line in lines]
        cv2.polylines(canvas, strips, False, colour, width, cv2.LINE_AA, _SUBPIXEL_BITS)


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
