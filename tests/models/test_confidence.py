"""What the confidence of the body's landmarks promises, on bodies made up here and on clips cut down here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.models.body import PoseNet
from blazerig.models.confidence import PARTS, confidence
from blazerig.models.detector import PoseDetector
from blazerig.models.sessions import Net

SIZE = np.array((640, 480))
HEAD, SHOULDERS, LEGS = slice(0, 11), slice(11, 13), slice(25, 33)
SAID = ("visibility", "presence", "peak")


def body(frames: int = 1, **said: float) -> dict[str, np.ndarray]:
    """Frames of a body in the middle of the picture, the net saying the same of each point."""
    return {
        "image": np.full((frames, 33, 3), (320.0, 240.0, 0.0), np.float32),
        **{name: np.full((frames, 33), said.get(name, 0.99), np.float32) for name in SAID},
    }


def random_body(frames: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    points = random.uniform((-200, -200, -300), (840, 680, 300), (frames, 33, 3))
    return {
        "image": points.astype(np.float32),
        **{name: random.random((frames, 33), np.float32) for name in SAID},
    }


def test_every_landmark_belongs_to_one_part() -> None:
    assert sorted(landmark for landmarks, _ in PARTS.values() for landmark in landmarks) == list(range(33))


def test_left_and_right_are_judged_alike() -> None:
    for landmarks, _ in PARTS.values():
        sided = {landmark for landmark in landmarks if landmark >= 11}
        assert {landmark + 1 if landmark % 2 else landmark - 1 for landmark in sided} == sided


def test_what_the_net_sees_clearly_is_believed() -> None:
    assert (confidence(**body(), size=SIZE) > 0.9).all()


def test_what_has_no_place_on_its_heat_map_is_not_believed_however_visible() -> None:
    assert (confidence(**body(peak=0.05, visibility=0.999, presence=0.999), size=SIZE) < 0.2).all()


@pytest.mark.parametrize(
    "point", [(-0.01, 240), (640, 240), (320, -0.01), (320, 480), (1e6, -1e6), (np.inf, 0)]
)
def test_a_point_outside_the_picture_is_not_believed_whatever_the_net_says(
    point: tuple[float, float],
) -> None:
    sure = body(visibility=1.0, presence=1.0, peak=1.0)
    sure["image"][0, 20, :2] = point
    believed = confidence(**sure, size=SIZE)[0]
    assert believed[20] == 0.0
    assert (np.delete(believed, 20) > 0.9).all()


@pytest.mark.parametrize("point", [(0, 0), (639.9, 479.9)])
def test_a_point_at_the_very_edge_is_in_the_picture(point: tuple[float, float]) -> None:
    sure = body()
    sure["image"][0, 20, :2] = point
    assert confidence(**sure, size=SIZE)[0, 20] > 0.9


@pytest.mark.parametrize("name", SAID)
def test_more_of_what_the_net_says_never_makes_it_less(name: str) -> None:
    made = random_body(1)
    inside = body()["image"]
    rising = np.stack(
        [
            confidence(**{**made, "image": inside, name: np.full((1, 33), value, np.float32)}, size=SIZE)[0]
            for value in np.linspace(0.0, 1.0, 101)
        ]
    )
    assert (np.diff(rising, axis=0) >= 0.0).all()
    assert (rising[-1] > rising[0]).all()


def test_a_still_body_is_believed_the_same_in_every_frame() -> None:
    believed = confidence(**body(frames=7, peak=0.6), size=SIZE)
    assert believed.shape == (7, 33)
    assert (believed == believed[0]).all()


def test_a_clip_equals_its_frames_one_by_one() -> None:
    made = random_body(5)
    whole = confidence(**made, size=SIZE)
    assert whole.dtype == np.float32
    for frame in range(5):
        np.testing.assert_array_equal(
            confidence(**{name: values[frame] for name, values in made.items()}, size=SIZE), whole[frame]
        )


def test_it_is_a_probability_even_where_the_net_is_certain() -> None:
    made = random_body(50)
    for name in SAID:
        made[name] = np.round(made[name])
    believed = confidence(**made, size=SIZE)
    assert np.isfinite(believed).all()
    assert (believed >= 0.0).all()
    assert (believed <= 1.0).all()


def test_a_frame_without_a_body_stays_nan() -> None:
    made = random_body(3)
    for values in made.values():
        values[1] = np.nan
    believed = confidence(**made, size=SIZE)
    assert np.isnan(believed[1]).all()
    assert np.isfinite(believed[[0, 2]]).all()


Pictures = list[np.ndarray]


@pytest.fixture(scope="module")
def judge() -> Callable[[Pictures], tuple[np.ndarray, np.ndarray]]:
    """Confidence and visibility of the person in pictures, each looked at afresh. Shapes (F, 33)."""
    detector, net = PoseDetector(Net("pose_detector")), PoseNet(Net("pose_landmarks"))

    def run(pictures: Pictures) -> tuple[np.ndarray, np.ndarray]:
        seen = net(pictures, [detector(picture)[0].roi for picture in pictures])
        bodies = [one.body for one in seen if one is not None]
        assert len(bodies) == len(pictures)
        believed = [
            confidence(b.image, b.visibility, b.presence, b.peak, picture.shape[1::-1])
            for b, picture in zip(bodies, pictures, strict=True)
        ]
        return np.stack(believed), np.stack([b.visibility for b in bodies])

    return run


@pytest.fixture(scope="module")
def clip(shared: Path) -> tuple[Pictures, np.ndarray]:
    """Six pictures of a person who is seen whole, and the rows of crown, shoulders and hips in each."""
    folder = shared / "synth" / "dev" / "jacks"
    capture = cv2.VideoCapture(str(folder / "video.mp4"))
    pictures = [capture.read()[1] for _ in range(90)][::15]
    with np.load(folder / "truth.npz") as truth:
        names = list(truth["bone_names"])
        rows = truth["joints_2d"][::15, [names.index(f"mixamorig:{n}") for n in ("LeftArm", "LeftUpLeg")], 1]
    return pictures, rows


def test_a_person_seen_whole_is_believed(judge: Callable, clip: tuple[Pictures, np.ndarray]) -> None:
    believed, _ = judge(clip[0])
    assert (believed.mean(axis=1) > 0.7).all()


def test_a_picture_down_to_the_waist_claims_no_legs(
    judge: Callable, clip: tuple[Pictures, np.ndarray]
) -> None:
    believed, _ = judge([picture[: int(hips)] for picture, (_, hips) in zip(*clip, strict=True)])
    assert (believed[:, LEGS] < 0.2).all()
    assert (believed[:, SHOULDERS] > 0.7).all()
    assert (believed[:, HEAD] > 0.7).all()


def test_legs_behind_a_box_are_not_claimed(judge: Callable, clip: tuple[Pictures, np.ndarray]) -> None:
    covered = [picture.copy() for picture in clip[0]]
    for picture, (_, hips) in zip(covered, clip[1], strict=True):
        picture[int(hips) :] = 128
    believed, _ = judge(covered)
    assert believed[:, LEGS].mean() < 0.2
    assert (believed[:, SHOULDERS] > 0.7).all()


def test_a_head_cut_off_is_not_claimed_though_the_net_calls_it_visible(
    judge: Callable, clip: tuple[Pictures, np.ndarray]
) -> None:
    believed, visibility = judge([picture[int(arms) :] for picture, (arms, _) in zip(*clip, strict=True)])
    assert visibility[:, HEAD].mean() > 0.8
    assert (believed[:, HEAD] < 0.2).all()
