"""A character that follows: what is put on it, what is told, and what comes back in the end."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
import pytest
from blazerig.addon import job
from blazerig.addon.animate.channels import channels_of
from blazerig.addon.animate.rig import keyed_rig
from blazerig.addon.animate.switches import held
from blazerig.addon.character.armature import match_of
from blazerig.addon.live import session, words
from blazerig.addon.live.characters import options_of
from blazerig.solver.live_pose import as_pose
from blazerig.solver.retarget import retarget
from mathutils import Euler, Quaternion

Until = Callable[[Callable[[], object]], None]


def posed(armature: bpy.types.Object) -> dict[str, list[float]]:
    """All that a motion moves of every bone, and its custom numbers."""
    return {
        bone.name: [
            *bone.location,
            *bone.rotation_quaternion,
            *bone.rotation_euler,
            *bone.scale,
            *(value for value in bone.values() if isinstance(value, int | float)),
        ]
        for bone in armature.pose.bones
    }


def turned(bone: bpy.types.PoseBone) -> Quaternion:
    if bone.rotation_mode == "QUATERNION":
        return bone.rotation_quaternion
    return Euler(bone.rotation_euler, bone.rotation_mode).to_quaternion()


def check_follows(armature: bpy.types.Object) -> None:
    """The bones are as the keys of the newest pose have them."""
    scene, now = bpy.context.scene, session.current()
    character = next(one for one in scene.blazerig.live.characters if one.armature == armature)
    options = options_of(scene, character)
    rig = keyed_rig(armature, match_of(armature), scene=scene, controls=options.controls)
    keys = retarget(as_pose(now.seen.pose), rig, options)
    assert len(keys.rotations) > 40
    for name, rotation in keys.rotations.items():
        angle = turned(armature.pose.bones[name]).rotation_difference(Quaternion(rotation[0])).angle
        assert min(angle, 2 * np.pi - angle) < 1e-3, name
    for channel in channels_of(armature, keys)[0]:
        if channel.path.endswith("location"):
            place = armature.pose.bones[channel.bone].location
            assert np.allclose(place, channel.values[0], atol=1e-5), channel.bone
    for (bone, name), value in keys.properties.items():
        assert held(armature.pose.bones[bone], name) == pytest.approx(value)


@pytest.mark.parametrize("controls", ["FK", "IK"])
def test_a_character_is_posed_as_its_keys_would_be_and_gets_its_pose_back(
    hero: bpy.types.Object, until: Until, controls: str
) -> None:
    hero.pose.bones["head"].rotation_mode = "ZXY"
    hero.pose.bones["head"].rotation_euler = (0.1, 7.0, 0.3)
    hero.pose.bones["hand_ik.L"].location = (0.1, 0.2, 0.3)
    before, actions = posed(hero), len(bpy.data.actions)
    assert bpy.ops.blazerig.live_add_character(armature="Hero") == {"FINISHED"}
    bpy.context.scene.blazerig.live.characters[0].controls = controls
    assert bpy.ops.blazerig.live_start(source="still") == {"FINISHED"}
    assert posed(hero) == before
    until(lambda: session.current().seen)
    check_follows(hero)
    assert bpy.ops.blazerig.live_stop() == {"FINISHED"}
    assert posed(hero) == before
    assert len(bpy.data.actions) == actions
    assert hero.animation_data is None or hero.animation_data.action is None


def test_locked_and_driven_channels_stay_as_they_are(hero: bpy.types.Object, until: Until) -> None:
    bones = hero.pose.bones
    bones["head"].rotation_mode = "XYZ"
    bones["head"].lock_rotation = (False, True, False)
    bones["head"].rotation_euler = (0.0, 0.4, 0.0)
    bones["torso"].lock_location[2] = True
    bones["neck"].rotation_mode = "XYZ"
    bones["neck"].driver_add("rotation_euler", 0).driver.expression = "0.25"
    bones["upper_arm_fk.L"].lock_rotation = (True, True, True)
    bpy.context.view_layer.update()
    bpy.ops.blazerig.live_start(source="moving")
    until(lambda: session.current().seen and session.current().seen.number > 3)
    bpy.context.view_layer.update()
    assert bones["head"].rotation_euler[1] == pytest.approx(0.4)
    assert bones["torso"].location[2] == 0.0
    assert bones["torso"].location[0] != 0.0
    assert bones["neck"].rotation_euler[0] == pytest.approx(0.25)
    assert tuple(bones["upper_arm_fk.L"].rotation_quaternion) == (1.0, 0.0, 0.0, 0.0)
    bpy.ops.blazerig.live_stop()


def test_several_characters_follow_each_as_it_is_set_and_may_come_and_go(
    hero: bpy.types.Object, until: Until
) -> None:
    twin = hero.copy()
    twin.name = "Twin"
    bpy.context.scene.collection.objects.link(twin)
    before = posed(twin)
    bpy.ops.blazerig.live_start(source="moving", armature="Hero")
    until(lambda: session.current().seen)
    assert posed(twin) == before
    bpy.ops.blazerig.live_add_character(armature="Twin")
    live = bpy.context.scene.blazerig.live
    live.characters[1].flip, live.characters[1].controls = True, "IK"
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    check_follows(hero)
    check_follows(twin)
    twin.name = "Zwilling"
    live.characters[1].size = "PERFORMER"
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    check_follows(twin)
    live.characters[1].enabled = False
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    assert posed(twin) == before
    live.characters[1].enabled = True
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    assert bpy.ops.blazerig.live_remove_character(index=1) == {"FINISHED"}
    assert posed(twin) == before
    assert [one.armature for one in live.characters] == [hero]


def test_a_character_that_is_deleted_or_edited_holds_up_nobody(hero: bpy.types.Object, until: Until) -> None:
    twin = hero.copy()
    bpy.context.scene.collection.objects.link(twin)
    bpy.ops.blazerig.live_add_character(armature=twin.name)
    bpy.ops.blazerig.live_add_character(armature="Hero")
    bpy.ops.blazerig.live_start(source="moving")
    until(lambda: session.current().seen)
    bpy.data.objects.remove(twin)
    bpy.context.view_layer.objects.active = hero
    bpy.ops.object.mode_set(mode="EDIT")
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    character = bpy.context.scene.blazerig.live.characters[1]
    assert "edit mode" in session.current().drives.failure(character)
    bpy.ops.object.mode_set(mode="OBJECT")
    number = session.current().seen.number
    until(lambda: session.current().seen.number > number)
    check_follows(hero)
    assert not session.current().drives.failure(character)
    bpy.ops.blazerig.live_stop()


def test_nothing_moves_before_somebody_was_seen(hero: bpy.types.Object, until: Until) -> None:
    before = posed(hero)
    bpy.ops.blazerig.live_start(source="nobody")
    until(lambda: session.current().picture and session.current().ready)
    assert posed(hero) == before
    assert words.trouble(session.current()) == "nobody is in the picture"
    bpy.ops.blazerig.live_stop()


def test_the_worker_is_told_what_is_set_and_what_changes(hero: bpy.types.Object, until: Until) -> None:
    told: list[dict[str, object]] = []
    listener = lambda note: told.extend([note["told"]] if "told" in note else [])  # noqa: E731
    session.listeners.append(listener)
    live = bpy.context.scene.blazerig.live
    live.picture, live.vmc_face = False, "ARKIT"
    bpy.ops.blazerig.live_start(source="still", armature=hero.name)
    until(lambda: len(told) == 3)
    assert told == [{"predict": False}, {"picture": False}, {"vmc": None}]
    live.predict = True
    live.vmc = True
    live.mirror = False
    assert bpy.ops.blazerig.live_calibrate(countdown=0.2) == {"FINISHED"}
    assert words.task(session.current()) == "1"
    until(lambda: len(told) == 7)
    receiver = {"host": "127.0.0.1", "port": 39539, "face": "arkit"}
    assert told[3:6] == [
        {"predict": True},
        {"vmc": {**receiver, "mirror": True}},
        {"vmc": {**receiver, "mirror": False}},
    ]
    assert told[6] == {"calibrate": session.CALIBRATION}
    until(lambda: session.current().calibrating)
    assert words.task(session.current()).startswith("Hold still")
    assert words.advice(session.current()) == "Stand straight, arms out to the sides, and face the camera"
    until(lambda: "standing still" in job.status().message)
    session.listeners.remove(listener)
    bpy.ops.blazerig.live_stop()


def test_a_start_that_cannot_be_changes_nothing(hero: bpy.types.Object) -> None:
    bpy.data.objects.new("Rope", bpy.data.armatures.new("Rope"))
    live = bpy.context.scene.blazerig.live
    with pytest.raises(RuntimeError, match="'Rope'"):
        bpy.ops.blazerig.live_start(source="moving", armature="Rope")
    with pytest.raises(RuntimeError, match="no armature 'Nobody'"):
        bpy.ops.blazerig.live_start(source="moving", armature="Nobody")
    live.kind = "NETWORK"
    with pytest.raises(RuntimeError, match="choose the stream's address"):
        bpy.ops.blazerig.live_start()
    assert session.current() is None
    assert not live.characters
    assert hero.name == "Hero"
