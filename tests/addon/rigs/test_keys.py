"""Keys: where they stand, which bones they touch, and what of the animator's own stays."""

from __future__ import annotations

import time

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.actions import curves
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.keys import write_keys
from blazerig.solver import rotations
from blazerig.solver.retarget import Keys


def some_keys(times, names=("Hips", "Head"), seed=1):
    random = np.random.default_rng(seed)
    turning = rotations.from_vector(np.cumsum(random.normal(0.0, 0.2, (len(times), len(names), 3)), axis=0))
    turning = rotations.continuous(turning)
    channels = {name: turning[:, i] for i, name in enumerate(names)}
    return Keys(np.asarray(times, float), channels, {names[0]: random.normal(0.0, 1.0, (len(times), 3))})


@pytest.fixture
def character(build, names_of):
    return build(names_of("Mixamo"))


def keyed_bones(armature):
    return {curve.data_path.split('"')[1] for curve in curves(armature)}


def frames_of(curve):
    return np.array([point.co[0] for point in curve.keyframe_points])


def test_keys_stand_at_the_footages_times_on_the_scenes_frame_rate(character, scene):
    times = [0.0, 0.031, 0.1, 0.1667, 2.5]
    scene.render.fps, scene.render.fps_base = 30, 1.001
    write_keys(character, some_keys(times), scene=scene, start=101.5, name="clip")
    for curve in curves(character):
        assert np.allclose(frames_of(curve), 101.5 + np.array(times) * 30 / 1.001, atol=1e-4)
    assert (scene.render.fps, scene.render.fps_base) == (30, pytest.approx(1.001))


def test_what_was_given_is_what_the_curves_hold_and_lines_join_it(character, scene):
    keys = some_keys(np.arange(20) / 24)
    write_keys(character, keys, scene=scene, name="clip")
    by_channel = {(curve.data_path, curve.array_index): curve for curve in curves(character)}
    assert len(by_channel) == 3 + 2 * 4
    for name, values in keys.rotations.items():
        for index in range(4):
            curve = by_channel[f'pose.bones["{name}"].rotation_quaternion', index]
            held = [point.co[1] for point in curve.keyframe_points]
            assert np.allclose(held, values[:, index], atol=1e-6)
            assert {point.interpolation for point in curve.keyframe_points} == {"LINEAR"}
            assert curve.group.name == name
            assert curve.evaluate(1.5) == pytest.approx((held[0] + held[1]) / 2, abs=1e-6)


def test_quaternions_have_no_sign_jumps_after_retargeting(character, scene, motion):
    animate(character, motion(3, frames=60), scene=scene, name="clip")
    by_path = {}
    for curve in curves(character):
        if curve.data_path.endswith("rotation_quaternion"):
            by_path.setdefault(curve.data_path, []).append([point.co[1] for point in curve.keyframe_points])
    assert len(by_path) == 52
    for columns in by_path.values():
        values = np.array(columns).T
        assert (np.sum(values[1:] * values[:-1], axis=-1) >= 0).all()


def test_only_the_bones_that_are_named_are_touched(character, scene):
    bones = character.pose.bones
    bones["Neck"].rotation_mode = "XYZ"
    bones["Neck"].rotation_euler = (0.1, 0.2, 0.3)
    bones["Head"].rotation_mode = "XYZ"
    write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip")
    assert keyed_bones(character) == {"Hips", "Head"}
    assert bones["Neck"].rotation_mode == "XYZ"
    assert tuple(bones["Neck"].rotation_euler) == pytest.approx((0.1, 0.2, 0.3))
    assert bones["Head"].rotation_mode == bones["Hips"].rotation_mode == "QUATERNION"


def test_what_of_a_keyed_bone_is_not_keyed_goes_to_rest(character, scene):
    head = character.pose.bones["Head"]
    head.location, head.scale = (1.0, 2.0, 3.0), (2.0, 2.0, 2.0)
    write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip")
    assert tuple(head.location) == (0.0, 0.0, 0.0)
    assert tuple(head.scale) == (1.0, 1.0, 1.0)


def test_the_animation_that_was_there_stays_in_the_file(character, scene):
    first = write_keys(character, some_keys([0.0, 0.1], seed=1), scene=scene, name="clip")
    held = [point.co[1] for curve in curves(character) for point in curve.keyframe_points]
    second = write_keys(character, some_keys([0.0, 0.1], seed=2), scene=scene, name="clip")
    assert character.animation_data.action == second != first
    assert first.name == "clip"
    assert second.name == "clip.001"
    assert first.use_fake_user
    character.animation_data.action = first
    if hasattr(character.animation_data, "action_slot"):
        character.animation_data.action_slot = first.slots[0]
    assert [point.co[1] for curve in curves(character) for point in curve.keyframe_points] == held


def test_nla_tracks_and_drivers_stay(character, scene):
    first = write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="first")
    character.animation_data.nla_tracks.new().strips.new("strip", 1, first)
    character.driver_add("location", 0).driver.expression = "1.0"
    write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="second")
    assert [strip.name for track in character.animation_data.nla_tracks for strip in track.strips] == [
        "strip"
    ]
    assert len(character.animation_data.drivers) == 1


@pytest.mark.parametrize(
    ("start", "seconds", "range_"),
    [(1.0, 2.0, (1, 250)), (1.0, 20.0, (1, 481)), (-5.5, 1.0, (0, 250)), (300.0, 0.51, (1, 313))],
)
def test_the_scenes_range_grows_to_hold_the_keys_and_never_shrinks(character, scene, start, seconds, range_):
    scene.frame_start, scene.frame_end = 1, 250
    write_keys(character, some_keys([0.0, seconds]), scene=scene, start=start, name="clip")
    assert (scene.frame_start, scene.frame_end) == range_


def test_one_frame_makes_one_key(character, scene):
    write_keys(character, some_keys([0.0]), scene=scene, name="still")
    assert {len(curve.keyframe_points) for curve in curves(character)} == {1}


def test_ten_thousand_frames_of_52_bones_are_written_in_seconds(character, scene, names_of):
    keys = some_keys(np.arange(10_000) / 30, names=tuple(names_of("Mixamo").values()))
    began = time.perf_counter()
    write_keys(character, keys, scene=scene, name="long")
    assert time.perf_counter() - began < 8.0
    assert bpy.data.actions["long"].frame_range[1] == pytest.approx(1 + 9_999 / 30 * 24, abs=0.01)
