"""The face's solver: heads that are found again, weights that are quiet, and faces that are lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.camera import Camera
from blazerig.solver.face.face_motion import head_in_world
from blazerig.solver.face.gaze import gaze_of
from blazerig.solver.face.head import fit_head, seen_by
from blazerig.solver.face.live import FaceSolver
from blazerig.solver.face.mirror import PARTNERS
from blazerig.solver.face.neutral import mode
from blazerig.solver.face.points import MEASURED
from blazerig.solver.face.reach import peaks_of, scaled
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.face.solve import face_where_seen, solve_face
from blazerig.solver.face.table import load_table
from blazerig.solver.face.weights import LOOKS, read_weights
from blazerig.take import Face, Hand, Take

SIZE = np.array([1280, 720])
CAMERA = Camera(1000.0, SIZE / 2.0)
LIDS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
UPPER_LIDS = ((386, 385, 387), (159, 158, 160))
LOWER_LIDS = ((374, 380, 373), (145, 153, 144))


def seen(face: np.ndarray, turns: np.ndarray, places: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """What a perfect net sees of faces (F, 478, 3) at rotations (F, 4) and places (F, 3)."""
    points = rotations.rotate(turns[:, None], face) + places[:, None]
    pixels = CAMERA.focal * points[..., :2] / points[..., 2:] + CAMERA.centre
    far = np.linalg.norm(places, axis=-1)[:, None, None]
    depth = CAMERA.focal * ((points @ (places / far[:, 0])[..., None]) - far) / far
    image = np.concatenate([pixels, depth], axis=-1)
    return image + np.random.default_rng(0).normal(0, noise, image.shape)


def take_of(image: np.ndarray, score: float = 1.0) -> Take:
    frames = len(image)
    nothing = [np.full((frames, *shape), np.nan) for shape in ((33, 3), (33, 3), (33,), (33,))]
    hand = Hand(*(np.full((frames, *shape), np.nan) for shape in ((21, 3), (21, 3), ())))
    face = Face(image, np.full(frames, score))
    return Take("face", 30.0, np.arange(frames) / 30.0, SIZE, *nothing, hand, hand, face, CAMERA.focal)


def still(frames: int = 60, noise: float = 0.0, far: float = 0.6) -> np.ndarray:
    face = np.tile(load_table().reference, (frames, 1, 1))
    turns = np.tile(rotations.IDENTITY, (frames, 1))
    return seen(face, turns, np.tile([0.0, 0.0, far], (frames, 1)), noise)


def blinking(shut: np.ndarray) -> np.ndarray:
    """Faces whose upper lids come down by shares (F,) of the opening. Shape (F, 478, 3)."""
    face = np.tile(load_table().reference, (len(shut), 1, 1))
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS, strict=True):
        face[:, upper] += shut[:, None, None] * (face[:, lower] - face[:, upper])
    return face


def test_the_shapes_are_arkits_52() -> None:
    assert len(SHAPES) == len(set(SHAPES)) == 52
    assert SHAPES[0] == "eyeBlinkLeft"
    assert SHAPES[17] == "jawOpen"
    assert SHAPES[-1] == "tongueOut"


@pytest.mark.parametrize("vector", [(0, 0, 0), (0.4, 0, 0), (0, 0.9, 0), (0, -0.9, 0.3), (-0.4, 0.3, 0.4)])
def test_a_head_that_perfect_nets_saw_is_found_exactly(vector: tuple[float, float, float]) -> None:
    table, place = load_table(), np.array([[0.15, -0.1, 0.7]])
    turn = rotations.from_vector(np.array([vector]))
    image = seen(table.reference[None], turn, place)
    sight, aim = seen_by(CAMERA, image)
    found, where = fit_head(sight, table.reference)
    assert np.degrees(rotations.angle_between(found, rotations.multiply(aim, turn)))[0] < 0.5
    assert np.abs(where - rotations.rotate(aim, place)).max() < 0.005


def test_a_step_from_nearby_finds_the_same_head() -> None:
    table, place = load_table(), np.array([[0.0, 0.0, 0.6]])
    before, after = (rotations.from_vector(np.array([[0.1, yaw, 0.0]])) for yaw in (0.25, 0.3))
    image = seen(table.reference[None], after, place)
    whole = fit_head(seen_by(CAMERA, image)[0], table.reference)
    near = fit_head(seen_by(CAMERA, image)[0], table.reference, (before, place))
    assert np.allclose(whole[0], near[0], atol=2e-3)
    assert np.allclose(whole[1], near[1], atol=1e-3)


def test_a_face_at_rest_is_quiet() -> None:
    motion = solve_face(take_of(still(noise=0.2)))
    assert motion.weights[:, ~LOOKS].max() < 0.01
    assert motion.weights.std(0).max() < 0.03


def test_a_blink_closes_both_lids_wholly_and_leaves_the_mouth_alone() -> None:
    shut = np.interp(np.arange(90), [0, 40, 43, 45, 49, 89], [0, 0, 1, 1, 0, 0])
    image = seen(blinking(shut), np.tile(rotations.IDENTITY, (90, 1)), np.tile([0, 0, 0.6], (90, 1)), 0.3)
    motion = solve_face(take_of(image))
    assert motion.weights[43:46, LIDS].min() > 0.9
    assert motion.weights[:36, LIDS].max() < 0.02
    assert motion.weights[55:, LIDS].max() < 0.02
    others = [INDEX[name] for name in SHAPES if name.startswith(("mouth", "jaw", "cheek"))]
    assert motion.weights[:, others].max() < 0.25


def test_mirrored_landmarks_give_mirrored_weights() -> None:
    table, random = load_table(), np.random.default_rng(1)
    away = random.normal(0, 0.002, (20, 478, 3))
    far = np.linalg.norm((table.reference * [-1, 1, 1])[:, None] - table.reference, axis=-1)
    other = away[:, far.argmin(1)] * [-1, 1, 1]
    away, other = away[:, MEASURED], other[:, MEASURED]
    angles = np.zeros((20, len(table.bias)))
    nothing = np.zeros((20, 52))
    one = read_weights(away, angles, nothing, table)
    assert one.max() > 0.3
    assert np.allclose(read_weights(other, angles, nothing, table)[:, PARTNERS], one, atol=1e-3)


def test_points_that_move_as_one_shape_moves_them_give_that_shape() -> None:
    table = load_table()
    angles, nothing = np.zeros((1, len(table.bias))), np.zeros((1, 52))
    back = np.linalg.pinv(table.reading)
    for shape in np.flatnonzero(table.gain * ~LOOKS):
        away = (table.curvature[shape] @ back).reshape(1, -1, 3) / 1000.0
        weights = read_weights(away, angles, nothing, table)[0]
        assert weights.argmax() == shape
        assert np.delete(weights, shape).max() < 0.4 * weights[shape]


def test_an_eye_that_is_hidden_does_not_squint_away_from_the_other() -> None:
    away = np.array([[[0.0, 0.0], [0.006, 0.004]]])
    gaze = gaze_of(away, np.zeros((1, 2)), np.zeros(1))
    assert np.abs(gaze[0, 1] - gaze[0, 0]).max() < 0.36
    assert np.abs(gaze[0, 0]).max() == 0.0


def test_an_eye_behind_a_closed_lid_looks_ahead() -> None:
    away = np.full((1, 2, 2), 0.003)
    assert np.abs(gaze_of(away, np.ones((1, 2)), np.zeros(1))).max() == 0.0
    assert np.abs(gaze_of(away, np.zeros((1, 2)), np.zeros(1))).min() > 0.2


def test_the_neutral_face_is_where_faces_are_densest_not_the_mean_or_the_first() -> None:
    random = np.random.default_rng(2)
    smile = random.normal(0.01, 0.003, (80, 30))
    rest = random.normal(0.0, 0.0003, (60, 30))
    values = np.concatenate([smile[:40], rest, smile[40:]])
    assert np.abs(mode(values, np.ones(len(values)))).max() < 0.001


def test_small_faces_are_not_trusted_and_stay_neutral() -> None:
    shut = np.interp(np.arange(60), [0, 20, 25, 30, 59], [0, 0, 1, 0, 0])
    image = seen(blinking(shut), np.tile(rotations.IDENTITY, (60, 1)), np.tile([0, 0, 4.0], (60, 1)))
    motion = solve_face(take_of(image))
    assert motion.trust.max() == 0.0
    assert motion.weights.max() < 1e-9


def test_a_lost_face_eases_to_neutral_and_leaves_no_gap() -> None:
    shut = np.concatenate([np.zeros(40), np.ones(50)])
    image = seen(blinking(shut), np.tile(rotations.IDENTITY, (90, 1)), np.tile([0, 0, 0.6], (90, 1)))
    image[50:] = np.nan
    motion = solve_face(take_of(image))
    assert all(np.isfinite(values).all() for values in vars(motion).values())
    assert motion.weights[47, LIDS].min() > 0.8
    assert motion.weights[80:].max() < 0.02
    assert (motion.trust[50:] == 0).all()


def test_a_take_without_a_face_says_what_to_do() -> None:
    with pytest.raises(BlazeRigError, match="--face"):
        solve_face(replace(take_of(still()), face=None))
    with pytest.raises(BlazeRigError, match="no face"):
        solve_face(take_of(np.full((5, 478, 3), np.nan)))


def test_a_take_in_which_no_face_was_seen_has_none() -> None:
    take = take_of(np.full((5, 478, 3), np.nan))
    assert face_where_seen(take, CAMERA) is None
    assert face_where_seen(replace(take, face=None), CAMERA) is None


def test_one_frame_is_enough() -> None:
    motion = solve_face(take_of(still(1)))
    assert motion.weights.shape == (1, 52)
    assert motion.weights.max() < 0.01


def test_the_performers_extreme_is_one_and_noise_stays_small() -> None:
    table = load_table()
    smile, brow = INDEX["mouthSmileLeft"], INDEX["browInnerUp"]
    weights = np.zeros((200, 52))
    weights[50:80, smile], weights[100:104, brow] = 0.75, 0.15
    found = scaled(weights, peaks_of(weights, np.ones(200)), table)
    assert found[60, smile] == pytest.approx(1.0)
    assert found[:, brow].max() < 0.2


def test_the_live_clock_blinks_too_and_forgets_a_lost_face() -> None:
    shut = np.interp(np.arange(120), [0, 60, 63, 66, 70, 119], [0, 0, 1, 1, 0, 0])
    image = seen(blinking(shut), np.tile(rotations.IDENTITY, (120, 1)), np.tile([0, 0, 0.6], (120, 1)), 0.3)
    image[100:] = np.nan
    solver = FaceSolver(CAMERA)
    motions = [solver.step(frame, 1.0, k / 30.0) for k, frame in enumerate(image)]
    weights = np.concatenate([motion.weights for motion in motions])
    assert weights[66, LIDS].min() > 0.8
    assert weights[72, LIDS].max() < 0.3
    assert weights[30:60, ~LOOKS].max() < 0.02
    assert weights[119].max() < 0.02
    assert motions[-1].trust[0] == 0.0


def test_a_calibration_takes_the_face_of_its_seconds_for_neutral() -> None:
    solver = FaceSolver(CAMERA)
    half = seen(
        blinking(np.full(60, 0.4)), np.tile(rotations.IDENTITY, (60, 1)), np.tile([0, 0, 0.6], (60, 1))
    )
    solver.step(still(1)[0], 1.0, 0.0)
    solver.calibrate(1.0)
    for k, frame in enumerate(half):
        motion = solver.step(frame, 1.0, 0.1 + k / 30.0)
    assert solver.calibrating == 0.0
    assert motion.weights[0, LIDS].max() < 0.02


def test_a_calibration_in_which_no_face_is_seen_fixes_nothing() -> None:
    solver = FaceSolver(CAMERA)
    for k in range(30):
        solver.step(still(1)[0], 1.0, k / 30.0)
    solver.calibrate(0.5)
    for k in range(20):
        solver.step(np.full((478, 3), np.nan), 0.0, 1.0 + k / 30.0)
    assert solver.calibrating == 0.0
    turns, places = np.tile(rotations.IDENTITY, (120, 1)), np.tile([0, 0, 0.6], (120, 1))
    lids = [1.0] * 3 + [0.0] * 117  # the first face that is seen again blinks
    frames = seen(blinking(np.array(lids)), turns, places)
    weights = [solver.step(frame, 1.0, 2.0 + k / 30.0).weights for k, frame in enumerate(frames)]
    assert np.concatenate(weights)[60:, :].max() < 0.05


def test_a_calibration_can_begin_a_moment_after_a_face_was_kept() -> None:
    solver = FaceSolver(CAMERA)
    solver.step(still(1)[0], 1.0, 0.0)
    solver.calibrate(0.2)
    for k in range(1, 10):
        motion = solver.step(still(1)[0], 1.0, k / 30.0)
    assert motion.trust[0] > 0.9


def test_a_head_that_faces_the_camera_stands_in_its_t_pose() -> None:
    motion = solve_face(take_of(still(3)))
    level = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
    found, place = head_in_world(
        replace(motion, head=np.tile(rotations.IDENTITY, (3, 1))), level, np.zeros(3)
    )
    assert np.allclose(found, rotations.IDENTITY)
    assert np.allclose(place[0], [0, motion.place[0, 2], -motion.place[0, 1]], atol=1e-5)
