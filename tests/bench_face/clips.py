"""The rendered heads of tests/calibration/face_rendered.py as takes, with their truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from blazerig.take import Face, Hand, Take

NAMES = ("rest", "turns", "shapes", "mixed")


@dataclass(frozen=True)
class Clip:
    """A take with a face, and its truth.

    Weights (F, 52), the head's turn (F, 3, 3) and place (F, 3), metres; yaw, pitch and roll (F, 3), the gaze
    of both eyes (F, 2, 2), radians.
    """

    take: Take
    weights: np.ndarray
    turn: np.ndarray
    place: np.ndarray
    angles: np.ndarray
    gaze: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Whether the net found a face. Shape (F,)."""
        assert self.take.face is not None
        return np.isfinite(self.take.face.image).all((1, 2))


def load_clip(path: Path) -> Clip:
    with np.load(path) as file:
        take = face_take(file["image"], file["size"], float(file["focal"]), file["times"])
        return Clip(take, file["weights"], file["turn"], file["place"], file["angles"], file["gaze"])


def face_take(image: np.ndarray, size: np.ndarray, focal: float | None, times: np.ndarray) -> Take:
    """A take in which nothing but the face was seen. Landmarks (F, 478, 3) px; NaN where there was none."""
    frames = len(image)

    def nothing(*shape: int) -> np.ndarray:
        return np.full((frames, *shape), np.nan)

    hand = Hand(nothing(21, 3), nothing(21, 3), nothing())
    score = np.where(np.isfinite(image).all((1, 2)), 1.0, np.nan)
    return Take(
        "face", 30.0, times, size, nothing(33, 3), nothing(33, 3), nothing(33), nothing(33), hand, hand,
        Face(image, score), focal,
    )  # fmt: skip
