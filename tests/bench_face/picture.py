"""The matrix of shapes driven against weights found, as a picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from blazerig.solver.face.shapes import SHAPES

_CELL, _LABEL = 15, 150
_INK, _PAPER = (60, 60, 60), 255


def draw_matrix(rows: np.ndarray, path: Path, title: str) -> None:
    """Rows driven, columns found, dark blue for 1. Shape (52, 52)."""
    count = len(SHAPES)
    side = _LABEL + count * _CELL + 10
    picture = np.full((side + 24, side, 3), _PAPER, np.uint8)
    for row in range(count):
        for column in range(count):
            share = float(np.clip(rows[row, column], 0, 1))
            colour = [int(_PAPER + share * (ink - _PAPER)) for ink in (150, 70, 10)]
            x, y = _LABEL + column * _CELL, _LABEL + row * _CELL
            cv2.rectangle(picture, (x, y), (x + _CELL - 2, y + _CELL - 2), colour, -1)
            if share < 0.02:
                cv2.rectangle(picture, (x, y), (x + _CELL - 2, y + _CELL - 2), (240, 240, 240), -1)
        _write(picture, SHAPES[row], (6, _LABEL + row * _CELL + 11))
    labels = np.full((count * _CELL, _LABEL, 3), _PAPER, np.uint8)
    for column in range(count):
        _write(labels, SHAPES[column], (4, column * _CELL + 11))
    picture[:_LABEL, _LABEL : _LABEL + count * _CELL] = cv2.rotate(labels, cv2.ROTATE_90_COUNTERCLOCKWISE)[
        :, ::-1
    ][:, ::-1]
    _write(picture, title, (6, side + 12))
    cv2.imwrite(str(path), picture)


def _write(picture: np.ndarray, text: str, place: tuple[int, int]) -> None:
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.36, _INK, 1, cv2.LINE_AA)
