"""Who is who: people who cross, hide each other, leave and come back, on a stage of coloured figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest
from blazerig.models.body import Body, Seen, aux_of, roi_of_body
from blazerig.models.detector import Candidate
from blazerig.models.people import PeopleTracker, Person, settled, tiles
from blazerig.models.roi import Picture, Roi

WIDTH, HEIGHT = 640, 360
SIZE = 200.0
# A figure in shares of its size, from the middle of the hips; what is not named stands at the hips.
FIGURE = {
    **dict.fromkeys(range(11), (0.0, -0.28)),
    **{2: (0.02, -0.28), 5: (-0.02, -0.28), 7: (0.04, -0.28), 8: (-0.04, -0.28)},
    **{
        11: (0.07, -0.2),
        12: (-0.07, -0.2),
        13: (0.1, -0.1),
        14: (-0.1, -0.1),
        15: (0.1, 0.0),
        16: (-0.1, 0.0),
    },
    **{
        23: (0.04, 0.0),
        24: (-0.04, 0.0),
        25: (0.04, 0.17),
        26: (-0.04, 0.17),
        27: (0.04, 0.34),
        28: (-0.04, 0.34),
    },
}
RED, GREEN, BLUE = (40, 40, 200), (40, 180, 40), (200, 60, 30)


@dataclass(frozen=True)
class Figure:
    """Somebody on the stage: where the hips are, the colour of the clothes (BGR), how sure the net is."""

    x: float
    colour: tuple[int, int, int]
    y: float = 180.0
    score: float = 1.0

    @property
    def points(self) -> np.ndarray:
        offsets = np.array([FIGURE.get(i, (0.0, 0.0)) for i in range(33)])
        return np.array((self.x, self.y)) + SIZE * offsets

    @property
    def roi(self) -> Roi:
        return Roi(self.x, self.y, SIZE, 0.0)


class Stage:
    """Plays the nets: the front one of the figures in a region is seen; the last in the list is in front."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.searches = 0
        self.tracker = PeopleTracker(self.detect, self.see)  # type: ignore[arg-type]

    def detect(self, _: Picture, regions: list[Roi]) -> list[Candidate]:
        self.searches += 1
        assert regions
        return [Candidate(figure.roi, 0.9, self.face(figure)) for figure in self.figures]

    def see(self, pictures: list[Picture], rois: list[Roi]) -> list[Seen | None]:
        assert len(pictures) == len(rois)
        return [self.seen(roi) for roi in rois]

    def seen(self, roi: Roi) -> Seen | None:
        inside = [figure for figure in self.figures if abs(figure.x - roi.x) < 0.3 * roi.size]
        if not inside:
            return None
        nearest = min(abs(figure.x - roi.x) for figure in inside)
        # Who stands in front hides those who are hardly beside.
        figure = [figure for figure in inside if abs(figure.x - roi.x) < nearest + 0.12 * roi.size][-1]
        image = np.column_stack([figure.points, np.zeros(33)])
        ones = np.ones(33)
        return Seen(Body(image, image, ones, ones, ones), aux_of(figure.roi), figure.score)

    @staticmethod
    def face(figure: Figure) -> np.ndarray:
        eyes = figure.points[[2, 5]].mean(0)
        return np.array((*(eyes - 0.05 * SIZE), *(eyes + 0.05 * SIZE)))

    def look(self, time: float, *figures: Figure) -> list[Person]:
        """The people who are seen of these figures."""
        self.figures = [figure for figure in figures if 0 <= figure.x < WIDTH]
        picture = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        for figure in self.figures:
            low, high = figure.points.min(0) - 12.0, figure.points.max(0) + 12.0
            cv2.rectangle(picture, tuple(low.astype(int)), tuple(high.astype(int)), figure.colour, -1)
        self.tracker.look(picture, time)
        return [person for person in self.tracker.people if person.here]


def places(person: Person) -> dict[float, float]:
    return {round(sighting.time, 1): float(sighting.aux[0, 0]) for sighting in person.sightings}


def test_one_person_is_followed_and_searches_are_few() -> None:
    stage = Stage()
    for i in range(20):
        stage.look(0.3 * i, Figure(100.0 + 10.0 * i, RED))
    (person,) = stage.tracker.people
    assert len(person.sightings) == 20
    assert person.last.aux[0, 0] == pytest.approx(290.0)
    assert stage.searches == 5


def test_people_who_cross_keep_their_identities() -> None:
    stage = Stage()
    for i in range(30):
        stage.look(0.3 * i, Figure(60.0 + 18.0 * i, RED), Figure(600.0 - 18.0 * i, GREEN))
    one, other = stage.tracker.people
    for person, start, pace in ((one, 60.0, 18.0), (other, 600.0, -18.0)):
        assert len(person.sightings) > 22, "seen but for the moment of crossing"
        for time, x in places(person).items():
            assert x == pytest.approx(start + pace * time / 0.3), f"at {time} s it is somebody else"


def test_who_leaves_and_comes_back_is_known_by_clothes() -> None:
    stage = Stage()
    way = [100.0] * 6 + [-1.0] * 15 + [500.0] * 6
    for i, x in enumerate(way):
        stage.look(0.3 * i, Figure(x, RED), Figure(300.0, GREEN))
    assert len(stage.tracker.people) == 2
    assert set(places(stage.tracker.people[0]).values()) == {100.0, 500.0}


def test_somebody_else_in_other_clothes_is_a_new_person() -> None:
    stage = Stage()
    for i in range(6):
        stage.look(0.3 * i, Figure(100.0, RED))
    for i in range(6, 12):
        stage.look(0.3 * i)
    for i in range(12, 18):
        stage.look(0.3 * i, Figure(100.0, BLUE))
    assert [len(person.sightings) for person in stage.tracker.people] == [6, 6]


def test_in_the_place_of_a_hidden_person_nobody_else_is_taken_for_him() -> None:
    stage = Stage()
    for i in range(6):
        stage.look(0.3 * i, Figure(100.0, RED), Figure(400.0, GREEN))
    for i in range(6, 14):
        stage.look(0.3 * i, Figure(400.0, GREEN))
    red, green = stage.tracker.people
    assert not red.here
    assert green.here
    assert set(places(red).values()) == {100.0}


def test_a_jump_to_another_place_in_one_look_is_no_motion() -> None:
    stage = Stage()
    stage.look(0.0, Figure(100.0, RED))
    stage.look(0.3, Figure(100.0, RED))
    (seen,) = stage.look(0.6, Figure(155.0, BLUE))
    assert seen is not stage.tracker.people[0]


def test_glimpses_and_what_the_net_half_believes_are_no_people() -> None:
    stage = Stage()
    for i in range(10):
        ghost = Figure(500.0, BLUE, score=0.7)
        late = [Figure(320.0, GREEN)] if i >= 8 else []
        stage.look(0.3 * i, Figure(100.0, RED), ghost, *late)
    assert len(stage.tracker.people) == 3
    (person,) = settled(stage.tracker.people, 10)
    assert set(places(person).values()) == {100.0}


def test_of_a_still_one_look_is_enough() -> None:
    stage = Stage()
    stage.look(0.0, Figure(100.0, RED), Figure(400.0, GREEN))
    assert len(settled(stage.tracker.people, 1)) == 2


def test_a_face_that_is_larger_than_the_detectors_box_and_beside_it_is_met(monkeypatch) -> None:
    below = np.array([0.0, 0.017, 0.0, 0.017]) * SIZE  # eyes are 0.04 of the size apart

    def small(figure: Figure) -> np.ndarray:
        middle = np.tile(figure.points[[2, 5]].mean(0), 2)
        return middle + 2.0 * below + 0.01 * SIZE * np.array([-1.0, -1.0, 1.0, 1.0])

    monkeypatch.setattr(Stage, "face", staticmethod(small))
    stage = Stage()
    assert len(stage.look(0.0, Figure(100.0, RED))) == 1
    monkeypatch.setattr(Stage, "face", staticmethod(lambda figure: small(figure) + 3.0 * below))
    assert not Stage().look(0.0, Figure(100.0, RED))


@pytest.mark.parametrize(
    ("shape", "count"), [((100, 100), 1), ((100, 200), 4), ((200, 100), 4), ((90, 160), 4), ((100, 410), 9)]
)
def test_tiles_cover_the_picture(shape: tuple[int, int], count: int) -> None:
    height, width = shape
    squares = tiles(np.zeros((height, width, 3), np.uint8))
    assert len(squares) == count
    covered = np.zeros(shape, bool)
    for roi in squares[-max(count - 1, 1) :]:
        assert roi.size == min(shape)
        low = np.array((roi.x, roi.y)) - roi.size / 2.0
        high = low + roi.size
        assert (low >= -1e-6).all()
        assert (high <= np.array((width, height)) + 1e-6).all()
        covered[round(low[1]) : round(high[1]), round(low[0]) : round(high[0])] = True
    assert covered.all()


def test_the_region_ahead_goes_on_at_the_pace_of_late() -> None:
    stage = Stage()
    for i in range(4):
        stage.look(0.3 * i, Figure(100.0 + 20.0 * i, RED))
    ahead = stage.tracker.people[0].ahead(1.2)
    assert roi_of_body(ahead.aux).x == pytest.approx(180.0)
    person = replace(stage.tracker.people[0])
    assert roi_of_body(person.ahead(60.0).aux).x == pytest.approx(160.0), "after a minute nothing is known"
