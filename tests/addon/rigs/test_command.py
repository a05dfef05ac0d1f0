"""`blazerig retarget`: what its options make of a motion; the nets and the solver are stood in for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from blazerig import pipeline
from blazerig.__main__ import answer, parser
from blazerig.addon.animate.actions import curves
from blazerig.cli import footage
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.shapes import INDEX

FRAMES = 40


def smiling(times):
    """A face that begins to smile."""
    weights, head = np.zeros((len(times), 52)), np.tile([1.0, 0.0, 0.0, 0.0], (len(times), 1))
    weights[:, [INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"]]] = np.linspace(0.0, 1.0, len(times))[
        :, None
    ]
    place, gaze = np.zeros((len(times), 3)), np.zeros((len(times), 2, 2))
    return FaceMotion(times, weights, head, place, gaze, np.ones(len(times)))


@pytest.fixture
def desk(tmp_path, build, names_of, motion, monkeypatch):
    """A folder with a character in an animator's file; whatever is asked for is the same motion."""
    armature = build(names_of("Mixamo"))
    armature.name = "Hero"
    for frame, angle in ((1, 0.0), (40, 1.0)):
        armature.pose.bones["Head"].rotation_quaternion = (np.cos(angle / 2), 0.0, np.sin(angle / 2), 0.0)
        armature.pose.bones["Head"].keyframe_insert("rotation_quaternion", frame=frame)
    armature.animation_data.action.name = "by hand"
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    face = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(face)
    face.parent = armature
    for shape in ("Basis", "smile"):
        face.shape_key_add(name=shape).value = 0.0
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    (tmp_path / "dance.npz").touch()
    solved, faces = [], []

    def captured(_source, *, face):
        faces.append(face)
        return SimpleNamespace(take=SimpleNamespace(fps=30.0))

    def solve(_take, settings):
        solved.append(settings)
        pose = motion(5, frames=FRAMES)
        return SimpleNamespace(pose=pose, face=smiling(pose.times))

    monkeypatch.setattr(footage, "captured", captured)
    monkeypatch.setattr(pipeline, "solve", solve)
    monkeypatch.chdir(tmp_path)
    return SimpleNamespace(folder=tmp_path, solved=solved, faces=faces)


def retarget(*more):
    """Run the command; the character in the file that it wrote."""
    command = ["retarget", "dance.npz", "--rig", "hero.blend", "-o", "out.blend", *map(str, more)]
    assert answer(parser().parse_args(command)) == 0
    bpy.ops.wm.open_mainfile(filepath=str(Path("out.blend").resolve()))
    return bpy.data.objects["Hero"]


def keyed(armature):
    return {curve.data_path.split('"')[1] for curve in curves(armature)}


def place(armature, name="Hips", frame=20):
    bpy.context.scene.frame_set(frame)
    return np.array(armature.pose.bones[name].head)


@pytest.mark.usefixtures("desk")
def test_a_new_action_by_default_with_a_key_on_each_frame(capsys):
    armature = retarget("--no-face")
    assert armature.animation_data.action.name == "dance"
    assert bpy.data.actions["by hand"].use_fake_user
    assert {len(curve.keyframe_points) for curve in curves(armature)} == {FRAMES}
    assert len(keyed(armature)) == 52
    said = capsys.readouterr().out.strip()
    assert said == "out.blend: 'Hero' is animated: action 'dance', frames 1 to 40, 52 bones, 8,440 keys"


@pytest.mark.usefixtures("desk")
def test_a_strip_or_a_range_leave_the_action_that_is_there():
    armature = retarget("--nla")
    assert armature.animation_data.action.name == "by hand"
    assert [track.name for track in armature.animation_data.nla_tracks] == ["dance"]
    armature = retarget("--replace", 10, 30, "--blend", 3)
    assert armature.animation_data.action.name == "by hand"
    frames = sorted({point.co[0] for curve in curves(armature) for point in curve.keyframe_points})
    assert frames == [1, *range(10, 31), 40]


@pytest.mark.usefixtures("desk")
def test_fewer_keys_are_told_with_their_error(capsys):
    armature = retarget("--reduce", 2, "--reduce-mm", 20)
    assert "keys: 8,440 -> " in capsys.readouterr().out
    assert min(len(curve.keyframe_points) for curve in curves(armature)) < FRAMES


@pytest.mark.usefixtures("desk")
def test_keys_may_be_between_frames():
    for options, expected in (((), [11, 12]), (("--subframes",), [10.5, 11.5])):
        armature = retarget("--start", 10.5, *options)
        first = next(iter(curves(armature))).keyframe_points
        assert [point.co[0] for point in first[:2]] == expected


def test_what_is_carried_over_is_what_was_asked_for(desk):
    plain = place(retarget())
    assert np.allclose(place(retarget("--mirror"))[0], -plain[0], atol=1e-4)
    assert np.allclose(place(retarget("--floor", 0.25)) - plain, [0, 0, 0.25], atol=1e-5)
    assert np.abs(place(retarget("--in-place"))[:2] - plain[:2]).max() > 0.01
    assert not any("Hand" in name and name[-1].isdigit() for name in keyed(retarget("--no-hands")))
    assert [settings.smoothing for settings in desk.solved] == [1.0] * 5
    retarget("--smooth", 0)
    assert desk.solved[-1].smoothing == 0.0


def test_every_kind_of_export_is_written(desk):
    names = [f"dance{ending}" for ending in (".bvh", ".fbx", ".glb", ".usd", ".usda", ".usdc")]
    retarget("--export", *names)
    assert all((desk.folder / name).stat().st_size > 1000 for name in names)


def test_what_cannot_be_is_told_before_the_work(desk, capsys):
    command = ["retarget", "dance.npz", "--rig", "hero.blend", "-o", "out.blend"]
    assert answer(parser().parse_args([*command, "--replace", "30", "10"])) == 1
    assert "let the range end after it begins" in capsys.readouterr().err
    assert not desk.solved
    for wrong in (
        ["--nla", "--replace", "1", "2"],
        ["--controls", "all"],
        ["--reduce", "0"],
        ["--blend", "-1"],
    ):
        with pytest.raises(SystemExit):
            parser().parse_args([*command, *wrong])
    assert not (desk.folder / "out.blend").exists()


@pytest.mark.parametrize(("more", "smile"), [((), 1.0), (("--no-face",), 0.0)])
def test_the_face_is_looked_for_and_keyed_unless_it_is_not_wanted(desk, more, smile):
    retarget(*more)
    assert desk.faces == [smile > 0.0]
    bpy.context.scene.frame_set(FRAMES)
    assert bpy.data.objects["Face"].data.shape_keys.key_blocks["smile"].value == pytest.approx(
        smile, abs=1e-3
    )
