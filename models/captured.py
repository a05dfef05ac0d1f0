"""What has been seen of a clip so far, for whoever must keep it before the tracking is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..errors import BlazeRigError
from ..take import Take
from . import performers
from .holistic import Performer
from .people import Person, settled
from .recording import Recording
from .video import Video

Recordings = Mapping[int, Recording]
"""By the performer's number."""


class Captured:
    """The takes that there would be if the tracking ended now. Another thread may ask for them at any time.

    Attributes:
        provider: What runs the nets; empty until that is known.
    """

    def __init__(self) -> None:
        self.provider = ""
        self._footage: Video | None = None
        self._sources: list[Callable[[], Recordings]] = []

    def begin(self, footage: Video, provider: str) -> None:
        """The nets begin to look at `footage`."""
        self._footage, self.provider = footage, provider

    def add(self, recordings: Callable[[], Recordings]) -> None:
        """From now on `recordings` tell what is seen; the former ones count until they hold as much."""
        self._sources.insert(0, recordings)

    def settle(self, recordings: Recordings) -> None:
        """The tracking has come to its end: this is all that counts."""
        self._sources = [lambda: recordings]

    def takes(self) -> dict[int, Take]:
        """One for each performer; none where nobody has been seen."""
        if self._footage is None:
            return {}
        footage = self._footage
        about = footage.name, footage.fps, footage.size, footage.focal
        most = max((source() for source in tuple(self._sources)), key=_frames, default={})
        if not _frames(most):
            return {}
        return {number: record.take(*about) for number, record in most.items() if len(record)}


def _frames(recordings: Recordings) -> int:
    """How many frames there are, if somebody is in them."""
    seen = any(recording.seen for recording in recordings.values())
    return sum(map(len, recordings.values())) if seen else 0


def stopped_after(frames: int) -> str:
    """What the user is told of a take that ends early."""
    return f"stopped after {frames} frame{'' if frames == 1 else 's'}"


def glimpses(
    people: Sequence[Person], looks: Sequence[float], performer: str, size: tuple[int, int]
) -> Recordings:
    """What the search for people saw of the performers: bodies in some of the frames, no hands, no face.

    Args:
        people: Everybody, as followed so far.
        looks: Times of the looks at the clip, s.
        performer: Who is wanted: a number, `largest`, `central` or `all`.
        size: Width and height of the picture, pixels.
    """
    looks, found = list(looks), settled(list(people), len(looks))
    try:
        numbers = performers.chosen(found, performer, size)
    except BlazeRigError:  # who is wanted may come yet
        return {}
    return {number: _glimpses_of(found[number], looks) for number in numbers}


def _glimpses_of(person: Person, looks: Sequence[float]) -> Recording:
    bodies = {sighting.time: sighting.body for sighting in tuple(person.sightings)}
    recording = Recording(face=False)
    for time in looks:
        body = bodies.get(time)
        recording.add(time, Performer(body, body) if body else None)
    return recording
