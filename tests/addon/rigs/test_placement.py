"""Placement: a new Action, a strip of the NLA, or a range of the present Action; the rest is not touched."""

from __future__ import annotations

import dataclasses

import bpy
import numpy as np
import pytest
from blazerig.addon.animate import points
from blazerig.addon.animate.actions import LAYERED, curves, present_animation
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.drawing import Tolerance
from blazerig.addon.animate.keys import write_keys
from blazerig.addon.animate.placement import Placement
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.retarget import Keys, Options

FRAMES = np.arange(1.0, 101.0)


def turning(angle, axis=(0.0, 0.0, 1.0), frames=100, moved=(1.0, 2.0, 3.0)):
    """The head held at an angle and the hips at a place, over frames at 30 a second."""
    turned = np.tile(rotations.from_axis_angle(np.array(axis), np.array(angle)), (frames, 1))
    return Keys(np.arange(frames) / 30, {"Head": turned}, {"Hips": np.tile(moved, (frames, 1))})


@pytest.fixture
def character(build, names_of):
    return build(names_of("Mixamo"))


def all_points(armature):
    """All that the F-curves of an armature hold, by path and index."""
    return {(curve.data_path, curve.array_index): points.read(curve) for curve in curves(armature)}


def at(armature, frame):
    """Angle of the head in degrees, place of the hips."""
    bpy.context.scene.frame_set(int(np.floor(frame)), subframe=float(frame % 1.0))
    head, hips = armature.pose.bones["Head"], armature.pose.bones["Hips"]
    if head.rotation_mode == "QUATERNION":
        angle = head.rotation_quaternion.angle
    else:
        angle = head.rotation_euler.to_quaternion().angle
    return np.degrees(angle), np.array(hips.location)


def hand_keyed(armature, mode="XYZ"):
    """An animator's Action: sparse Bezier keys on the head's Euler angles and hips, and on another bone."""
    head, hips, neck = (armature.pose.bones[name] for name in ("Head", "Hips", "Neck"))
    head.rotation_mode = mode
    for frame, angle in ((1, 0.0), (20, 0.7), (45, 0.2), (70, 1.0), (100, 0.1)):
        head.rotation_euler = (angle, -angle / 2, angle / 3)
        head.keyframe_insert("rotation_euler", frame=frame)
        hips.location = (angle, 0.0, -angle)
        hips.keyframe_insert("location", frame=frame)
        neck.location = (0.0, angle, 0.0)
        neck.keyframe_insert("location", frame=frame)
    return armature.animation_data.action


REPLACED = Placement("range", 40.0, 60.0, 4.0)


@pytest.mark.parametrize("tolerance", [None, Tolerance(0.2, 0.5)])
def test_keys_outside_a_replaced_range_are_the_same_to_the_last_bit(character, scene, tolerance):
    action = hand_keyed(character)
    before = all_points(character)
    keys = turning(0.5)
    result = write_keys(character, keys, scene=scene, name="clip", placement=REPLACED, tolerance=tolerance)
    assert result.action == action == character.animation_data.action
    after = all_points(character)
    for channel, old in before.items():
        new = after[channel]
        if "Neck" in channel[0]:
            assert all(np.array_equal(old[name], new[name]) for name in old)
            continue
        kept = (old["co"][:, 0] < 40) | (old["co"][:, 0] > 60)
        outside = (new["co"][:, 0] < 40) | (new["co"][:, 0] > 60)
        assert kept.sum() == outside.sum() == 4
        for name in old:
            assert old[name][kept].tobytes() == new[name][outside].tobytes(), (channel, name)


def test_a_replaced_range_shows_the_motion_and_meets_what_was_there_at_its_ends(character, scene):
    hand_keyed(character)
    old = [at(character, frame) for frame in FRAMES]
    write_keys(character, turning(0.5), scene=scene, name="clip", placement=REPLACED)
    new = [at(character, frame) for frame in FRAMES]
    for frame, (angle, place) in zip(FRAMES, new, strict=True):
        was_angle, was_place = old[int(frame) - 1]
        if 44 <= frame <= 56:
            assert angle == pytest.approx(np.degrees(0.5), abs=1e-3)
            assert np.allclose(place, (1, 2, 3), atol=1e-5)
        elif frame in (40, 60) or frame <= 20 or frame >= 70:
            assert angle == pytest.approx(was_angle, abs=1e-3)
            assert np.allclose(place, was_place, atol=1e-5)
        elif frame < 40 or frame > 60:
            assert angle == pytest.approx(was_angle, abs=2.5)
            assert np.allclose(place, was_place, atol=0.06)
    angles = np.array([angle for angle, _ in new])
    assert np.abs(np.diff(angles)).max() < 15.0


def test_a_range_that_is_not_blended_is_the_motion_from_its_first_to_its_last_frame(character, scene):
    hand_keyed(character)
    hard = dataclasses.replace(REPLACED, blend=0.0)
    write_keys(character, turning(0.5), scene=scene, name="clip", placement=hard)
    for frame in (40, 41, 60):
        assert at(character, frame)[0] == pytest.approx(np.degrees(0.5), abs=1e-3)


def test_channels_that_had_no_keys_are_what_they_were_outside_of_the_range(character, scene):
    character.pose.bones["Neck"].keyframe_insert("location", frame=1)
    character.pose.bones["Head"].rotation_quaternion = rotations.from_axis_angle([1.0, 0, 0], 0.3)
    character.pose.bones["Hips"].location = (0.5, 0.5, 0.5)
    for blend in (0.0, 5.0):
        placement = dataclasses.replace(REPLACED, blend=blend)
        write_keys(character, turning(0.5), scene=scene, name="clip", placement=placement)
        for frame in (1, 39, 61, 100):
            angle, place = at(character, frame)
            assert angle == pytest.approx(np.degrees(0.3), abs=1e-3), (blend, frame)
            assert np.allclose(place, 0.5, atol=1e-5)
        assert at(character, 50)[0] == pytest.approx(np.degrees(0.5), abs=1e-3)


@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ"])
def test_other_numbers_for_the_same_rotation_do_not_spin_the_bone_at_the_ends(mode, character, scene):
    """The present keys may hold -q, or angles a full turn on."""
    head = character.pose.bones["Head"]
    head.rotation_mode = mode
    for frame in range(1, 101):
        if mode == "QUATERNION":
            head.rotation_quaternion = -rotations.from_axis_angle([0, 0, 1.0], 0.01 * frame)
            head.keyframe_insert("rotation_quaternion", frame=frame)
        else:
            head.rotation_euler = (0.0, 0.0, 0.01 * frame + 2 * np.pi)
            head.keyframe_insert("rotation_euler", frame=frame)
    once_round = 0.01 * FRAMES + 2 * np.pi * np.clip((FRAMES - 45) / 10, 0, 1)
    twisting = Keys(
        np.arange(100) / 30,
        {"Head": rotations.from_axis_angle([0, 0, 1.0], once_round)},
        {"Hips": np.zeros((100, 3))},
    )
    before = all_points(character)
    write_keys(character, twisting, scene=scene, name="clip", placement=REPLACED)
    path = head.path_from_id("rotation_quaternion" if mode == "QUATERNION" else "rotation_euler")
    index = 3 if mode == "QUATERNION" else 2
    held = all_points(character)[path, index]
    old = before[path, index]["co"]
    frames = held["co"][:, 0]
    assert np.array_equal(frames, old[:, 0])
    assert held["co"][frames == 40, 1] == pytest.approx(old[39, 1], abs=1e-5)
    assert held["co"][frames == 60, 1] == pytest.approx(old[59, 1], abs=1e-5)
    assert held["interpolation"][frames == 59] == points.CONSTANT
    steps = np.diff([rotation_about_z(character, frame) for frame in np.arange(30, 70, 0.5)])
    assert np.abs((steps + np.pi) % (2 * np.pi) - np.pi).max() < 0.7


def rotation_about_z(armature, frame):
    bpy.context.scene.frame_set(int(frame), subframe=frame % 1.0)
    head = armature.pose.bones["Head"]
    q = (
        head.rotation_quaternion
        if head.rotation_mode == "QUATERNION"
        else head.rotation_euler.to_quaternion()
    )
    return 2 * np.arctan2(q[3], q[0])


def test_switches_go_over_to_the_motion_and_back(character, scene):
    head = character.pose.bones["Head"]
    head["IK_FK"] = 0.0
    hand_keyed(character)
    keys = dataclasses.replace(turning(0.5), properties={("Head", "IK_FK"): 1.0})
    write_keys(character, keys, scene=scene, name="clip", placement=REPLACED)
    shown = []
    for frame in (1, 39, 40, 42, 44, 50, 56, 58, 60, 100):
        scene.frame_set(frame)
        shown.append(round(head["IK_FK"], 3))
    assert shown == [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0, 0.0]


def refusal(armature, placement, start=1.0):
    actions = len(bpy.data.actions)
    with pytest.raises(BlazeRigError) as caught:
        write_keys(
            armature, turning(0.5), scene=bpy.context.scene, start=start, name="clip", placement=placement
        )
    assert "\n" not in str(caught.value)
    assert len(bpy.data.actions) == actions
    return str(caught.value)


def test_a_range_that_cannot_be_replaced_is_refused_with_what_to_do(character):
    assert "has no Action in which keys could be replaced; put the motion into a new Action" in refusal(
        character, REPLACED
    )
    hand_keyed(character)
    assert "let the range end after it begins" in refusal(character, Placement("range", 60.0, 40.0))
    said = refusal(character, Placement("range", 200.0, 300.0))
    assert "at frames 1 to 100, outside of 200 to 300; change the range or the start frame" in said
    if LAYERED:
        character.animation_data.action_slot = None
        assert "uses no slot of its Action" in refusal(character, REPLACED)


def test_a_range_is_filled_as_far_as_the_motion_goes(character, scene):
    hand_keyed(character)
    result = write_keys(
        character, turning(0.5), scene=scene, start=50.0, name="clip", placement=Placement("range", 40, 60, 2)
    )
    assert (result.first, result.last) == (50.0, 60.0)


@pytest.mark.skipif(not LAYERED, reason="Actions have slots since 4.4")
def test_other_slots_of_the_present_action_are_not_touched(character, build, names_of, scene):
    action = hand_keyed(character)
    other = build(names_of("Mixamo"))
    other.animation_data_create().action = action
    slot = action.slots.new(id_type="OBJECT", name="Other")
    other.animation_data.action_slot = slot
    hand_keyed(other)
    assert other.animation_data.action == action
    before = all_points(other)
    assert len(before) == 9
    write_keys(character, turning(0.5), scene=scene, name="clip", placement=REPLACED)
    after = all_points(other)
    assert before.keys() == after.keys()
    for channel, old in before.items():
        assert all(np.array_equal(old[name], after[channel][name]) for name in old)
    assert at(character, 50)[0] == pytest.approx(np.degrees(0.5), abs=1e-3)


@pytest.mark.parametrize("start", [11.0, 10.5])
def test_a_strip_shows_the_motion_on_a_track_of_its_own_from_the_start_frame(start, character, scene):
    result = write_keys(
        character,
        turning(0.5),
        scene=scene,
        start=start,
        name="walk",
        placement=Placement("strip"),
        on_frames=False,
    )
    data = character.animation_data
    assert data.action is None
    (track,) = data.nla_tracks
    (strip,) = track.strips
    assert (track.name, strip.name, result.track) == ("walk", "walk", "walk")
    assert (strip.frame_start, strip.frame_end) == pytest.approx((start, start + 99))
    assert at(character, 20)[0] == pytest.approx(np.degrees(0.5), abs=1e-3)
    assert np.allclose(at(character, 20)[1], (1, 2, 3), atol=1e-5)
    assert "NLA track 'walk'" in result.message


def test_a_strip_lies_over_other_tracks_and_leaves_the_present_action(character, scene):
    write_keys(character, turning(0.2), scene=scene, name="below", placement=Placement("strip"))
    write_keys(
        character,
        turning(0.8, frames=20),
        scene=scene,
        start=31.0,
        name="above",
        placement=Placement("strip"),
    )
    assert [track.name for track in character.animation_data.nla_tracks] == ["below", "above"]
    assert at(character, 40)[0] == pytest.approx(np.degrees(0.8), abs=1e-3)
    assert at(character, 60)[0] == pytest.approx(np.degrees(0.2), abs=1e-3)
    own = hand_keyed(character)
    before = all_points(character)
    result = write_keys(character, turning(0.3), scene=scene, name="third", placement=Placement("strip"))
    assert character.animation_data.action == own
    after = all_points(character)
    assert all(np.array_equal(before[channel]["co"], after[channel]["co"]) for channel in before)
    assert result.notes == (f"the present action '{own.name}' plays over the strip where both key the same",)


def test_a_strip_changes_nothing_outside_of_its_keys(character, scene):
    character.pose.bones["Neck"]["IK_FK"] = 0.0
    character.pose.bones["Head"].location = (0.1, 0.2, 0.3)
    keys = dataclasses.replace(turning(0.5, frames=20), properties={("Neck", "IK_FK"): 1.0})
    write_keys(character, keys, scene=scene, start=11.0, name="clip", placement=Placement("strip"))
    for frame, switched in ((1, 0.0), (15, 1.0), (40, 0.0)):
        scene.frame_set(frame)
        assert character.pose.bones["Neck"]["IK_FK"] == switched
    assert tuple(character.pose.bones["Head"].location) == pytest.approx((0.1, 0.2, 0.3))


def test_tweak_mode_is_refused(character, scene, motion):
    write_keys(character, turning(0.2), scene=scene, name="clip", placement=Placement("strip"))
    data = character.animation_data
    data.nla_tracks[0].select = data.nla_tracks[0].strips[0].select = True
    data.nla_tracks.active = data.nla_tracks[0]
    data.use_tweak_mode = True
    with pytest.raises(BlazeRigError, match="is in tweak mode; leave tweak mode first"):
        animate(character, motion(1), scene=scene, name="clip", placement=Placement("strip"))


def test_the_present_animation_is_that_of_the_armature(character):
    assert present_animation(character) is None
    hand_keyed(character)
    present = present_animation(character)
    assert present.find('pose.bones["Head"].rotation_euler', 0) is not None
    assert present.find('pose.bones["Head"].rotation_euler', 3) is None


def hands(rig, frames):
    """Where Rigify's hands are, and how they are turned."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        found.append([np.array(rig.pose.bones[f"DEF-hand.{side}"].matrix) for side in "LR"])
    return np.array(found)


@pytest.mark.parametrize("controls", ["fk", "ik"])
def test_a_range_of_a_rig_that_was_animated_by_ik_goes_over_to_the_motion_and_back(
    controls, rigify_human, motion
):
    scene, frames = bpy.context.scene, range(1, 101)
    hand, switch = rigify_human.pose.bones["hand_ik.L"], rigify_human.pose.bones["upper_arm_parent.L"]
    switch["IK_FK"] = 0.0
    for frame, height in ((1, 0.0), (30, 0.2), (70, -0.1), (100, 0.1)):
        hand.location = (0.0, 0.0, height)
        hand.keyframe_insert("location", frame=frame)
        switch.keyframe_insert('["IK_FK"]', frame=frame)
    before = hands(rigify_human, frames)
    rigify_human.animation_data.action.name = "by hand"
    own = rigify_human.animation_data.action
    pose, options = motion(31, frames=100), Options(controls=controls)
    placed = {"scene": scene, "name": "clip", "options": options}
    result = animate(rigify_human, pose, placement=Placement("range", 40, 60, 5), **placed)
    assert result.action == own
    after = hands(rigify_human, frames)
    outside = [*range(30), *range(70, 100)]
    assert np.abs(after[outside] - before[outside]).max() < 1e-4
    assert np.abs(after[[39, 59]] - before[[39, 59]]).max() < 1e-3
    animate(rigify_human, pose, **placed)
    assert np.abs(after[45:54] - hands(rigify_human, range(46, 55))).max() < 1e-3


def test_controls_that_add_to_a_strip_are_told(rigify_human, motion):
    rigify_human.pose.bones["chest"].rotation_quaternion = (0.9, 0.3, 0.2, 0.1)
    result = animate(
        rigify_human, motion(32), scene=bpy.context.scene, name="clip", placement=Placement("strip")
    )
    assert result.notes == ("these controls are not at rest and move the same body parts: chest",)
    assert rigify_human.pose.bones["chest"].rotation_quaternion[1] > 0.1
