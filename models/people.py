"""Who is in the footage, and where: everybody followed through a clip that is looked at now and then.

The pose detector finds people, the pose net follows each from one look to the next. Whoever is lost
(he left, somebody stands before him) and found again is recognised by place and by clothes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from ..take import Floats
from .appearance import colours, likeness
from .body import Body, PoseNet, Seen, aux_of, roi_of_body
from .detector import Candidate, PoseDetector
from .roi import Picture, Roi, roi_of_picture

SEARCH = 4
"""Each so many looks people are sought who are not followed; whoever was just lost is sought at once."""
_MOMENT = 2.0
_VISIBLE = 0.5
_MIN_POINTS = 5
_TRUNK = [2, 5, 11, 12, 23, 24]

# How far the trunk may be from where it should be, in shares of its own size; other lengths are shares of the
# side of the person's region.
_STEP = 0.6
_SAME_BODY = 0.1
_GROWTH = 1.6
# A face is so many times as wide as its eyes are apart.
_FACE = 2.0
# Somebody who was lost for a moment may have moved so far, and so far a second.
_REACH = 0.2
_PACE = 1.5
_FARTHEST = 0.8

_UNLIKE = 0.45
_ALIKE = 0.85
_LEARNING = 0.2

_MIN_LOOKS = 4
_MIN_SCORE = 0.92


@dataclass(frozen=True)
class Sighting:
    """A person at one moment.

    Attributes:
        time: Seconds.
        aux: The points that place the region, pixels. Shape (2, 2).
        trunk: Eyes, shoulders and hips, pixels; NaN where they are not visible. Shape (6, 2).
        score: The net's presence of a body, 0 to 1.
        body: Its landmarks; None of a place where a person is only expected.
    """

    time: float
    aux: Floats
    trunk: Floats
    score: float
    body: Body | None = None


@dataclass
class Person:
    """One person over a clip.

    Attributes:
        looks: The colours, a running mean.
        sightings: In the order of time.
        here: Whether the last look saw the person.
    """

    looks: Floats
    sightings: list[Sighting] = field(default_factory=list[Sighting])
    here: bool = True

    @property
    def last(self) -> Sighting:
        """The newest sighting."""
        return self.sightings[-1]

    @property
    def roi(self) -> Roi:
        """Where the person was last."""
        return roi_of_body(self.last.aux)

    def ahead(self, time: float) -> Sighting:
        """Where and as what the person should be seen at `time`."""
        shift = self._shift(time)
        last = self.last
        return Sighting(time, last.aux + shift, last.trunk + shift, last.score)

    def _shift(self, time: float) -> Floats:
        """How far the person should have moved since the last sighting, by the pace of late. Shape (2,)."""
        before, last = self.sightings[-2:] if len(self.sightings) > 1 else (self.last, self.last)
        moved = _moved(before.trunk, last.trunk)
        if moved is None or time - before.time > _MOMENT:
            return np.zeros(2)
        return moved * (time - last.time) / max(last.time - before.time, 1e-6)

    def see(self, sighting: Sighting, looks: Floats) -> None:
        """Add a sighting."""
        self.sightings.append(sighting)
        self.looks = self.looks + _LEARNING * (looks - self.looks)
        self.here = True


class PeopleTracker:
    """Follows everybody through looks at a clip, in the order of time. It holds no picture between them."""

    def __init__(self, detector: PoseDetector, net: PoseNet) -> None:
        self._detector = detector
        self._net = net
        self._looks = 0
        self.people: list[Person] = []

    def look(self, picture: Picture, time: float) -> None:
        """Take in a BGR picture seen at `time` s."""
        followed = [person for person in self.people if person.here]
        crowd = len(followed) > 1
        candidates = self._detector(picture, tiles(picture)) if crowd else []
        bodies = self._follow(picture, time, followed, candidates)
        missed = any(not person.here and time - person.last.time < _MOMENT for person in self.people)
        if missed or not bodies or self._looks % SEARCH == 0:
            self._meet(
                picture, time, candidates if crowd else self._detector(picture, tiles(picture)), bodies
            )
        self._looks += 1

    def _follow(
        self, picture: Picture, time: float, followed: list[Person], candidates: list[Candidate]
    ) -> list[Seen]:
        """Look where people should be now; the bodies that are there."""
        followed = sorted(followed, key=lambda person: -len(person.sightings))
        places = [person.ahead(time) for person in followed]
        found = self._net([picture] * len(places), [roi_of_body(place.aux) for place in places])
        bodies: list[Seen] = []
        # Where two bodies are one, the person who was seen more often keeps it.
        for person, place, seen in zip(followed, places, found, strict=True):
            person.here = False
            seen = self._with_own_face(picture, place, seen, candidates)
            if seen is None or not _in_picture(seen, picture) or _among(seen, bodies):
                continue
            sighting, looks = _sighting(seen, time), colours(picture, seen.body.image)
            if _continues(place, sighting) and likeness(looks, person.looks, 1.0) > _UNLIKE:
                person.see(sighting, looks)
                bodies.append(seen)
        return bodies

    def _with_own_face(
        self, picture: Picture, place: Sighting, seen: Seen | None, candidates: list[Candidate]
    ) -> Seen | None:
        """The body with the face that the detector saw at `place`; None where another's comes along.

        The net mixes people who stand close together; a region of the detector's parts them better.
        """
        face = next((candidate for candidate in candidates if _has_face(place, candidate)), None)
        if seen is None or face is None or _has_face(_sighting(seen, place.time), face):
            return seen
        (again,) = self._net([picture], [face.roi])
        if again is None or not _has_face(_sighting(again, place.time), face):
            return None
        return replace(again, aux=aux_of(face.roi))

    def _meet(self, picture: Picture, time: float, candidates: list[Candidate], bodies: list[Seen]) -> None:
        """See who of `candidates` is not among `bodies` yet."""
        rois = [candidate.roi for candidate in candidates]
        for candidate, seen in zip(candidates, self._net([picture] * len(rois), rois), strict=True):
            if seen is None or _among(seen, bodies) or not _in_picture(seen, picture):
                continue
            sighting, looks = _sighting(seen, time), colours(picture, seen.body.image)
            if np.isnan(sighting.trunk[:2]).any() or _has_face(sighting, candidate):
                self._recognised(sighting, looks).see(sighting, looks)
                bodies.append(seen)

    def _recognised(self, sighting: Sighting, looks: Floats) -> Person:
        """The person who came back, or a new one."""
        lost = [person for person in self.people if not person.here]
        likely = max(lost, key=lambda person: _returned(person, sighting, looks), default=None)
        if likely is None or _returned(likely, sighting, looks) <= 0.0:
            likely = Person(looks)
            self.people.append(likely)
        return likely


def tiles(picture: Picture) -> list[Roi]:
    """The whole picture, and squares of it that overlap by half: people stand larger in those."""
    height, width = picture.shape[:2]
    side = min(height, width)
    count = 1 + math.ceil(2.0 * (max(height, width) / side - 1.0))
    steps = np.linspace(side / 2.0, max(height, width) - side / 2.0, count).tolist()
    places = [(step, height / 2.0) if width > height else (width / 2.0, step) for step in steps]
    squares = [Roi(x, y, float(side), 0.0) for x, y in places]
    return [roi_of_picture(picture), *squares] if count > 1 else squares


def settled(people: list[Person], looks: int) -> list[Person]:
    """Those who are people: glimpses that did not last, and things that the net half believes, are left out.

    Args:
        people: As followed through a clip.
        looks: How many looks at the clip were taken; of a short clip fewer are enough.
    """
    enough = min(_MIN_LOOKS, max(looks // 2, 1))
    return [
        person
        for person in people
        if len(person.sightings) >= enough
        and float(np.mean([sighting.score for sighting in person.sightings])) >= _MIN_SCORE
    ]


def _sighting(seen: Seen, time: float) -> Sighting:
    trunk = seen.body.image[_TRUNK, :2].astype(np.float64)
    trunk[seen.body.visibility[_TRUNK] < _VISIBLE] = np.nan
    aux = seen.aux[:, :2].astype(np.float64)
    return Sighting(time, aux, trunk, seen.score, seen.body)


def _has_face(sighting: Sighting, candidate: Candidate) -> bool:
    """Whether the eyes are at the face that the detector saw; not where they are not visible.

    A face that fills the picture is larger than the detector's box of it.
    """
    eyes, low, high = sighting.trunk[:2], candidate.box[:2], candidate.box[2:]
    apart = np.linalg.norm(eyes.mean(0) - (low + high) / 2.0)
    return bool(apart < max((high - low).max(), _FACE * np.linalg.norm(eyes[0] - eyes[1])))


def _moved(before: Floats, after: Floats) -> Floats | None:
    """How far a trunk moved, the median of what is visible of both; None where nothing is. Shape (2,)."""
    moved = (after - before)[~np.isnan(after - before).any(1)]
    return np.median(moved, axis=0) if len(moved) else None


def _continues(place: Sighting, now: Sighting) -> bool:
    """Whether the person is about where he should be, and about as large."""
    before, after = roi_of_body(place.aux), roi_of_body(now.aux)
    moved = _moved(place.trunk, now.trunk)
    if moved is None or not 1.0 / _GROWTH < after.size / before.size < _GROWTH:
        return False
    return float(np.linalg.norm(moved)) < _STEP * _extent(place.trunk)


def _extent(trunk: Floats) -> float:
    """The diagonal of the box around what is visible of a trunk, pixels."""
    seen = trunk[~np.isnan(trunk).any(1)]
    return float(np.linalg.norm(seen.max(0) - seen.min(0)))


def _returned(person: Person, sighting: Sighting, looks: Floats) -> float:
    """How much speaks for `sighting` being of `person`, who is lost; 0 where too little does."""
    gone = sighting.time - person.last.time
    roi = roi_of_body(sighting.aux)
    near = _apart(roi, person.roi) < min(_REACH + _PACE * gone, _FARTHEST)
    if gone < _MOMENT and near and 1.0 / _GROWTH < roi.size / person.roi.size < _GROWTH:
        alike = likeness(looks, person.looks, 1.0)
        return 1.0 + alike if alike > _UNLIKE else 0.0
    alike = likeness(looks, person.looks, 0.0)
    return alike if alike > _ALIKE else 0.0


def _in_picture(seen: Seen, picture: Picture) -> bool:
    """Whether enough points of the body are in the picture and visible."""
    height, width = picture.shape[:2]
    points = seen.body.image[:, :2]
    inside = ((points >= 0) & (points < (width, height))).all(1) & (seen.body.visibility > _VISIBLE)
    return int(inside.sum()) >= _MIN_POINTS


def _among(seen: Seen, others: list[Seen]) -> bool:
    return any(_same(seen, other) for other in others)


def _same(one: Seen, other: Seen) -> bool:
    """Whether two bodies are one: what is visible of both lies together."""
    visible = (one.body.visibility > _VISIBLE) & (other.body.visibility > _VISIBLE)
    if not visible.any():
        return False
    apart = np.linalg.norm(one.body.image[visible, :2] - other.body.image[visible, :2], axis=1)
    size = min(roi_of_body(one.aux).size, roi_of_body(other.aux).size)
    return float(np.median(apart)) < _SAME_BODY * size


def _apart(one: Roi, other: Roi) -> float:
    """Distance of two regions' centres in sides of the larger."""
    return math.dist((one.x, one.y), (other.x, other.y)) / max(one.size, other.size)
