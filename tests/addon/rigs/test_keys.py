"""Keys: where they stand, which bones they touch, and what of the animator's own stays."""

from __future__ import annotations

import dataclasses

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.actions import curves
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.keys import write_keys
from blazerig.errors import BlazeRigError
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


def test_keys_may_stand_at_the_footages_own_times_on_the_scenes_frame_rate(character, scene):
    times = [0.0, 0.031, 0.1, 0.1667, 2.5]
    scene.render.fps, scene.render.fps_base = 30, 1.001
    write_keys(character, some_keys(times), scene=scene, start=101.5, name="clip", on_frames=False)
    for curve in curves(character):
        assert np.allclose(frames_of(curve), 101.5 + np.array(times) * 30 / 1.001, atol=1e-4)
    assert (scene.render.fps, scene.render.fps_base) == (30, pytest.approx(1.001))


@pytest.mark.parametrize(("step", "expected"), [(1, range(11, 21)), (3, (13, 16, 19))])
def test_keys_stand_on_the_frames_that_the_scene_shows(step, expected, character, scene):
    scene.render.fps, scene.frame_start, scene.frame_step = 24, 1, step
    write_keys(character, some_keys(np.arange(26) / 60), scene=scene, start=10.4, name="clip")
    for curve in curves(character):
        assert frames_of(curve).tolist() == list(expected)


def test_keys_on_frames_show_the_motion_between_those_of_the_footage(character, scene):
    """A bone that turns evenly, filmed at 25 pictures a second and keyed at 24, turns evenly."""
    times = np.arange(26) / 25
    turning = rotations.from_axis_angle([0.0, 0.0, 1.0], 2.0 * times)
    moving = np.stack([times, 0 * times, -times], axis=-1)
    scene.render.fps = 24
    keys = Keys(times, {"Hips": turning}, {"Hips": moving})
    write_keys(character, keys, scene=scene, name="clip")
    for frame in (1, 7, 25):
        scene.frame_set(frame)
        shown, second = character.pose.bones["Hips"], (frame - 1) / 24
        assert shown.rotation_quaternion.angle == pytest.approx(2.0 * second, abs=1e-5)
        assert tuple(shown.location) == pytest.approx((second, 0.0, -second), abs=1e-5)


def test_what_was_given_is_what_the_curves_hold_and_lines_join_it(character, scene):
    keys = some_keys(np.arange(20) / scene.render.fps)
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


def test_keys_that_are_made_curves_by_hand_have_handles_beside_them(character, scene):
    write_keys(character, some_keys(np.arange(20) / scene.render.fps), scene=scene, name="clip")
    for curve in curves(character):
        for point in curve.keyframe_points:
            assert point.handle_left_type == point.handle_right_type == "AUTO_CLAMPED"
            assert abs(point.handle_left[0] - point.co[0]) < 1.0


MODES = ("QUATERNION", "AXIS_ANGLE", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")


@pytest.mark.parametrize("mode", MODES)
def test_a_bone_keeps_its_rotation_mode_and_shows_the_same(mode, character, scene, read_back):
    keys = some_keys(np.arange(40) / scene.render.fps, seed=7)
    write_keys(character, keys, scene=scene, name="clip")
    expected = read_back(character, ["Hips", "Head"], keys.times)
    for name in ("Hips", "Head"):
        character.pose.bones[name].rotation_mode = mode
    write_keys(character, keys, scene=scene, name="clip")
    assert character.pose.bones["Head"].rotation_mode == mode
    assert np.abs(read_back(character, ["Hips", "Head"], keys.times) - expected).max() < 1e-5
    for curve in curves(character):
        if "rotation" in curve.data_path:
            held = np.array([point.co[1] for point in curve.keyframe_points])
            assert np.abs(np.diff(held)).max() < 2.0


def test_locked_channels_are_left_alone_and_told(character, scene):
    hips, head = character.pose.bones["Hips"], character.pose.bones["Head"]
    hips.lock_location = (False, False, True)
    hips.location[2] = 0.5
    head.rotation_mode = "XYZ"
    head.lock_rotation = (True, False, False)
    head.rotation_euler[0] = 0.25
    result = write_keys(character, some_keys(np.arange(5) / 30), scene=scene, name="clip")
    keyed = {(curve.data_path.split(".")[-1], curve.array_index) for curve in curves(character)}
    assert keyed == {
        *(("rotation_quaternion", i) for i in range(4)),
        *(("location", i) for i in (0, 1)),
        *(("rotation_euler", i) for i in (1, 2)),
    }
    scene.frame_set(3)
    assert hips.location[2] == 0.5
    assert head.rotation_euler[0] == 0.25
    assert result.left_alone == ("Hips: location z (locked)", "Head: rotation x (locked)")
    assert "left alone: Hips: location z (locked)" in result.message


def test_quaternions_are_locked_by_axes_or_by_their_four_numbers(character, scene):
    hips, head = character.pose.bones["Hips"], character.pose.bones["Head"]
    hips.lock_rotations_4d, hips.lock_rotation = False, (False, True, False)
    head.lock_rotations_4d, head.lock_rotation_w = True, True
    result = write_keys(character, some_keys(np.arange(5) / 30), scene=scene, name="clip")
    scene.frame_set(3)
    assert hips.rotation_quaternion.to_euler("XYZ")[1] == pytest.approx(0.0, abs=1e-6)
    assert abs(hips.rotation_quaternion.to_euler("XYZ")[2]) > 0.01
    assert result.left_alone == ("Head: rotation w (locked)",)
    head.lock_rotation = (True, True, True)
    for head.lock_rotations_4d in (True, False):
        head.lock_rotation_w = False
        result = write_keys(character, some_keys(np.arange(5) / 30), scene=scene, name="clip")
        assert keyed_bones(character) == {"Hips"}
        assert result.left_alone == ("Head: rotation (locked)",)


def test_driven_channels_keep_their_drivers_and_get_no_keys(character, scene):
    driver = character.pose.bones["Hips"].driver_add("location", 1).driver
    driver.expression = "0.75"
    result = write_keys(character, some_keys(np.arange(5) / 30), scene=scene, name="clip")
    assert ('pose.bones["Hips"].location', 1) not in {(c.data_path, c.array_index) for c in curves(character)}
    scene.frame_set(3)
    assert character.pose.bones["Hips"].location[1] == pytest.approx(0.75)
    assert result.left_alone == ("Hips: location y (driven)",)


def test_an_armature_of_which_all_is_locked_is_refused_and_stays_as_it_is(character, scene):
    for name in ("Hips", "Head"):
        character.pose.bones[name].lock_location = character.pose.bones[name].lock_rotation = (True,) * 3
    with pytest.raises(BlazeRigError, match="are locked or driven"):
        write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip")
    assert not bpy.data.actions
    assert character.animation_data is None or character.animation_data.action is None


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
    bones["Neck"].location = (0.1, 0.2, 0.3)
    write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip")
    assert keyed_bones(character) == {"Hips", "Head"}
    assert bones["Neck"].rotation_mode == "XYZ"
    assert tuple(bones["Neck"].rotation_euler) == pytest.approx((0.1, 0.2, 0.3))
    assert tuple(bones["Neck"].location) == pytest.approx((0.1, 0.2, 0.3))


def test_a_keyed_bone_that_only_turns_goes_to_its_place_and_keeps_its_scale(character, scene):
    head, neck = character.pose.bones["Head"], character.pose.bones["Neck"]
    head.location, head.scale = (1.0, 2.0, 3.0), (2.0, 2.0, 2.0)
    neck.location, neck.lock_location = (1.0, 2.0, 3.0), (True, True, True)
    write_keys(character, some_keys([0.0, 0.1], names=("Hips", "Head", "Neck")), scene=scene, name="clip")
    assert tuple(head.location) == (0.0, 0.0, 0.0)
    assert tuple(head.scale) == (2.0, 2.0, 2.0)
    assert tuple(neck.location) == (1.0, 2.0, 3.0)


def test_the_animation_that_was_there_stays_in_the_file(character, scene):
    first = write_keys(character, some_keys([0.0, 0.1], seed=1), scene=scene, name="clip").action
    held = [point.co[1] for curve in curves(character) for point in curve.keyframe_points]
    second = write_keys(character, some_keys([0.0, 0.1], seed=2), scene=scene, name="clip").action
    assert character.animation_data.action == second != first
    assert first.name == "clip"
    assert second.name == "clip.001"
    assert first.use_fake_user
    character.animation_data.action = first
    if hasattr(character.animation_data, "action_slot"):
        character.animation_data.action_slot = first.slots[0]
    assert [point.co[1] for curve in curves(character) for point in curve.keyframe_points] == held


def test_nla_tracks_and_drivers_stay(character, scene):
    first = write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="first").action
    character.animation_data.nla_tracks.new().strips.new("strip", 1, first)
    character.driver_add("location", 0).driver.expression = "1.0"
    write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="second")
    assert [strip.name for track in character.animation_data.nla_tracks for strip in track.strips] == [
        "strip"
    ]
    assert len(character.animation_data.drivers) == 1


@pytest.mark.parametrize(
    ("start", "seconds", "range_"),
    [(1.0, 2.0, (1, 250)), (1.0, 20.0, (1, 481)), (-5.5, 1.0, (0, 250)), (300.0, 0.51, (1, 312))],
)
def test_the_scenes_range_grows_to_hold_the_keys_and_never_shrinks(character, scene, start, seconds, range_):
    scene.frame_start, scene.frame_end, scene.render.fps = 1, 250, 24
    write_keys(character, some_keys([0.0, seconds]), scene=scene, start=start, name="clip")
    assert (scene.frame_start, scene.frame_end) == range_


def test_one_frame_makes_one_key(character, scene):
    write_keys(character, some_keys([0.0]), scene=scene, name="still")
    assert {len(curve.keyframe_points) for curve in curves(character)} == {1}


def test_custom_properties_are_keyed_with_their_bone(character, scene):
    character.pose.bones["Head"]["IK_FK"] = 0.0
    keys = dataclasses.replace(some_keys([0.0, 0.1]), properties={("Head", "IK_FK"): 1.0})
    write_keys(character, keys, scene=scene, name="clip")
    scene.frame_set(3)
    assert character.pose.bones["Head"]["IK_FK"] == 1.0
    (curve,) = (curve for curve in curves(character) if "IK_FK" in curve.data_path)
    assert [(tuple(point.co), point.interpolation) for point in curve.keyframe_points] == [
        ((1.0, 1.0), "CONSTANT")
    ]
    assert curve.group.name == "Head"


def test_an_overridden_armature_is_keyed(build, names_of, motion, tmp_path):
    build(names_of("Mixamo"))
    path = str(tmp_path / "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, wanted):
        wanted.objects = ["Armature"]
    armature = bpy.data.objects["Armature"].override_create(remap_local_usages=True)
    bpy.context.scene.collection.objects.link(armature)
    animate(armature, motion(5), scene=bpy.context.scene, name="clip")
    bpy.context.scene.frame_set(5)
    turned = tuple(armature.pose.bones["Head"].rotation_quaternion)
    assert abs(turned[0]) < 0.9999
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    again = next(thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE")
    bpy.context.scene.frame_set(5)
    assert tuple(again.pose.bones["Head"].rotation_quaternion) == pytest.approx(turned, abs=1e-6)


def test_time_remapping_is_told(character, scene):
    assert not write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip").notes
    scene.render.frame_map_new = 200
    (note,) = write_keys(character, some_keys([0.0, 0.1]), scene=scene, name="clip").notes
    assert note == "the scene's time remapping (100 to 200) shows the keys at 0.5 of the footage's speed"


def test_all_of_ten_thousand_frames_of_60_bones_are_written(scene):
    names = [f"bone {i}" for i in range(60)]
    data = bpy.data.armatures.new("Armature")
    character = bpy.data.objects.new("Armature", data)
    scene.collection.objects.link(character)
    bpy.context.view_layer.objects.active = character
    bpy.ops.object.mode_set(mode="EDIT")
    for name in names:
        data.edit_bones.new(name).tail = (0.0, 0.0, 1.0)
    bpy.ops.object.mode_set(mode="OBJECT")
    keys = some_keys(np.arange(10_000) / 30, names=names)
    result = write_keys(character, keys, scene=scene, name="long")
    assert result.keys == 10_000 * (60 * 4 + 3)
    assert result.action.frame_range[1] == pytest.approx(10_000)
