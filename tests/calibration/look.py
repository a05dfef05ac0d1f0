"""Shows the confidence on footage that has no truth: a table by parts, and a sheet to look at.

    .venv/bin/python tests/calibration/look.py VIDEO_OR_STILL ... [--sheet OUT.png] [--every 3]

The table gives the mean confidence and, in brackets, the mean visibility of the net. On the sheet, points go
from red (0) by yellow to green (1); the picture is shown with a margin, for the points outside it.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from blazerig.models.body import Body
from blazerig.models.confidence import confidence
from blazerig.models.video import Video
from samples import Follower

_PARTS = {
    "head": range(11), "shoulders": (11, 12), "elbows": (13, 14), "wrists": (15, 16), "hands": range(17, 23),
    "hips": (23, 24), "knees": (25, 26), "ankles": (27, 28), "feet": range(29, 33),
}  # fmt: skip
_LIMBS = (
    (11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24),
    (23, 25), (25, 27), (24, 26), (26, 28), (27, 31), (28, 32),
)  # fmt: skip
_NUMBERED = (*range(11, 17), *range(23, 29))
_HEIGHT, _MARGIN, _TILES_A_ROW = 300, 70, 4


def main() -> None:
    parser = argparse.ArgumentParser(description="Confidence of landmarks on footage without truth")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=3, help="look at every so-manieth frame (3)")
    parser.add_argument("--frames", type=int, default=50, help="of a video, at most (50)")
    parser.add_argument("--sheet", type=Path, help="draw the middle frame of each file into this PNG")
    options = parser.parse_args()
    follower = Follower()
    print("| | " + " | ".join(_PARTS) + " |")
    tiles: list[np.ndarray] = []
    for path in options.files:
        pictures = list(_pictures(path, options.every, options.frames))
        bodies = list(follower(pictures))
        seen = [index for index, body in enumerate(bodies) if body is not None]
        if not seen:
            print(f"| {path.name} | nobody found |")
            continue
        print(_row(path.name, [bodies[index] for index in seen], pictures[0].shape[1::-1]))
        middle = seen[len(seen) // 2]
        tiles.append(_tile(pictures[middle], bodies[middle]))
    if options.sheet and tiles and not cv2.imwrite(str(options.sheet), _sheet(tiles)):
        raise OSError(f"{options.sheet} could not be written")


def _pictures(path: Path, every: int, most: int) -> Iterator[np.ndarray]:
    with Video(path, every=every) as video:
        for frame in itertools.islice(video.frames(), most):
            yield frame.picture


def _believed(body: Body, size: tuple[int, int]) -> np.ndarray:
    return confidence(body.image, body.visibility, body.presence, body.peak, size)


def _row(name: str, bodies: list[Body], size: tuple[int, int]) -> str:
    said = np.mean([_believed(body, size) for body in bodies], axis=0)
    visible = np.mean([body.visibility for body in bodies], axis=0)
    cells = [f"{said[list(part)].mean():.2f} ({visible[list(part)].mean():.2f})" for part in _PARTS.values()]
    return f"| {name} | " + " | ".join(cells) + " |"


def _tile(picture: np.ndarray, body: Body) -> np.ndarray:
    scale = _HEIGHT / picture.shape[0]
    said = _believed(body, picture.shape[1::-1])
    canvas = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = cv2.copyMakeBorder(
        canvas, 10, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=(45, 45, 45)
    )
    points = np.round(body.image[:, :2] * scale + (_MARGIN, 10)).astype(int)
    for start, end in _LIMBS:
        cv2.line(canvas, points[start].tolist(), points[end].tolist(), (215, 215, 215), 1, cv2.LINE_AA)
    for landmark, (point, share) in enumerate(zip(points.tolist(), said.tolist(), strict=True)):
        colour = (0, int(255 * min(1.0, 2.0 * share)), int(255 * min(1.0, 2.0 - 2.0 * share)))
        cv2.circle(canvas, point, 4, colour, -1, cv2.LINE_AA)
        if landmark in _NUMBERED:
            for ink, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
                place = point[0] + 6, point[1] + 4
                cv2.putText(canvas, f"{share:.2f}", place, 0, 0.38, ink, width, cv2.LINE_AA)
    return canvas


def _sheet(tiles: list[np.ndarray]) -> np.ndarray:
    rows = [np.hstack(tiles[start : start + _TILES_A_ROW]) for start in range(0, len(tiles), _TILES_A_ROW)]
    width = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows])


if __name__ == "__main__":
    main()
