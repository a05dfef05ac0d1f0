"""Where a body's state puts it, and the analytic Jacobians of that against finite differences."""

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.fit.body import (
    Body,
    axes,
    length_jacobian,
    node_jacobian,
    place,
    right_jacobian,
)
from blazerig.solver.fit.chains import chain_jacobians, landmark_jacobian
from blazerig.solver.fit.skeleton import (
    ANGLES,
    BALLS,
    BENDS,
    FREEDOMS,
    LENGTHS,
    NODE,
    NODES,
    SPOTS,
    angle_column,
    ball_columns,
)
from blazerig.solver.humanoid import INDEX, rest_pose
from blazerig.solver.landmarks import MIRRORED

STEP = 1e-6


def t_pose(frames=1):
    balls = np.tile(rotations.IDENTITY, (frames, len(BALLS), 1))
    return Body(
        np.zeros((frames, 3)),
        balls,
        np.zeros((frames, len(BENDS), 3)),
        np.zeros((frames, len(ANGLES))),
        np.zeros(len(LENGTHS)),
    )


def either_way(body, step=None, longer=None):
    """The body a little behind and ahead of where it is."""
    step = np.zeros(FREEDOMS) if step is None else step
    longer = np.zeros(len(LENGTHS)) if longer is None else longer
    everywhere = np.tile(step, (len(body.root), 1))
    return (place(body.moved(sign * STEP * everywhere, sign * STEP * longer)) for sign in (-1.0, 1.0))


def test_the_t_pose_has_its_joints_where_the_humanoid_has_them():
    placed = place(t_pose())
    rest = rest_pose()
    for name in ("head", "leftHand", "rightFoot", "leftLowerLeg", "rightUpperArm"):
        np.testing.assert_allclose(
            placed.places[0, NODE[name]], rest[INDEX[name]] - rest[INDEX["hips"]], atol=1e-12
        )
    np.testing.assert_allclose(placed.turned[0], np.tile(np.eye(3), (len(NODES), 1, 1)), atol=1e-12)


def test_left_and_right_landmarks_of_the_t_pose_mirror_each_other():
    points = place(t_pose()).landmarks[0]
    np.testing.assert_allclose(points[MIRRORED] * [-1.0, 1.0, 1.0], points, atol=1e-12)
    assert SPOTS.landmark.tolist() == list(range(33))


def test_the_freedoms_of_a_frame_are_each_of_one_joint():
    columns = [column for name in BALLS + BENDS for column in range(FREEDOMS)[ball_columns(name)]]
    columns += [angle_column(name) for name in ANGLES]
    assert sorted(columns) == list(range(3, FREEDOMS))


def test_bones_keep_their_lengths_however_the_body_moves(random_body):
    placed = place(random_body(0, 5))
    for i, node in enumerate(NODES):
        if node.parent >= 0:
            length = np.linalg.norm(placed.places[:, i] - placed.places[:, node.parent], axis=-1)
            np.testing.assert_allclose(length, length[0], atol=1e-12)


def test_a_shared_bend_turns_its_last_node_by_the_whole(random_body):
    body = random_body(1, 4)
    placed = place(body)
    spine = np.swapaxes(placed.turned[:, NODE["hips"]], -1, -2) @ placed.turned[:, NODE["upperChest"]]
    expected = rotations.from_vector(body.bends[:, BENDS.index("spine")])
    assert rotations.angle_between(rotations.from_matrix(spine), expected).max() < 1e-6


@pytest.mark.parametrize("column", range(FREEDOMS))
def test_landmarks_and_hands_move_as_their_jacobians_say(random_body, column):
    body = random_body(2, 3)
    placed = place(body)
    turning = axes(body, placed)
    before, after = either_way(body, step=np.eye(FREEDOMS)[column])
    moved = (after.landmarks - before.landmarks) / (2 * STEP)
    np.testing.assert_allclose(
        moved, landmark_jacobian(chain_jacobians(turning, placed))[..., column], atol=1e-8
    )
    for node in (NODE["leftHand"], NODE["head"], NODE["rightFoot"]):
        turn = after.turned[:, node] @ np.swapaxes(before.turned[:, node], -1, -2)
        turned = rotations.to_vector(rotations.from_matrix(turn)) / (2 * STEP)
        np.testing.assert_allclose(turned, node_jacobian(turning, node)[..., column], atol=1e-6)


@pytest.mark.parametrize("column", range(len(LENGTHS)))
def test_landmarks_move_with_the_lengths_as_their_jacobian_says(random_body, column):
    body = random_body(3, 3)
    before, after = either_way(body, longer=np.eye(len(LENGTHS))[column])
    moved = (after.landmarks - before.landmarks) / (2 * STEP)
    np.testing.assert_allclose(moved, length_jacobian(body, place(body))[..., column], atol=1e-8)


@pytest.mark.parametrize("size", [0.0, 1e-9, 1e-5, 1e-3, 1.0, 3.0])
def test_the_right_jacobian_is_that_of_the_exponential(size):
    random = np.random.default_rng(4)
    vector = size * rotations.normalise(random.normal(size=(20, 3)))
    small = STEP * rotations.normalise(random.normal(size=(20, 3)))
    back = rotations.inverse(rotations.from_vector(vector - small))
    turned = rotations.to_vector(rotations.multiply(back, rotations.from_vector(vector + small)))
    expected = (right_jacobian(vector) @ small[..., None])[..., 0]
    np.testing.assert_allclose(turned / 2, expected, atol=1e-5 * STEP + 1e-12)


def test_a_part_of_the_frames_is_placed_as_the_whole(random_body):
    body = random_body(5, 6)
    np.testing.assert_array_equal(place(body.part(slice(2, 4))).landmarks, place(body).landmarks[2:4])
