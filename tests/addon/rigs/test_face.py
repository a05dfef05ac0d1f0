"""A face on a character of a few lines: shape keys and bones show it, in the armature's own Action."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import blazerig
import bpy
import numpy as np
import pytest
from blazerig.addon.animate.actions import LAYERED, curves
from blazerig.addon.animate.animate import animate
from blazerig.addon.animate.drawing import Tolerance
from blazerig.addon.animate.keys import write_keys
from blazerig.addon.animate.placement import Placement
from blazerig.addon.character.armature import read_rig
from blazerig.addon.face import character, kept_map, properties
from blazerig.addon.face import expressions as vrm_and_all
from blazerig.addon.face.bones import with_face
from blazerig.addon.face.character import face_of, shape_values
from blazerig.addon.face.match import face_match
from blazerig.addon.face.meshes import shape_keys, shape_names
from blazerig.addon.face.shape_keys import write_shapes
from blazerig.addon.face.targets import ShapeFit, spread
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.pose import Pose
from blazerig.solver.retarget import Keys, Options, retarget

Build = Callable[..., bpy.types.Object]
TIMES = np.arange(31) / 30.0
FRONT = np.array([0.0, -1.0, 0.0])


def head(armature: bpy.types.Object, *names: str, name: str = "Head") -> bpy.types.Object:
    """A mesh of one triangle with these shape keys, deformed by the armature."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.shape_key_add(name="Basis")
    for shape in names:
        key = thing.shape_key_add(name=shape)
        key.data[0].co, key.value = (0, 0, 1), 0.0  # which newer Blenders make 1
    thing.modifiers.new("Armature", "ARMATURE").object = armature
    return thing


def at(thing: bpy.types.Object, frame: int) -> dict[str, float]:
    bpy.context.scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    return {block.name: block.value for block in thing.evaluated_get(graph).data.shape_keys.key_blocks}


def weights(**lines: np.ndarray) -> np.ndarray:
    rows = np.zeros((len(TIMES), 52))
    for name, line in lines.items():
        rows[:, INDEX[name]] = line
    return rows


@pytest.fixture
def armature(build: Build, names_of: Callable[[str], dict[str, str]]) -> bpy.types.Object:
    return build(names_of("Mixamo"), rolls=3)


def test_shape_keys_of_all_meshes_follow_the_face(armature: bpy.types.Object, scene: bpy.types.Scene) -> None:
    face, teeth = head(armature, "jawOpen", "Blink_L", "Blink_R"), head(armature, "jawOpen", name="Teeth")
    stranger = head(armature, "jawOpen", name="Stranger")
    stranger.modifiers.clear()
    wave = np.linspace(0.0, 1.0, 31)
    match = face_match(shape_names(shape_keys(armature)))
    values = spread(match, ShapeFit(match)(weights(jawOpen=0.8 * wave, eyeBlinkLeft=1 - wave)))
    done = write_shapes(armature, values, TIMES, scene=scene, start=10.0, name="take")
    assert (done.meshes, done.shapes, done.keys) == (2, 4, 4 * 31)
    for frame in (10, 25, 40):
        share = (frame - 10) / 30
        shown = at(face, frame)
        assert shown["jawOpen"] == pytest.approx(0.8 * share, abs=2e-3)
        assert shown["Blink_L"] == pytest.approx(1 - share, abs=2e-3)
        assert shown["Blink_R"] == 0.0
        assert at(teeth, frame)["jawOpen"] == shown["jawOpen"]
    assert stranger.data.shape_keys.animation_data is None


def test_the_face_lies_in_a_slot_of_the_armatures_action(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., object]
) -> None:
    face = head(armature, "smile")
    result = animate(armature, motion(0), scene=scene, name="take")
    values = {"smile": np.linspace(0.0, 1.0, 31)}
    write_shapes(armature, values, TIMES, scene=scene, name="take", beside=result.action)
    data = face.data.shape_keys.animation_data
    assert (data.action == result.action) == LAYERED
    assert armature.animation_data.action == result.action
    assert at(face, 16)["smile"] == pytest.approx(0.5)
    assert at(face, 31)["smile"] == pytest.approx(1.0)


def test_a_strip_of_the_nla_shows_the_face_and_leaves_the_action_alone(
    armature: bpy.types.Object, scene: bpy.types.Scene
) -> None:
    face = head(armature, "smile")
    values, strip = {"smile": np.linspace(0.0, 1.0, 31)}, Placement("strip")
    write_shapes(armature, values, TIMES, scene=scene, name="take", placement=strip)
    data = face.data.shape_keys.animation_data
    assert data.action is None
    assert [track.name for track in data.nla_tracks] == ["take"]
    assert at(face, 16)["smile"] == pytest.approx(0.5)


def test_a_range_is_replaced_and_the_rest_stays(armature: bpy.types.Object, scene: bpy.types.Scene) -> None:
    face = head(armature, "smile")
    write_shapes(armature, {"smile": np.full(31, 0.2)}, TIMES, scene=scene, name="take")
    ranged = Placement("range", 11.0, 21.0, 3.0)
    write_shapes(armature, {"smile": np.ones(31)}, TIMES, scene=scene, name="take", placement=ranged)
    shown = {frame: at(face, frame)["smile"] for frame in (1, 10, 11, 16, 21, 22, 31)}
    assert shown == pytest.approx({1: 0.2, 10: 0.2, 11: 0.2, 16: 1.0, 21: 0.2, 22: 0.2, 31: 0.2}, abs=1e-3)


def test_a_range_of_a_face_without_an_action_holds_what_is_there(
    armature: bpy.types.Object, scene: bpy.types.Scene
) -> None:
    face = head(armature, "smile")
    face.data.shape_keys.key_blocks["smile"].value = 0.3
    ranged = Placement("range", 11.0, 21.0, 0.0)
    write_shapes(armature, {"smile": np.ones(31)}, TIMES, scene=scene, name="take", placement=ranged)
    shown = {frame: at(face, frame)["smile"] for frame in (1, 10, 11, 21, 22, 31)}
    assert shown == pytest.approx({1: 0.3, 10: 0.3, 11: 1.0, 21: 1.0, 22: 0.3, 31: 0.3}, abs=1e-3)


def test_fewer_keys_show_the_same_within_a_hundredth(
    armature: bpy.types.Object, scene: bpy.types.Scene
) -> None:
    face = head(armature, "smile", "blink")
    values = {"smile": 0.5 - 0.5 * np.cos(TIMES * 3), "blink": (np.abs(TIMES - 0.5) < 0.05).astype(float)}
    done = write_shapes(armature, values, TIMES, scene=scene, name="take", reduced=True)
    assert done.keys < 31
    for i in range(31):
        shown = at(face, i + 1)
        assert shown["smile"] == pytest.approx(values["smile"][i], abs=0.0101)
        assert shown["blink"] == pytest.approx(values["blink"][i], abs=0.0101)


def test_driven_shapes_and_the_rest_shape_are_left_alone(armature: bpy.types.Object) -> None:
    face = head(armature, "smile", "frown", 'a "quoted" one')
    face.data.shape_keys.key_blocks["frown"].driver_add("value")
    face.data.shape_keys.key_blocks['a "quoted" one'].driver_add("value")
    assert shape_names(shape_keys(armature)) == ("smile",)


def test_a_mesh_that_two_objects_show_is_keyed_once(
    armature: bpy.types.Object, scene: bpy.types.Scene
) -> None:
    face = head(armature, "smile")
    twin = bpy.data.objects.new("Twin", face.data)
    twin.parent = armature
    scene.collection.objects.link(twin)
    assert shape_keys(armature) == (face.data.shape_keys,)


def test_values_stay_within_the_sliders(armature: bpy.types.Object, scene: bpy.types.Scene) -> None:
    face = head(armature, "smile")
    face.data.shape_keys.key_blocks["smile"].slider_max = 0.6
    write_shapes(armature, {"smile": np.ones(31)}, TIMES, scene=scene, name="take")
    assert at(face, 5)["smile"] == pytest.approx(0.6)


def with_bones(armature: bpy.types.Object, *places: tuple[str, float]) -> None:
    """Bones on the head that point forward, so far to the left, with any roll."""
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bones = armature.data.edit_bones
    parent = next(bone for bone in bones if bone.name.endswith("Head"))
    for i, (name, left) in enumerate(places):
        bone = bones.new(name)
        bone.parent, bone.roll = parent, 0.7 * i
        bone.head = np.array(parent.head) + np.array([left, 0.0, 0.05])
        bone.tail = np.array(bone.head) + 0.1 * FRONT
        bone.roll = 0.7 * i
    bpy.ops.object.mode_set(mode="OBJECT")


def pointing(armature: bpy.types.Object, bone: str, frame: int) -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    return np.array(armature.evaluated_get(graph).pose.bones[bone].vector) / 0.1


def test_jaw_and_eyes_turn_as_the_face_says_whatever_their_roll(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., object]
) -> None:
    with_bones(armature, ("Jaw", 0.0), ("LeftEye", 0.03), ("RightEye", -0.03))
    match = face_match((), armature.data.bones.keys())
    assert {target.name for target in match.bones} == {"Jaw", "LeftEye", "RightEye"}
    pose = motion(0)  # stands in the T-pose in its first frame
    rig = read_rig(armature)
    keys = retarget(pose, rig)
    face = np.zeros((len(pose.times), 52))
    for shape in ("jawOpen", "eyeLookOutLeft", "eyeLookInRight", "eyeLookUpLeft"):
        face[0, INDEX[shape]] = 1.0
    keys = with_face(keys, armature, rig, match, face)
    write_keys(armature, keys, scene=scene, name="take")
    jaw, left, right = (pointing(armature, bone, 1) for bone in ("Jaw", "LeftEye", "RightEye"))
    np.testing.assert_allclose(jaw, [0.0, -np.cos(np.radians(20)), -np.sin(np.radians(20))], atol=1e-3)
    assert left[0] > 0.4
    assert left[2] > 0.33
    np.testing.assert_allclose(right, [np.sin(np.radians(31.5)), -np.cos(np.radians(31.5)), 0.0], atol=1e-3)


def test_controls_move_by_the_distance_between_the_eyes(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., object]
) -> None:
    names = ("jaw_master", "lips.L", "lips.R", "lid.T.L.002", "lid.T.R.002", "master_eye.L", "master_eye.R")
    lower = ("lid.B.L.002", "lid.B.R.002")
    places = (0.0, 0.02, -0.02, 0.03, -0.03, 0.03, -0.03, 0.01, -0.01)
    with_bones(armature, *zip((*names, *lower), places, strict=True))
    match = face_match((), armature.data.bones.keys())
    assert match.eyes == ("master_eye.L", "master_eye.R")
    pose = motion(0)
    rig = read_rig(armature)
    face = np.zeros((len(pose.times), 52))
    face[0, [INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"], INDEX["eyeBlinkLeft"]]] = 1.0
    keys = with_face(retarget(pose, rig), armature, rig, match, face)
    write_keys(armature, keys, scene=scene, name="take")
    scene.frame_set(1)
    moved = {}
    for name in names:
        bone = armature.pose.bones[name]
        moved[name] = np.array(bone.matrix.translation - bone.bone.matrix_local.translation) / 0.06
    moved = {name: place - moved["master_eye.L"] for name, place in moved.items()}  # as the head has moved
    np.testing.assert_allclose(moved["lips.L"], [0.15, 0.06, 0.15], atol=1e-3)
    np.testing.assert_allclose(moved["lips.R"], [-0.15, 0.06, 0.15], atol=1e-3)
    np.testing.assert_allclose(moved["lid.T.L.002"], [0.0, 0.0, -0.82 / 3], atol=1e-3)  # of the lids' gap
    np.testing.assert_allclose(moved["lid.T.R.002"], 0.0, atol=1e-3)


def test_rigifys_face_opens_its_mouth_shuts_its_eye_and_looks_aside(
    rigify_human: bpy.types.Object,
) -> None:
    match = face_match((), rigify_human.data.bones.keys())
    assert match.unshown == ("tongueOut",)
    shapes = ("jawOpen", "eyeBlinkLeft", "eyeLookOutLeft", "mouthSmileRight", "mouthLeft")
    face = np.zeros((1 + len(shapes), 52))
    face[np.arange(1, 1 + len(shapes)), [INDEX[shape] for shape in shapes]] = 1.0
    still = Keys(np.arange(1 + len(shapes)) / 30.0, {}, {})
    keys = with_face(still, rigify_human, read_rig(rigify_human), match, face)
    scene = bpy.context.scene
    scene.render.fps = 30
    write_keys(rigify_human, keys, scene=scene, start=1.0, name="take")

    def tail(bone: str, frame: int) -> np.ndarray:
        scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        return np.array(rigify_human.evaluated_get(graph).pose.bones[bone].tail)

    unit = np.subtract(*(rigify_human.data.bones[eye].head_local for eye in match.eyes))[0]
    assert (tail("DEF-chin", 2) - tail("DEF-chin", 1))[2] < -0.2 * unit
    gap = (tail("DEF-lid.T.L.001", 1) - tail("DEF-lid.B.L.001", 1))[2]
    assert abs((tail("DEF-lid.T.L.001", 3) - tail("DEF-lid.B.L.001", 3))[2]) < 0.1 * gap
    length = rigify_human.data.bones["MCH-eye.L"].length
    out = np.sin(np.radians(31.5)) * length
    assert (tail("MCH-eye.L", 4) - tail("MCH-eye.L", 1))[0] == pytest.approx(out, rel=0.02)
    right = tail("lips.R", 5) - tail("lips.R", 1)
    assert right[0] < -0.1 * unit
    assert right[2] > 0.1 * unit
    for corner in ("lips.L", "lips.R"):
        assert (tail(corner, 6) - tail(corner, 1))[0] == pytest.approx(0.1 * unit, rel=0.01)


def smiling(times: np.ndarray, **lines: np.ndarray) -> FaceMotion:
    """A face with these weights at these times, its head still."""
    rows, nothing = np.zeros((len(times), 52)), np.zeros((len(times), 3))
    for name, line in lines.items():
        rows[:, INDEX[name]] = line
    head = np.tile([1.0, 0.0, 0.0, 0.0], (len(times), 1))
    return FaceMotion(times, rows, head, nothing, np.zeros((len(times), 2, 2)), np.ones(len(times)))


def test_the_face_is_keyed_with_the_body_in_one_action_and_told(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., Pose]
) -> None:
    mesh = head(armature, "mouthSmileLeft", "mouthSmileRight", "tail")
    with_bones(armature, ("Jaw", 0.0), ("LeftEye", 0.03), ("RightEye", -0.03))
    pose = motion(0, frames=31)
    later = pose.times + 0.1  # a face's times need not be the body's
    ramp = np.linspace(0.0, 1.0, len(later))
    face = smiling(later, mouthSmileLeft=ramp, jawOpen=1.0 - ramp)
    result = animate(armature, pose, scene=scene, name="take", start=11.0, face=face)
    keys = mesh.data.shape_keys
    assert (keys.animation_data.action == result.action) == LAYERED
    for place in (6, 20):
        shown = at(mesh, 11 + place)
        assert shown["mouthSmileLeft"] == pytest.approx(np.interp(pose.times[place], later, ramp), abs=2e-3)
        assert shown["mouthSmileRight"] == shown["tail"] == 0.0
    paths = {curve.data_path for curve in curves(armature)}
    assert 'pose.bones["Jaw"].rotation_quaternion' in paths
    assert "2 shape keys (mouthSmileLeft, mouthSmileRight) and 3 bones (" in result.message
    assert "cannot show" in result.message


def test_the_other_side_smiles_in_the_mirror(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., Pose]
) -> None:
    mesh, pose = head(armature, *SHAPES), motion(0, frames=31)
    ramp = np.linspace(0.0, 1.0, len(pose.times))
    face = smiling(pose.times, mouthSmileLeft=ramp, jawLeft=0.5 * ramp, eyeLookInRight=ramp, jawOpen=ramp)
    animate(armature, pose, scene=scene, name="take", options=Options(mirror=True), face=face)
    shown = at(mesh, len(pose.times))
    there = {name: value for name, value in shown.items() if value > 0.01}
    wanted = {"mouthSmileRight": 1.0, "jawRight": 0.5, "eyeLookInLeft": 1.0, "jawOpen": 1.0}
    assert there == pytest.approx(wanted, abs=5e-3)


def test_extra_smoothing_calms_the_face_but_leaves_blinks_quick(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., Pose]
) -> None:
    mesh, pose = head(armature, "smile", "blink"), motion(0, frames=31)
    flutter = 0.5 + 0.5 * (-1.0) ** np.arange(len(pose.times))
    lines = dict.fromkeys(("mouthSmileLeft", "mouthSmileRight", "eyeBlinkLeft", "eyeBlinkRight"), flutter)
    face = smiling(pose.times, **lines)
    animate(armature, pose, scene=scene, name="take", options=Options(smoothing=3.0), face=face)
    shown = [at(mesh, frame) for frame in range(8, 24)]
    assert np.ptp([values["smile"] for values in shown]) < 0.1
    assert np.ptp([values["blink"] for values in shown]) > 0.9


@pytest.mark.parametrize("how", ["action", "strip", "range"])
def test_the_face_goes_where_the_body_goes(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., Pose], how: str
) -> None:
    mesh, pose = head(armature, "smile"), motion(0, frames=31)
    half = np.full(len(pose.times), 0.5)
    before = smiling(pose.times, mouthSmileLeft=half, mouthSmileRight=half)
    full = smiling(pose.times, mouthSmileLeft=2 * half, mouthSmileRight=2 * half)
    first = animate(armature, pose, scene=scene, name="before", face=before)
    placement = Placement(how, 6.0, 16.0, 2.0)
    fewer = Tolerance(0.5, 2.0)
    animate(armature, pose, scene=scene, name="take", placement=placement, tolerance=fewer, face=full)
    data = mesh.data.shape_keys.animation_data
    kept = data.action == first.action
    assert kept == (how != "action" and LAYERED) or not LAYERED
    assert len(data.nla_tracks) == (how == "strip")
    assert at(mesh, 11)["smile"] == pytest.approx(0.5 if how == "strip" else 1.0, abs=0.02)
    assert at(mesh, 3)["smile"] == pytest.approx(1.0 if how == "action" else 0.5, abs=0.02)


def test_a_character_without_a_face_is_animated_all_the_same_and_it_is_told(
    armature: bpy.types.Object, scene: bpy.types.Scene, motion: Callable[..., Pose]
) -> None:
    pose = motion(0)
    result = animate(armature, pose, scene=scene, name="take", face=smiling(pose.times))
    assert "the face is not shown: 'Armature' has no shape keys or bones for it" in result.message
    assert "face" not in animate(armature, pose, scene=scene, name="take").message


@pytest.fixture
def face_properties() -> Iterator[None]:
    blazerig.register()
    yield
    blazerig.unregister()


@pytest.mark.usefixtures("face_properties")
def test_what_an_animator_sets_of_a_shape_stays_when_the_character_is_looked_at_again(
    armature: bpy.types.Object,
) -> None:
    mesh = head(armature, "smile", "blink", "mouthOpen")
    match = face_of(armature)
    kept_map.fill(armature, match)
    lines = armature.blazerig_face.shapes
    assert sorted(line.name for line in lines) == ["blink", "mouthOpen", "smile"]
    lines["smile"].gain, lines["smile"].cutoff, lines["blink"].use = 1.5, 4.0, False
    mesh.shape_key_remove(mesh.data.shape_keys.key_blocks["mouthOpen"])
    kept_map.fill(armature, face_of(armature))
    assert sorted(line.name for line in lines) == ["blink", "smile"]
    assert properties.gains(armature) == pytest.approx({"smile": 1.5, "blink": 1.0})
    assert properties.cutoffs(armature) == pytest.approx({"smile": 4.0, "blink": 0.0})
    assert {shape.name for shape in properties.wanted(armature, match).shapes} == {"smile"}


@pytest.mark.usefixtures("face_properties")
def test_a_whole_face_is_keyed_as_the_animator_wants_it(
    armature: bpy.types.Object, scene: bpy.types.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = head(armature, "Key 1", "blink", "frown")
    assert {shape.name for shape in face_of(armature).shapes} == {"blink", "frown"}
    made = {"smile": {"Key 1": 0.5}}
    for module in (character, vrm_and_all):
        monkeypatch.setattr(module, "expressions", lambda _armature: made)
    kept_map.fill(armature, face_of(armature))
    lines = armature.blazerig_face.shapes
    lines["smile"].gain, lines["smile"].cutoff, lines["frown"].use = 2.0, 1.0, False
    match = properties.wanted(armature, face_of(armature))
    flutter = 0.3 + 0.1 * (-1.0) ** np.arange(31)
    rows = weights(
        mouthSmileLeft=flutter, mouthSmileRight=flutter, mouthFrownLeft=flutter, eyeBlinkLeft=flutter
    )
    values = shape_values(armature, match, rows, TIMES)
    assert set(values) == {"Key 1", "blink"}
    write_shapes(armature, values, TIMES, scene=scene, name="take")
    assert at(face, 16)["Key 1"] == pytest.approx(0.3, abs=0.02)  # twice 0.3, of which the key is half
    assert at(face, 16)["frown"] == 0.0
