"""Fewer keys in Blender: as far off as is said and no further, for Blender's own reading of the curves."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from blazerig.addon.animate.actions import curves
from blazerig.addon.animate.drawing import Tolerance
from blazerig.addon.animate.keys import write_keys
from blazerig.solver import rotations
from blazerig.solver.retarget import Keys

FRAMES = 150


def swinging(seed=1, names=("Hips", "Head", "LeftArm")):
    """Bones that swing and stop: smooth, but for frames 60 to 90 in which all stand still."""
    random = np.random.default_rng(seed)
    clock = np.interp(np.arange(FRAMES), [0, 60, 90, FRAMES], [0.0, 60.0, 60.0, 120.0])
    turned, moved = {}, {}
    for name in names:
        phases, sizes = random.uniform(0, 6, 3), random.uniform(0.3, 1.0, 3)
        turned[name] = rotations.from_vector(sizes * np.sin(clock[:, None] / [9, 13, 17] + phases))
    moved[names[0]] = 0.2 * np.sin(clock[:, None] / [11, 15, 19])
    return Keys(np.arange(FRAMES) / 30, turned, moved)


@pytest.fixture
def character(build, names_of):
    return build(names_of("Mixamo"))


def shown(armature, names):
    """Rotations (F, B, 4) and the hips' places (F, 3) as Blender evaluates the F-curves."""
    by_channel = {(curve.data_path, curve.array_index): curve for curve in curves(armature)}
    frames = range(1, FRAMES + 1)

    def read(bone, name, count):
        path = bone.path_from_id(name)
        return np.array([[by_channel[path, i].evaluate(frame) for i in range(count)] for frame in frames])

    found = []
    for name in names:
        bone = armature.pose.bones[name]
        if bone.rotation_mode == "QUATERNION":
            found.append(rotations.normalise(read(bone, "rotation_quaternion", 4)))
        else:
            angles = read(bone, "rotation_euler", 3)
            turned = rotations.IDENTITY
            for axis in bone.rotation_mode:
                i = "XYZ".index(axis)
                turned = rotations.multiply(rotations.from_axis_angle(np.eye(3)[i], angles[:, i]), turned)
            found.append(turned)
    return np.stack(found, axis=1), read(armature.pose.bones["Hips"], "location", 3)


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "ZXY"])
@pytest.mark.parametrize("degrees", [0.2, 1.0])
def test_the_error_that_is_said_is_what_blender_shows(mode, degrees, character, scene):
    keys = swinging()
    for name in keys.rotations:
        character.pose.bones[name].rotation_mode = mode
    result = write_keys(
        character, keys, scene=scene, name="clip", tolerance=Tolerance(degrees, millimetres=1.0)
    )
    turned, moved = shown(character, list(keys.rotations))
    expected = np.stack(list(keys.rotations.values()), axis=1)
    off = np.degrees(rotations.angle_between(turned, expected)).max()
    away = 1000 * np.linalg.norm(moved - keys.locations["Hips"], axis=1).max()
    assert off == pytest.approx(result.degrees, abs=2e-3)
    assert away == pytest.approx(result.millimetres, abs=2e-3)
    assert off <= degrees + 2e-3
    assert away <= 1.0 + 2e-3
    assert 0.2 * degrees < off
    counted = sum(len(curve.keyframe_points) for curve in curves(character))
    per_bone = 3 if mode != "QUATERNION" else 4
    assert (result.keys, result.dense) == (counted, FRAMES * (3 * per_bone + 3))
    assert result.keys < 0.4 * result.dense
    assert f"keys: {result.dense:,} -> {result.keys:,}, largest error" in result.message


def test_all_channels_of_a_bone_have_their_keys_at_the_same_frames(character, scene):
    write_keys(character, swinging(), scene=scene, name="clip", tolerance=Tolerance())
    frames = {}
    for curve in curves(character):
        bone = curve.data_path.split('"')[1]
        frames.setdefault(bone, set()).add(tuple(point.co[0] for point in curve.keyframe_points))
    assert {len(found) for found in frames.values()} == {1}
    assert len({next(iter(found)) for found in frames.values()}) > 1
    assert all(frame == int(frame) for found in frames.values() for frame in next(iter(found)))


def test_curves_are_smooth_for_an_animator_and_have_corners_where_the_motion_stops(character, scene):
    write_keys(character, swinging(), scene=scene, name="clip", tolerance=Tolerance())
    for curve in curves(character):
        for point in curve.keyframe_points:
            assert point.interpolation == "BEZIER"
            corner = point.co[0] in (61.0, 91.0)
            assert (point.handle_left_type == "FREE") == corner
        standing = [curve.evaluate(frame) for frame in np.arange(61, 91.01, 0.25)]
        assert np.ptp(standing) < 1e-6


def test_blender_keeps_the_handles_that_were_given(character, scene):
    write_keys(character, swinging(), scene=scene, name="clip", tolerance=Tolerance())

    def handles():
        return np.array(
            [
                (*point.handle_left, *point.handle_right)
                for curve in curves(character)
                for point in curve.keyframe_points
            ]
        )

    before = handles()
    for curve in curves(character):
        curve.update()
    assert np.abs(handles() - before).max() < 1e-4


def test_millimetres_are_those_of_the_scene_whatever_the_armatures_units(character, scene):
    keys = swinging()
    tolerance = Tolerance(90.0, millimetres=5.0)
    ten = Keys(keys.times, keys.rotations, {"Hips": 10 * keys.locations["Hips"]})
    plain = write_keys(character, keys, scene=scene, name="clip", tolerance=tolerance)
    character.scale = (0.1, 0.1, 0.1)
    bpy.context.view_layer.update()
    small = write_keys(character, ten, scene=scene, name="clip", tolerance=tolerance)
    assert small.keys == plain.keys
    assert small.millimetres == pytest.approx(plain.millimetres, rel=1e-3)


def test_keys_for_each_frame_have_no_error_to_tell(character, scene):
    result = write_keys(character, swinging(), scene=scene, name="clip")
    assert result.degrees is result.millimetres is None
    assert result.keys == result.dense
    assert "largest error" not in result.message
