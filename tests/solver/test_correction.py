"""The learned correction of landmarks: what must hold of it whatever was learned, and that it helps."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from blazerig.solver.camera import Camera, face_ray
from blazerig.solver.correction import FLAT, LIMBS, MIRROR, MIRRORED, TABLE, Corrected, correct

SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
CLIPS = ("walk", "dance", "squat", "punch")
# Net's landmarks of the clips' joints, and the joints' bones.
JOINTS = {
    left + right: f"mixamorig:{side}{bone}"
    for left, bone in ((11, "Arm"), (13, "ForeArm"), (15, "Hand"), (23, "UpLeg"), (25, "Leg"), (27, "Foot"))
    for right, side in enumerate(("Left", "Right"))
}
Sight = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture
def seen() -> Sight:
    """Landmarks of nobody in particular, seen from 3 m, away from the middle of the picture."""
    random = np.random.default_rng(4)
    metric = random.normal(0.0, 0.3, (6, 33, 3))
    metric -= metric[:, 23:25].mean(1, keepdims=True)
    place = metric + np.array([0.8, -0.2, 3.0])
    slopes = place[..., :2] / place[..., 2:] + random.normal(0.0, 0.003, (6, 33, 2))
    return metric, slopes, random.uniform(0.3, 1.0, (6, 33))


def test_a_mirrored_performer_gives_the_mirrored_result(seen: Sight) -> None:
    metric, slopes, visibility = seen
    plain = correct(metric, slopes, visibility)
    flipped = correct(metric[:, MIRRORED] * MIRROR, slopes[:, MIRRORED] * MIRROR[:2], visibility[:, MIRRORED])
    np.testing.assert_allclose(flipped.metric[:, MIRRORED] * MIRROR, plain.metric, atol=1e-9)
    np.testing.assert_allclose(flipped.slopes[:, MIRRORED] * MIRROR[:2], plain.slopes, atol=1e-9)
    np.testing.assert_allclose(flipped.error[:, MIRRORED], plain.error, atol=1e-9)
    np.testing.assert_allclose(flipped.across[:, MIRRORED], plain.across, atol=1e-9)


def test_a_performer_of_twice_the_size_at_twice_the_distance_is_corrected_twice_as_much(seen: Sight) -> None:
    metric, slopes, visibility = seen
    small, large = correct(metric, slopes, visibility), correct(2.0 * metric, slopes, visibility)
    np.testing.assert_allclose(large.metric, 2.0 * small.metric, atol=1e-9)
    np.testing.assert_allclose(large.error, 2.0 * small.error, atol=1e-9)
    np.testing.assert_allclose(large.slopes, small.slopes, atol=1e-9)


def test_lost_frames_stay_lost_and_do_not_touch_the_others(seen: Sight) -> None:
    metric, slopes, visibility = seen
    alone = correct(metric[1:], slopes[1:], visibility[1:])
    gone = metric.copy()
    gone[0] = np.nan
    found = correct(gone, slopes, visibility)
    for name, values in vars(found).items():
        assert np.isnan(values[0]).all()
        np.testing.assert_allclose(values[1:], getattr(alone, name), atol=1e-12)


def test_no_frame_and_nobody_give_nothing() -> None:
    for frames in (0, 3):
        nobody = np.full((frames, 33, 3), np.nan)
        found = correct(nobody, nobody[..., :2], nobody[..., 0])
        assert found.metric.shape == (frames, 33, 3)
        assert np.isnan(found.metric).all()


def test_the_errors_are_those_of_landmarks(seen: Sight) -> None:
    found = correct(*seen)
    assert (found.error > 0.001).all()
    assert (found.across > 0.001).all()
    assert np.median(found.error[..., 2]) > np.median(found.error[..., 0])


def test_the_middle_of_the_hips_stays_and_the_rays_of_face_hands_and_feet_do(seen: Sight) -> None:
    metric, slopes, visibility = seen
    found = correct(metric, slopes, visibility)
    np.testing.assert_allclose(found.metric[:, 23:25].mean(1), 0.0, atol=1e-12)
    assert set(np.flatnonzero(np.abs(found.slopes - slopes).max((0, 2)) > 1e-9)) == set(FLAT)


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size < 300_000


def corrected(clip: Path) -> tuple[np.ndarray, np.ndarray, Corrected]:
    """Metric landmarks, true joints in camera axes (F, 33, 3), and the correction."""
    with np.load(clip / "landmarks.npz") as file, np.load(clip / "truth.npz") as truth:
        camera = Camera(float(truth["K"][0, 0]), truth["K"][:2, 2])
        slopes = camera.slopes(file["image"][..., :2] * truth["image_size"])
        metric = face_ray(file["world"].astype(float), slopes[:, 23:25].mean(1))
        names = list(truth["bone_names"])
        joints = np.full_like(metric, np.nan)
        joints[:, list(JOINTS)] = truth["heads"][:, [names.index(bone) for bone in JOINTS.values()]]
        joints = joints @ truth["world_from_camera"][:3, :3]
        return metric, joints, correct(metric, slopes, file["visibility"])


def test_legs_point_nearer_to_the_truth_on_clips_that_it_was_not_taught_on() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"there are no clips with truth at {SHARED}")
    before, after = [], []
    start, end = (list(ends) for ends in zip(*LIMBS[4:], strict=True))
    for name in CLIPS:
        metric, truth, found = corrected(SHARED / "synth" / "dev" / name)
        wanted = truth[:, end] - truth[:, start]
        for points, errors in ((metric, before), (found.metric, after)):
            limb = points[:, end] - points[:, start]
            cosine = (limb * wanted).sum(-1) / np.linalg.norm(limb, axis=-1) / np.linalg.norm(wanted, axis=-1)
            errors.append(np.nanmean(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    assert np.mean(after) < 0.97 * np.mean(before)
