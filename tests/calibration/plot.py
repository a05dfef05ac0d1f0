"""Draws how reliable the confidence is: what it says against what came true, and against the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from blazerig.models.confidence import in_picture
from reliability import BINS, reliability
from samples import RIGHT, Samples

_FINE = 2  # drawn this many times larger, then reduced: clean edges
_SIZE = 1240, 640
_INK, _PALE, _PAPER = (40, 40, 40), (225, 225, 225), (255, 255, 255)
_BLUE, _ORANGE = (180, 105, 30), (30, 125, 235)  # BGR
_ERRORS = 0.005, 2.0
_Kinds = tuple[tuple[str, np.ndarray, tuple[int, int, int]], ...]


@dataclass(frozen=True)
class _Panel:
    """A square of the drawing with axes of its own, both from 0 to 1."""

    canvas: np.ndarray
    left: int
    top: int
    width: int
    height: int

    def at(self, x: float, y: float) -> tuple[int, int]:
        return (
            round((self.left + x * self.width) * _FINE),
            round((self.top + (1.0 - y) * self.height) * _FINE),
        )

    def line(
        self, points: list[tuple[float, float]], colour: tuple[int, int, int], *, dots: bool = False
    ) -> None:
        placed = [self.at(x, y) for x, y in points]
        cv2.polylines(self.canvas, [np.array(placed)], False, colour, 2 * _FINE, cv2.LINE_AA)
        for point in placed if dots else []:
            cv2.circle(self.canvas, point, 4 * _FINE, colour, -1, cv2.LINE_AA)

    def thin(self, x0: float, y0: float, x1: float, y1: float, colour: tuple[int, int, int] = _PALE) -> None:
        cv2.line(self.canvas, self.at(x0, y0), self.at(x1, y1), colour, _FINE, cv2.LINE_AA)

    def text(
        self,
        words: str,
        x: float,
        y: float,
        colour: tuple[int, int, int] = _INK,
        *,
        left: int = 0,
        down: int = 0,
    ) -> None:
        """Words that begin `left` px left of and `down` px below a point."""
        column, row = self.at(x, y)
        place = column - left * _FINE, row + down * _FINE
        cv2.putText(
            self.canvas, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.46 * _FINE, colour, _FINE, cv2.LINE_AA
        )

    def frame(self, above: str) -> None:
        """Upright lines, a border, and a heading."""
        for share in np.linspace(0.0, 1.0, 6):
            self.thin(share, 0.0, share, 1.0)
        cv2.rectangle(self.canvas, self.at(0.0, 1.0), self.at(1.0, 0.0), _INK, _FINE)
        self.text(above, 0.0, 1.0, down=-12)

    def foot(self, below: str) -> None:
        """Numbers from 0 to 1 and what they are."""
        for share in np.linspace(0.0, 1.0, 6):
            self.text(f"{share:.1f}", share, 0.0, left=10, down=20)
        self.text(below, 0.5, 0.0, left=4 * len(below), down=44)


def draw(path: Path, said: np.ndarray, samples: Samples) -> None:
    """The confidence said of points that the net puts in the picture, beside its visibility, as a PNG."""
    canvas = np.full((_SIZE[1] * _FINE, _SIZE[0] * _FINE, 3), _PAPER, np.uint8)
    inside = in_picture(samples.image, samples.size[:, None])
    kinds = (
        ("visibility", samples.visibility[inside], _ORANGE),
        ("confidence, clip left out", said[inside], _BLUE),
    )
    _draw_reliability(canvas, kinds, samples.right[inside])
    _draw_errors(_Panel(canvas, 690, 60, 500, 500), kinds, samples.error[inside])
    small = cv2.resize(canvas, _SIZE, interpolation=cv2.INTER_AREA)
    if not cv2.imwrite(str(path), small, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"{path} could not be written")


def _draw_reliability(canvas: np.ndarray, kinds: _Kinds, right: np.ndarray) -> None:
    panel = _Panel(canvas, 80, 60, 500, 360)
    bars = _Panel(canvas, 80, 440, 500, 120)
    for share in np.linspace(0.0, 1.0, 6):
        panel.thin(0.0, share, 1.0, share)
        panel.text(f"{share:.1f}", 0.0, share, left=34, down=5)
    for share in (0.0, 0.5):
        bars.thin(0.0, share, 1.0, share)
        bars.text(f"{share:.1f}", 0.0, share, left=34, down=5)
    bars.frame("")
    bars.foot("what was said")
    panel.frame("share of the points that are right (lines), share of all points (bars)")
    panel.thin(0.0, 0.0, 1.0, 1.0, _INK)
    for row, (name, values, colour) in enumerate(kinds):
        found = reliability(values, right)
        there = np.isfinite(found.said)
        panel.line(list(zip(found.said[there], found.true[there], strict=True)), colour, dots=True)
        panel.text(f"{name}: error {found.calibration_error:.3f}", 0.03, 0.95, colour, down=20 * row)
        for index, share in enumerate(found.share):
            start = (index + 0.1 + 0.4 * row) / BINS
            corners = bars.at(start, share), bars.at(start + 0.4 / BINS, 0.0)
            cv2.rectangle(canvas, *corners, colour, -1)


def _draw_errors(panel: _Panel, kinds: _Kinds, error: np.ndarray) -> None:
    def height(value: float) -> float:
        low, high = np.log(_ERRORS)
        return float((np.log(np.clip(value, *_ERRORS)) - low) / (high - low))

    for value in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0):
        panel.thin(0.0, height(value), 1.0, height(value))
        panel.text(f"{value:.0%}", 0.0, height(value), left=46, down=5)
    panel.frame("landmark error, in lengths of the torso: median, and 10 to 90 %")
    panel.foot("what was said")
    panel.thin(0.0, height(RIGHT), 1.0, height(RIGHT), _INK)
    panel.text("right below this line", 0.02, height(RIGHT), down=16)
    for _, values, colour in kinds:
        _draw_spread(panel, values, error, colour, height)


def _draw_spread(
    panel: _Panel,
    values: np.ndarray,
    error: np.ndarray,
    colour: tuple[int, int, int],
    height: Callable[[float], float],
) -> None:
    bins = np.minimum((values * BINS).astype(int), BINS - 1)
    points: list[tuple[float, float]] = []
    shift = 0.008 if colour == _BLUE else -0.008
    for index in range(BINS):
        low, middle, high = np.quantile(error[bins == index], (0.1, 0.5, 0.9), method="nearest")
        where = (index + 0.5) / BINS + shift
        panel.thin(where, height(low), where, height(high), colour)
        points.append((where, height(middle)))
    panel.line(points, colour, dots=True)
