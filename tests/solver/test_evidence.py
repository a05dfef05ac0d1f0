"""What is gathered from a take: how far it is believed, and what stands where nothing was seen."""

import dataclasses

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver.camera import camera_of
from blazerig.solver.evidence import OUTSIDE, gather
from blazerig.solver.landmarks import HIPS


def gathered(take):
    return gather(take, camera_of(take.size))


def test_exact_landmarks_are_left_where_they_are(filmed, random_motion):
    take = filmed(random_motion(0))
    sight = gathered(take)
    camera = camera_of(take.size)
    np.testing.assert_allclose(sight.slopes, camera.slopes(take.body_image[..., :2]), atol=1e-3)
    depth = sight.metric[..., 2] + 6.0 + (random_motion(0).hips[:, 1])[:, None]
    across = sight.metric[..., :2] - sight.metric[:, list(HIPS), :2].mean(1, keepdims=True)
    expected = sight.slopes * depth[..., None]
    expected -= expected[:, list(HIPS)].mean(1, keepdims=True)
    assert np.abs(across - expected).mean() < 0.005
    assert sight.noise.max() < 0.1


def test_a_landmark_outside_the_picture_is_hardly_believed(filmed, random_motion):
    take = filmed(random_motion(0))
    take.body_image[:, 27, 1] = take.size[1] + 100.0
    take.body_confidence[:] = 0.8
    trust = gathered(take).trust
    np.testing.assert_allclose(trust[:, 27], OUTSIDE * 0.8)
    np.testing.assert_allclose(trust[:, 11], 0.8)


def test_a_take_without_confidence_is_believed_as_it_says_it_was_visible(filmed, random_motion):
    take = filmed(random_motion(0))
    take.body_confidence[:] = np.nan
    take.body_visibility[:] = 0.6
    np.testing.assert_allclose(gathered(take).trust, 0.6)


def test_frames_in_which_nobody_was_seen_are_bridged_and_not_believed(filmed, random_motion):
    take = filmed(random_motion(0))
    whole = gathered(take)
    for name in ("body_image", "body_world", "body_visibility", "body_confidence"):
        getattr(take, name)[[*range(3), *range(20, 25), 59]] = np.nan
    sight = gathered(take)
    for name in ("slopes", "metric", "trust", "across", "error"):
        assert np.isfinite(getattr(sight, name)).all()
    assert not sight.trust[20:25].any()
    assert sight.trust[25:59].all()
    np.testing.assert_allclose(sight.slopes[22], whole.slopes[[19, 25]].mean(0), atol=0.01)
    np.testing.assert_array_equal(sight.slopes[0], sight.slopes[3])


def test_no_hand_was_looked_at_yet(filmed, random_motion):
    assert np.isinf(gathered(filmed(random_motion(0))).hand_error).all()


def test_a_take_in_which_nobody_was_seen_is_refused(filmed, stance):
    take = filmed(stance())
    take = dataclasses.replace(take, body_world=np.full_like(take.body_world, np.nan))
    with pytest.raises(BlazeRigError, match="nobody was seen in a known motion"):
        gathered(take)


def test_a_part_of_what_was_gathered_is_that_of_its_frames(filmed, random_motion):
    sight = gathered(filmed(random_motion(0)))
    part = sight.part(slice(10, 20))
    for name in ("times", "slopes", "metric", "trust", "across", "error", "hands", "hand_error"):
        np.testing.assert_array_equal(getattr(part, name), getattr(sight, name)[10:20])
