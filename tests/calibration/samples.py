"""What the net says of the rendered clips and their worse variants, beside how wrong it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import footage
import numpy as np
from blazerig.models.body import Body, PoseNet, roi_of_body
from blazerig.models.confidence import in_picture
from blazerig.models.detector import PoseDetector
from blazerig.models.sessions import Net
from truth import Truth, fit_spots, load_truth

RIGHT = 0.1
"""A point is right if its error is less than this share of the torso's length."""


@dataclass(frozen=True)
class Samples:
    """N bodies in frames.

    Attributes:
        clip: Name of the clip. Shape (N,).
        variant: How the clip was made worse. Shape (N,).
        image: Pixels. Shape (N, 33, 3).
        visibility: As the net gave it. Shape (N, 33).
        presence: Shape (N, 33).
        peak: Shape (N, 33).
        size: Of the picture. Shape (N, 2).
        error: Distance to the truth in lengths of the torso; infinite where the truth is not in the
            picture. Shape (N, 33).
    """

    clip: np.ndarray
    variant: np.ndarray
    image: np.ndarray
    visibility: np.ndarray
    presence: np.ndarray
    peak: np.ndarray
    size: np.ndarray
    error: np.ndarray

    @property
    def right(self) -> np.ndarray:
        return self.error < RIGHT


@dataclass(frozen=True)
class _Sighting:
    clip: str
    variant: str
    frame: int
    shot: footage.Shot
    body: Body


class Follower:
    """A body through frames, each region from the landmarks before it, with no smoothing at all."""

    def __init__(self) -> None:
        self._detector = PoseDetector(Net("pose_detector"))
        self._net = PoseNet(Net("pose_landmarks"))

    def __call__(self, pictures: Iterable[np.ndarray]) -> Iterator[Body | None]:
        roi = None
        for picture in pictures:
            if roi is None:
                roi = next((found.roi for found in self._detector(picture)), None)
            seen = self._net([picture], [roi])[0] if roi is not None else None
            roi = roi_of_body(seen.aux) if seen is not None else None
            yield seen.body if seen is not None else None


def gather(clips: list[Path], every: int) -> Samples:
    """Follow the body through all variants of the clips, looking at every so-manieth frame."""
    follower = Follower()
    truths = {clip.name: load_truth(clip) for clip in clips}
    sightings = [sighting for clip in clips for sighting in _sightings(clip, follower, every)]
    spots = {
        character: fit_spots(
            [
                (truths[s.clip], s.frame, s.body.image[:, :2], s.body.visibility)
                for s in sightings
                if s.variant == footage.whole.__name__ and truths[s.clip].character == character
            ]
        )
        for character in {truth.character for truth in truths.values()}
    }
    return Samples(
        clip=np.array([s.clip for s in sightings]),
        variant=np.array([s.variant for s in sightings]),
        image=np.stack([s.body.image for s in sightings]),
        visibility=np.stack([s.body.visibility for s in sightings]),
        presence=np.stack([s.body.presence for s in sightings]),
        peak=np.stack([s.body.peak for s in sightings]),
        size=np.stack([s.shot.picture.shape[1::-1] for s in sightings]),
        error=np.stack([_error(s, truths[s.clip], spots[truths[s.clip].character]) for s in sightings]),
    )


def _sightings(clip: Path, follower: Follower, every: int) -> Iterator[_Sighting]:
    frames = list(footage.frames(clip, every))
    for variant, make in footage.VARIANTS.items():
        shots = [make(frame) for _, frame in frames]
        bodies = follower(shot.picture for shot in shots)
        for (index, _), shot, body in zip(frames, shots, bodies, strict=True):
            if body is not None:
                # The picture's shape is all that is needed of it from here on.
                empty = np.broadcast_to(np.uint8(0), shot.picture.shape)
                yield _Sighting(clip.name, variant, index, footage.Shot(empty, shot.placed), body)


def _error(sighting: _Sighting, truth: Truth, spots: np.ndarray) -> np.ndarray:
    """Shape (33,), in lengths of the torso."""
    shot, size = sighting.shot, sighting.shot.picture.shape[1::-1]
    in_clip = truth.points(sighting.frame, spots)
    points = in_clip @ shot.placed[:, :2].T + shot.placed[:, 2]
    torso = truth.pixels_per_torso(sighting.frame) * shot.placed[0, 0]
    error = np.linalg.norm(sighting.body.image[:, :2] - points, axis=-1) / torso
    return np.where(in_picture(in_clip, truth.size) & in_picture(points, size), error, np.inf)


def cached(path: Path | None, clips: list[Path], every: int) -> Samples:
    """The samples kept in a file, or gathered and then kept."""
    if path is not None and path.is_file():
        with np.load(path) as file:
            return Samples(**file)
    samples = gather(clips, every)
    if path is not None:
        np.savez_compressed(path, **asdict(samples))
    return samples
