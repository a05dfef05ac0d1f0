"""Which of the people in the footage is captured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import BlazeRigError
from .body import Choice, roi_of_body
from .detector import Candidate
from .holistic import surest
from .people import Person
from .roi import Picture, Roi

LARGEST, CENTRAL, ALL = "largest", "central", "all"
_MARGIN = 0.25


def check_performer(wanted: str, *, live: bool) -> None:
    """That `wanted` can be asked for.

    Raises:
        BlazeRigError: It is neither a word that is known nor a number, or needs the whole clip.
    """
    if wanted not in (LARGEST, CENTRAL, ALL) and not wanted.isdecimal():
        raise BlazeRigError(
            f"unknown performer '{wanted}'; give a number from 0, {LARGEST}, {CENTRAL} or {ALL}"
        )
    if live and wanted not in (LARGEST, CENTRAL):
        raise BlazeRigError(f"performer '{wanted}' is known only with the whole clip; use --mode offline")


def chosen(people: Sequence[Person], wanted: str, size: tuple[int, int]) -> list[int]:
    """Numbers of the people to capture, in the order of their first sightings.

    Args:
        people: Everybody in the clip.
        wanted: A number, `largest` (who fills most of the picture over the clip), `central` (who is
            nearest to its middle over the clip), or `all`.
        size: Width and height of the picture, pixels.

    Raises:
        BlazeRigError: There is no person of that number.
    """
    if not people:
        return []
    numbers = range(len(people))
    if wanted == ALL:
        return list(numbers)
    if wanted in (LARGEST, CENTRAL):
        value = _area if wanted == LARGEST else _centrality
        return [max(numbers, key=lambda number: value(people[number], size))]
    if int(wanted) not in numbers:
        raise BlazeRigError(f"there is no performer {wanted}; {describe(people)}")
    return [int(wanted)]


def describe(people: Sequence[Person]) -> str:
    """Who is there and when, on one line."""
    spans = [
        f"{number} ({person.sightings[0].time:.1f} to {person.last.time:.1f} s)"
        for number, person in enumerate(people)
    ]
    return f"seen were: {', '.join(spans)}"


def choice(wanted: str) -> Choice:
    """How to pick the performer at first sight, for the live clock: `largest` or `central`."""
    return {LARGEST: _largest, CENTRAL: _most_central}.get(wanted, surest)


def _largest(candidates: Sequence[Candidate], _: Picture) -> Candidate:
    # Within a margin, size is no reason to distrust the detector's order.
    least = max(candidate.roi.size for candidate in candidates) * (1.0 - _MARGIN)
    return next(candidate for candidate in candidates if candidate.roi.size >= least)


def _most_central(candidates: Sequence[Candidate], picture: Picture) -> Candidate:
    height, width = picture.shape[:2]
    return min(candidates, key=lambda candidate: _off_centre(candidate.roi, (width, height)))


def _area(person: Person, _: tuple[int, int]) -> float:
    """Area times looks."""
    return sum(roi_of_body(sighting.aux).size ** 2 for sighting in person.sightings)


def _centrality(person: Person, size: tuple[int, int]) -> float:
    """Nearness to the middle, times looks."""
    return sum(1.0 - _off_centre(roi_of_body(sighting.aux), size) for sighting in person.sightings)


def _off_centre(roi: Roi, size: tuple[int, int]) -> float:
    """Distance from the middle, 0 to 1 at a corner."""
    middle = np.array(size) / 2.0
    return min(float(np.linalg.norm((roi.x, roi.y) - middle) / np.linalg.norm(middle)), 1.0)
