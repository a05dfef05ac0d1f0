"""The offline clock: two looks at every frame, and that batches change nothing of what they see."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from blazerig.models.body import Body, Seen, aux_of
from blazerig.models.face import SeenFace
from blazerig.models.hands import SeenHand
from blazerig.models.holistic import HolisticTracker, Performer
from blazerig.models.nets import FaceNets, HandNets, Nets, Wanted, load_nets
from blazerig.models.offline import follow, glance, look_closer, moments
from blazerig.models.regions import Way
from blazerig.models.roi import Picture, Roi
from blazerig.models.sessions import Processor
from blazerig.models.track import Teller, find_ways
from blazerig.models.video import Frame, Video

HOME = Roi(100.0, 100.0, 200.0, 0.0)
LEFT_WRIST, RIGHT_WRIST = 15, 16


# --- with nets that are played


def frame(index: int) -> Frame:
    """A frame that nets can tell by its pixels, 1/30 s after the one before."""
    return Frame(index, index / 30.0, np.full((4, 4, 3), index, np.uint8))


def body(roi: Roi, *, wrists: Sequence[int] = (LEFT_WRIST, RIGHT_WRIST)) -> Body:
    """All landmarks in the middle of `roi` but for some that span head and hands; `wrists` are visible."""
    image = np.full((33, 3), (roi.x, roi.y, 0.0))
    image[:11, 0] += np.linspace(-5.0, 5.0, 11)
    image[[17, 18, 19, 20], 0] += 10.0
    visibility = np.ones(33)
    visibility[[LEFT_WRIST, RIGHT_WRIST]] = 0.0
    visibility[list(wrists)] = 1.0
    return Body(image, image, visibility, visibility, visibility)


@dataclass
class Played:
    """Nets that see what they are told, and remember what they looked at.

    Attributes:
        found: Where the body is by frame; the nets see no body in other frames.
        wrists: Which are visible by frame; both where nothing is said.
        faceless: Frames in which no face is found.
        asked: Frames in the calls of each net.
    """

    found: dict[int, Roi]
    wrists: dict[int, list[int]]
    faceless: list[int]
    asked: dict[str, list[list[int]]]

    def nets(self, *, hands: bool = True, face: bool = True) -> Nets:
        return Nets(
            None,  # type: ignore[arg-type]
            self.see_body,  # type: ignore[arg-type]
            HandNets(self.find_hands, self.see_hands) if hands else None,  # type: ignore[arg-type]
            FaceNets(self.find_faces, self.see_faces) if face else None,  # type: ignore[arg-type]
        )

    def _ask(self, net: str, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[tuple[int, Roi]]:
        frames = [int(picture[0, 0, 0]) for picture in pictures]
        self.asked.setdefault(net, []).append(frames)
        return list(zip(frames, rois, strict=True))

    def see_body(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Seen | None]:
        frames = [number for number, _ in self._ask("body", pictures, rois)]
        return [self._seen(number) if number in self.found else None for number in frames]

    def _seen(self, number: int) -> Seen:
        roi = self.found[number]
        wrists = self.wrists.get(number, [LEFT_WRIST, RIGHT_WRIST])
        return Seen(body(roi, wrists=wrists), np.column_stack([aux_of(roi), np.zeros(2)]), 1.0)

    def find_hands(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Roi]:
        return [Roi(roi.x, roi.y, 30.0, 0.0) for _, roi in self._ask("find hands", pictures, rois)]

    def see_hands(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[SeenHand | None]:
        asked = self._ask("hands", pictures, rois)
        return [SeenHand(np.full((21, 3), number), np.full((21, 3), roi.x), 0.9) for number, roi in asked]

    def find_faces(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[Roi | None]:
        asked = self._ask("find face", pictures, rois)
        return [None if number in self.faceless else Roi(roi.x, roi.y, 40.0, 0.0) for number, roi in asked]

    def see_faces(self, pictures: Sequence[Picture], rois: Sequence[Roi]) -> list[SeenFace | None]:
        asked = self._ask("face", pictures, rois)
        return [SeenFace(np.full((478, 3), number + roi.x / 1000.0), 0.8) for number, roi in asked]


def played(*numbers: int, faceless: Sequence[int] = (), **wrists: list[int]) -> Played:
    """A body at home in these frames; `wrists` by frame as in w3=[15]."""
    visible = {int(name[1:]): which for name, which in wrists.items()}
    return Played(dict.fromkeys(numbers, HOME), visible, list(faceless), {})


class Home:
    """A way of somebody who stays at home but for some frames."""

    def __init__(self, *away: int) -> None:
        self._away = away

    def roi(self, time: float) -> Roi | None:
        return None if round(time * 30.0) in self._away else HOME


def performers(nets: Nets, count: int, *away: int) -> dict[int, Performer | None]:
    """Both looks at so many frames in one batch; who was seen by frame."""
    glances = glance([frame(i) for i in range(count)], Home(*away), nets)  # type: ignore[arg-type]
    seen = look_closer(list(moments(glances)), nets)
    assert [one.index for one, _ in seen] == list(range(count))
    return {one.index: performer for one, performer in seen}


def test_everything_is_seen_in_its_own_frame() -> None:
    stage = played(0, 1, 3, faceless=[1], w0=[LEFT_WRIST], w3=[RIGHT_WRIST])
    seen = performers(stage.nets(), 5, 4)
    assert stage.asked["body"] == [[0, 1, 2, 3]], "one batch, without the frame that nobody is in"
    assert stage.asked["find hands"] == [[0, 1, 1, 3]]
    assert [number for number, performer in seen.items() if performer is None] == [2, 4]
    for number, parts in {0: (True, False, True), 1: (True, True, False), 3: (False, True, True)}.items():
        performer = seen[number]
        assert performer is not None
        assert performer.body is performer.smooth
        there = performer.left, performer.right, performer.face
        assert tuple(part is not None for part in there) == parts
        assert all(int(part.image[0, 0]) == number for part in there if part is not None)


def test_a_body_that_strayed_from_its_region_is_somebody_else() -> None:
    stage = played(0, 1, 2)
    stage.found[0] = Roi(HOME.x + 0.24 * HOME.size, HOME.y, HOME.size, 0.0)
    stage.found[1] = Roi(HOME.x + 0.19 * HOME.size, HOME.y - 0.19 * HOME.size, HOME.size, 0.0)
    seen = performers(stage.nets(), 3)
    assert {number for number, performer in seen.items() if performer is not None} == {0, 2}
    assert 1 not in stage.asked["find hands"][0] + stage.asked["find face"][0]


def test_hands_and_face_are_looked_for_only_where_there_are_nets() -> None:
    stage = played(0, 1)
    seen = performers(stage.nets(hands=False, face=False), 2)
    assert stage.asked.keys() == {"body"}
    assert seen[0] is not None
    assert (seen[0].left, seen[0].right, seen[0].face) == (None, None, None)
    stage = played(0, 1)
    seen = performers(stage.nets(hands=False), 2)
    assert seen[0] is not None
    assert seen[0].face is not None
    assert seen[0].left is None


def test_of_frames_without_anybody_no_net_is_asked_in_vain() -> None:
    stage = played()
    seen = performers(stage.nets(), 3, 0, 1, 2)
    assert set(seen.values()) == {None}
    assert not any(frames for calls in stage.asked.values() for frames in calls)


def test_the_closer_look_is_calmed_by_the_frames_beside_even_across_batches() -> None:
    stage = played(*range(6))
    stage.found[2] = Roi(HOME.x + 30.0, HOME.y, HOME.size, 0.0)

    def seen(batch: int) -> list[float]:
        with ThreadPoolExecutor(2) as pool:
            frames = (frame(i) for i in range(6))
            rows = follow(frames, Home(), stage.nets(), pool, ahead=3, batch=batch)  # type: ignore[arg-type]
            faces = [performer.face for _, performer in rows if performer is not None]
        return [float(face.image[0, 0]) % 1.0 * 1000.0 for face in faces if face is not None]

    places = seen(6)
    assert len(places) == 6
    assert places[0] == pytest.approx(places[5])
    assert places[0] < places[1] < places[2] < places[0] + 29.0, "the jump is spread over its neighbours"
    assert places[1] == pytest.approx(places[3])
    for batch in (1, 2, 4):
        assert seen(batch) == pytest.approx(places)


# --- with the nets, on half a second of the sample clip

WANTED = Wanted(face=True)


@pytest.fixture(scope="module")
def way(person: Path) -> Way:
    with Video(person, end=0.5) as video:
        return find_ways(video, "0", 1, WANTED, Processor(), Teller(None, None, "cpu"))[0]


def performances(person: Path, way: Way, batch: int, workers: int) -> list[Performer | None]:
    nets = load_nets(Processor(), WANTED, threads=1)
    with Video(person, end=0.5) as video, ThreadPoolExecutor(workers) as pool:
        rows = list(follow(video.frames(), way, nets, pool, ahead=workers + 1, batch=batch))
    assert [one.index for one, _ in rows] == list(range(15))
    return [performer for _, performer in rows]


def landmarks(performer: Performer | None) -> dict[str, np.ndarray]:
    assert performer is not None
    parts = {name: getattr(performer, name) for name in ("body", "left", "right", "face")}
    return {name: part.image for name, part in parts.items() if part is not None}


def test_the_size_of_batches_and_the_number_of_workers_change_nothing(person: Path, way: Way) -> None:
    one, other = performances(person, way, 1, 2), performances(person, way, 4, 1)
    parts = [landmarks(performer).keys() for performer in one]
    assert parts == [landmarks(performer).keys() for performer in other]
    assert all({"body", "face"} <= names for names in parts)
    assert any({"left", "right"} & names for names in parts)
    for mine, theirs in zip(one, other, strict=True):
        for name, image in landmarks(mine).items():
            assert np.abs(image - landmarks(theirs)[name]).max() < 1e-3


def test_live_frames_that_overlap_are_seen_exactly_as_one_by_one(person: Path) -> None:
    nets = load_nets(Processor(), WANTED)
    with Video(person, end=0.5) as video:
        frames = list(video.frames())
    frames[8] = Frame(8, frames[8].time, np.full_like(frames[8].picture, 90))  # lost, and found again
    tracker = HolisticTracker(nets)
    steps = [tracker.step(frame.picture, frame.time) for frame in frames]
    with ThreadPoolExecutor(2) as pool:
        followed = list(HolisticTracker(nets).follow(frames, pool))
    assert [one.index for one, _ in followed] == list(range(15))
    assert [step is None for step in steps] == [i == 8 for i in range(15)]
    for (_, performer), step in zip(followed, steps, strict=True):
        assert flat(performer) == flat(step)


def flat(performer: Performer | None) -> dict[str, list[float]]:
    """Every number of what was seen."""
    if performer is None:
        return {}
    parts = {name: part for name, part in vars(performer).items() if part is not None}
    return {
        f"{name}.{field}": np.ravel(value).tolist()
        for name, part in parts.items()
        for field, value in vars(part).items()
    }
