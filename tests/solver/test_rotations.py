"""The algebra of rotations, over seeded random ones and the edges."""

import numpy as np
import pytest
from blazerig.solver import rotations
from scipy.spatial.transform import Rotation

RANDOM = np.random.default_rng(0)


def random_rotations(*shape):
    return rotations.normalise(RANDOM.normal(size=(*shape, 4)))


def same(a, b, tolerance=1e-7):
    assert rotations.angle_between(a, b).max() < tolerance


def matrices(q):
    return (
        Rotation.from_quat(np.asarray(q)[..., [1, 2, 3, 0]].reshape(-1, 4))
        .as_matrix()
        .reshape(*q.shape[:-1], 3, 3)
    )


@pytest.mark.parametrize("shape", [(), (7,), (3, 5), (0, 2)])
def test_products_and_turned_vectors_agree_with_matrices(shape):
    a, b = random_rotations(*shape), random_rotations(*shape)
    v = RANDOM.normal(size=(*shape, 3))
    if 0 in shape:
        assert rotations.multiply(a, b).shape == (*shape, 4)
        return
    np.testing.assert_allclose(rotations.to_matrix(a), matrices(a), atol=1e-12)
    np.testing.assert_allclose(
        rotations.to_matrix(rotations.multiply(a, b)), matrices(a) @ matrices(b), atol=1e-12
    )
    np.testing.assert_allclose(rotations.rotate(a, v), (matrices(a) @ v[..., None])[..., 0], atol=1e-12)


def test_a_rotation_and_its_inverse_cancel():
    q = random_rotations(100)
    same(rotations.multiply(q, rotations.inverse(q)), np.tile(rotations.IDENTITY, (100, 1)))


@pytest.mark.parametrize("angle", [0.0, 1e-9, 1e-4, 1.0, np.pi / 2, np.pi - 1e-7, np.pi])
def test_matrices_come_back_at_every_angle(angle):
    q = rotations.from_axis_angle(RANDOM.normal(size=(50, 3)), np.full(50, angle))
    same(rotations.from_matrix(rotations.to_matrix(q)), q)


@pytest.mark.parametrize("angle", [0.0, 1e-12, 1e-6, 0.3, 3.0])
def test_vectors_come_back(angle):
    v = rotations.normalise(RANDOM.normal(size=(20, 3))) * angle
    np.testing.assert_allclose(rotations.to_vector(rotations.from_vector(v)), v, atol=1e-12)


def test_the_shortest_arc_lands_on_its_target_by_the_least_angle():
    source, target = RANDOM.normal(size=(2, 200, 3))
    q = rotations.shortest_arc(source, target)
    np.testing.assert_allclose(
        rotations.rotate(q, rotations.normalise(source)), rotations.normalise(target), atol=1e-12
    )
    cosine = (rotations.normalise(source) * rotations.normalise(target)).sum(-1)
    np.testing.assert_allclose(rotations.angle_between(rotations.IDENTITY, q), np.arccos(cosine), atol=1e-9)
    assert (q[..., 0] >= 0).all()


def test_opposite_directions_get_a_half_turn():
    source = np.concatenate([np.eye(3), -np.eye(3), RANDOM.normal(size=(5, 3))])
    np.testing.assert_allclose(
        rotations.rotate(rotations.shortest_arc(source, -source), source), -source, atol=1e-6
    )


def test_what_is_missing_stays_missing():
    lost = np.array([np.nan, 0.0, 0.0])
    assert np.isnan(rotations.shortest_arc(lost, [1.0, 0, 0])).all()
    assert np.isnan(rotations.between_frames(lost, [0, 1.0, 0], [1.0, 0, 0], [0, 1.0, 0])).all()


def test_frames_map_the_first_direction_exactly_and_the_second_nearly():
    a, b, c, d = RANDOM.normal(size=(4, 50, 3))
    q = rotations.between_frames(a, b, c, d)
    turned = rotations.rotate(q, rotations.normalise(a))
    np.testing.assert_allclose(turned, rotations.normalise(c), atol=1e-9)
    across = rotations.normalise(np.cross(c, d))
    np.testing.assert_allclose((rotations.rotate(q, b) * across).sum(-1), 0.0, atol=1e-9)
    near = rotations.normalise(
        d - (d * rotations.normalise(c)).sum(-1, keepdims=True) * rotations.normalise(c)
    )
    assert ((rotations.rotate(q, b) * near).sum(-1) > 0).all()


def test_twist_is_what_a_turn_about_the_axis_leaves():
    axis = rotations.normalise(RANDOM.normal(size=(50, 3)))
    angle = RANDOM.uniform(-3.0, 3.0, 50)
    swing = rotations.from_axis_angle(np.cross(axis, RANDOM.normal(size=(50, 3))), RANDOM.uniform(-1, 1, 50))
    q = rotations.multiply(swing, rotations.from_axis_angle(axis, angle))
    np.testing.assert_allclose(rotations.twist_angle(q, axis), angle, atol=1e-9)


def test_signed_angles_about_an_axis():
    axis = rotations.normalise(RANDOM.normal(size=(50, 3)))
    angle = RANDOM.uniform(-3.0, 3.0, 50)
    source = RANDOM.normal(size=(50, 3))
    target = rotations.rotate(rotations.from_axis_angle(axis, angle), source)
    np.testing.assert_allclose(rotations.angle_about(axis, source, target), angle, atol=1e-9)


def test_interpolation_runs_at_constant_speed_from_end_to_end():
    a, b = random_rotations(30), random_rotations(30)
    same(rotations.interpolate(a, b, 0.0), a)
    same(rotations.interpolate(a, b, 1.0), b)
    third = rotations.interpolate(a, b, 1 / 3)
    np.testing.assert_allclose(
        rotations.angle_between(a, third), rotations.angle_between(a, b) / 3, atol=1e-9
    )


def test_continuous_rotations_never_jump_in_sign():
    smooth = rotations.from_axis_angle([0.0, 0.0, 1.0], np.linspace(0, 20, 200))
    signs = RANDOM.choice([-1.0, 1.0], 200)[:, None]
    steps = np.abs(np.diff(rotations.continuous(smooth * signs), axis=0)).max()
    assert steps < 0.1
    same(rotations.continuous(smooth * signs), smooth)
    assert rotations.continuous(np.zeros((0, 4))).shape == (0, 4)


@pytest.mark.parametrize("count", [1, 3, 4, 52, 342])
def test_products_and_lengths_are_those_of_vectors_of_any_length(count):
    a, b = np.random.default_rng(count).normal(size=(2, 5, count))
    np.testing.assert_allclose(rotations.dot(a, b), (a * b).sum(-1))
    np.testing.assert_allclose(rotations.length(a)[:, 0], np.linalg.norm(a, axis=-1))
