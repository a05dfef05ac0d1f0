"""The camera, the banded equations and the path fit, each against an answer known otherwise."""

import numpy as np
from blazerig.solver.banded import PathEquations
from blazerig.solver.camera import camera_of, face_ray, place
from blazerig.solver.evidence import gather
from blazerig.solver.humanoid import INDEX, joint_positions
from blazerig.solver.landmarks import COLUMN, ELBOWS, FITTED, SHOULDERS
from blazerig.solver.paths import ROOT, bone_lengths, fit_paths
from blazerig.solver.smooth import durations, second_difference

RANDOM = np.random.default_rng(0)


def test_points_are_placed_where_their_rays_meet_them():
    points, shift = RANDOM.normal(0, 0.5, (10, 12, 3)), RANDOM.uniform(-1, 1, (10, 3)) + np.array([0, 0, 4])
    placed = points + shift[:, None]
    slopes = placed[..., :2] / placed[..., 2:]
    np.testing.assert_allclose(place(points, slopes, np.ones((10, 12))), shift, atol=1e-9)


def test_a_frame_without_points_has_no_place():
    found = place(np.zeros((2, 3, 3)), np.zeros((2, 3, 2)), np.array([[0.0, 0, 0], [0, 1, 0]]))
    assert np.isnan(found).all()


def test_a_crop_in_the_middle_of_the_picture_needs_no_turn():
    points = RANDOM.normal(size=(4, 5, 3))
    np.testing.assert_allclose(face_ray(points, np.zeros((4, 2))), points, atol=1e-12)
    turned = face_ray(np.array([[[0.0, 0.0, 1.0]]]), np.array([[1.0, 0.0]]))
    np.testing.assert_allclose(turned[0, 0], [np.sqrt(0.5), 0.0, np.sqrt(0.5)], atol=1e-12)


def test_a_wider_view_has_a_shorter_focal_length():
    np.testing.assert_allclose(camera_of((640, 480), np.radians(90.0)).focal, 400.0)
    assert camera_of((640, 480), np.radians(50.0)).focal > camera_of((640, 480), np.radians(70.0)).focal


def test_banded_equations_solve_as_the_dense_ones():
    frames, points = 6, 3
    times = np.cumsum(RANDOM.uniform(0.02, 0.05, frames))
    weights, steps = RANDOM.uniform(0.5, 2, points), RANDOM.uniform(0, 5, (frames - 1, points))
    target = RANDOM.normal(size=(frames, points, 3))
    block, right = RANDOM.normal(size=(frames, 3, 3)), RANDOM.normal(size=(frames, 3))

    equations = PathEquations(frames, points)
    equations.add_pull(target, np.full(frames, 30.0))
    equations.add_accelerations(times, weights * 1e-6)
    equations.add_steps(steps)
    equations.add_block(2, 0, block)
    equations.add_right(1, right)

    size = frames * points * 3
    dense, side = np.eye(size) * 30.0, 30.0 * target.copy()
    index = np.arange(size).reshape(frames, points, 3)
    held, second = durations(times), second_difference(times)
    for point in range(points):
        for axis in range(3):
            path = index[:, point, axis]
            for i in range(frames - 2):
                row = np.zeros(size)
                row[path[i : i + 3]] = second[i]
                dense += weights[point] * 1e-6 * held[i + 1] * np.outer(row, row)
            for i in range(frames - 1):
                row = np.zeros(size)
                row[path[i + 1]], row[path[i]] = 1.0, -1.0
                dense += steps[i, point] * np.outer(row, row)
    for frame in range(frames):
        dense[np.ix_(index[frame, 2], index[frame, 0])] += block[frame]
        dense[np.ix_(index[frame, 0], index[frame, 2])] += block[frame].T
    side[:, 1] += right
    expected = np.linalg.solve(dense, side.reshape(-1)).reshape(frames, points, 3)
    np.testing.assert_allclose(equations.solve(), expected, atol=1e-8)


def test_paths_and_lengths_of_perfect_landmarks_come_back(filmed, random_motion):
    pose = random_motion(0)
    take = filmed(pose)
    evidence, start = gather(take, camera_of(take.size))
    paths, lengths = fit_paths(evidence, start)
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    expected = np.linalg.norm(pose.rest[INDEX["leftLowerArm"]] - pose.rest[INDEX["leftUpperArm"]])
    np.testing.assert_allclose(lengths[SHOULDERS[0], ELBOWS[0]], expected, rtol=0.02)
    elbow = paths[:, COLUMN[ELBOWS[0]]] - paths[:, ROOT]
    truth = (joints[:, INDEX["leftLowerArm"]] - joints[:, INDEX["hips"]])[:, [0, 2, 1]] * [1, -1, 1]
    assert np.linalg.norm(elbow - truth, axis=-1).mean() < 0.01
    root = (paths[:, ROOT] - paths[0, ROOT])[:, [0, 2, 1]] * [1, 1, -1]
    assert np.linalg.norm(root - (pose.hips - pose.hips[0]), axis=-1).mean() < 0.01


def test_windows_join_without_a_seam(filmed, random_motion, monkeypatch):
    take = filmed(random_motion(1))
    evidence, start = gather(take, camera_of(take.size))
    whole, _ = fit_paths(evidence, start)
    monkeypatch.setattr("blazerig.solver.paths.WINDOW", 25)
    monkeypatch.setattr("blazerig.solver.paths.OVERLAP", 15)
    parts, _ = fit_paths(evidence, start)
    assert np.linalg.norm(parts - whole, axis=-1).max() < 0.02
    steps, expected = (np.linalg.norm(np.diff(p, 2, axis=0), axis=-1).max() for p in (parts, whole))
    assert steps < 2 * expected


def test_left_and_right_bones_get_one_length():
    paths = RANDOM.normal(0, 0.3, (20, ROOT + 1, 3)) + np.array([0, 0, 4])
    lengths = bone_lengths(paths, np.ones((20, len(FITTED))))
    assert lengths[SHOULDERS[0], ELBOWS[0]] == lengths[SHOULDERS[1], ELBOWS[1]]
