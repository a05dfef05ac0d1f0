"""Rendered clips whose truth is known, whole and made worse: cut off, covered, dark, small, blurred."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

_PREFIX = "mixamorig:"
_GREY = 128


@dataclass(frozen=True)
class Shot:
    """A picture and where the truth lies in it.

    Attributes:
        picture: BGR. Shape (H, W, 3).
        placed: Pixels of the clip to pixels of this picture. Shape (2, 3).
    """

    picture: np.ndarray
    placed: np.ndarray


@dataclass(frozen=True)
class Frame:
    """One frame of a clip: the picture, and its true joints by name, pixels, x and y."""

    picture: np.ndarray
    joints: dict[str, np.ndarray]
    seed: int

    def middle(self, joint: str) -> np.ndarray:
        return (self.joints[f"Left{joint}"] + self.joints[f"Right{joint}"]) / 2.0

    @property
    def torso(self) -> float:
        return float(np.linalg.norm(self.middle("Arm") - self.middle("UpLeg")))


def frames(folder: Path, every: int) -> Iterator[tuple[int, Frame]]:
    """Index and content of every so-manieth frame of a clip of the benchmark."""
    with np.load(folder / "truth.npz") as file:
        names, joints = [str(name).removeprefix(_PREFIX) for name in file["bone_names"]], file["joints_2d"]
    capture = cv2.VideoCapture(str(folder / "video.mp4"))
    for index in range(len(joints)):
        decoded, picture = capture.read()
        if not decoded:
            raise RuntimeError(f"{folder} ends at frame {index}, its truth at {len(joints)}")
        if index % every == 0:
            yield index, Frame(picture, dict(zip(names, joints[index], strict=True)), index)


def whole(frame: Frame) -> Shot:
    return _in_place(frame.picture)


def _in_place(picture: np.ndarray) -> Shot:
    return Shot(picture, np.eye(2, 3))


def _window(frame: Frame, x0: float, y0: float, x1: float, y1: float) -> Shot:
    """What a camera that shows only this part of the picture would see, enlarged to the picture's height."""
    height, width = frame.picture.shape[:2]
    left, right = int(np.clip(x0, 0, width - 16)), int(np.clip(x1, 16, width))
    top, bottom = int(np.clip(y0, 0, height - 16)), int(np.clip(y1, 16, height))
    scale = height / (bottom - top)
    picture = cv2.resize(frame.picture[top:bottom, left:right], None, fx=scale, fy=scale)
    return Shot(picture, np.array([[scale, 0.0, -left * scale], [0.0, scale, -top * scale]]))


def _portrait(frame: Frame, bottom: float) -> Shot:
    """Four by three from above the head down to `bottom`."""
    crown = frame.joints["Head"][1] - 0.55 * frame.torso
    half = max(bottom - crown, 16.0) * 2.0 / 3.0
    middle = frame.middle("Arm")[0]
    return _window(frame, middle - half, crown, middle + half, bottom)


def knees_up(frame: Frame) -> Shot:
    return _portrait(frame, frame.middle("Leg")[1])


def waist_up(frame: Frame) -> Shot:
    return _portrait(frame, frame.middle("UpLeg")[1])


def head_and_shoulders(frame: Frame) -> Shot:
    return _portrait(frame, frame.middle("Arm")[1] + 0.25 * frame.torso)


def headless(frame: Frame) -> Shot:
    height, width = frame.picture.shape[:2]
    return _window(frame, 0.0, frame.middle("Arm")[1] - 0.1 * frame.torso, width, height)


def left_half(frame: Frame) -> Shot:
    height, width = frame.picture.shape[:2]
    return _window(frame, frame.middle("Arm")[0], 0.0, width, height)


def without_right_arm(frame: Frame) -> Shot:
    height, width = frame.picture.shape[:2]
    return _window(frame, frame.joints["RightArm"][0] - 0.1 * frame.torso, 0.0, width, height)


def _covered(frame: Frame, x0: float, y0: float, x1: float, y1: float, *, wall: bool) -> Shot:
    """Something stands before a part of the person: a plain box, or one that looks like the wall."""
    height, width = frame.picture.shape[:2]
    left, right = int(np.clip(x0, 0, width)), int(np.clip(x1, 0, width))
    top, bottom = int(np.clip(y0, 0, height)), int(np.clip(y1, 0, height))
    picture = frame.picture.copy()
    wide, high = right - left, bottom - top
    if wall and wide > 0 and high > 0:
        corner = frame.picture[: max(height // 6, 8), : max(width // 6, 8)]
        picture[top:bottom, left:right] = cv2.resize(corner, (wide, high))
    else:
        picture[top:bottom, left:right] = _GREY
    return _in_place(picture)


def legs_behind_box(frame: Frame) -> Shot:
    middle, top = frame.middle("UpLeg")[0], frame.middle("UpLeg")[1] + 0.15 * frame.torso
    reach = 1.5 * frame.torso
    return _covered(frame, middle - reach, top, middle + reach, frame.picture.shape[0], wall=False)


def legs_behind_wall(frame: Frame) -> Shot:
    return _covered(
        frame, 0.0, frame.middle("Leg")[1], frame.picture.shape[1], frame.picture.shape[0], wall=True
    )


def _before_arm(frame: Frame, side: str, *, wall: bool) -> Shot:
    arm = np.stack([frame.joints[f"{side}{part}"] for part in ("ForeArm", "Hand", "HandMiddle3")])
    (x0, y0), (x1, y1) = arm.min(0) - 0.15 * frame.torso, arm.max(0) + 0.15 * frame.torso
    return _covered(frame, x0, y0, x1, y1, wall=wall)


def left_arm_behind_box(frame: Frame) -> Shot:
    return _before_arm(frame, "Left", wall=False)


def right_arm_behind_wall(frame: Frame) -> Shot:
    return _before_arm(frame, "Right", wall=True)


def right_half_behind_wall(frame: Frame) -> Shot:
    return _covered(frame, 0.0, 0.0, frame.middle("Arm")[0], frame.picture.shape[0], wall=True)


def dark(frame: Frame) -> Shot:
    noise = np.random.default_rng(frame.seed).normal(0.0, 6.0, frame.picture.shape)
    picture = np.clip(frame.picture * 0.15 + noise, 0, 255).astype(np.uint8)
    return _in_place(picture)


def small(frame: Frame) -> Shot:
    """The person half as high, the picture's edges going on around."""
    height, width = frame.picture.shape[:2]
    picture = cv2.resize(frame.picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    down, right = height - picture.shape[0], width - picture.shape[1]
    above, left = down // 2, right // 2
    picture = cv2.copyMakeBorder(picture, above, down - above, left, right - left, cv2.BORDER_REPLICATE)
    return Shot(picture, np.array([[0.5, 0.0, left], [0.0, 0.5, above]]))


def blurred(frame: Frame) -> Shot:
    return _in_place(cv2.blur(frame.picture, (17, 5)))


VARIANTS: dict[str, Callable[[Frame], Shot]] = {
    make.__name__: make
    for make in (
        whole, knees_up, waist_up, head_and_shoulders, headless, left_half, without_right_arm,
        legs_behind_box, legs_behind_wall, left_arm_behind_box, right_arm_behind_wall,
        right_half_behind_wall, dark, small, blurred,
    )
}  # fmt: skip
