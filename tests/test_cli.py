"""The command line on bad input: one line, the right exit code, no traceback, nothing written."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from blazerig.take import Hand, Take, load_take, save_take

SAMPLE = next(iter(sorted((Path(__file__).parent / "sample").glob("*.mp4"))), None)
BLENDS = """
import os, sys
import bpy
from pathlib import Path
from blazerig.addon.demo.rigify import human

folder = Path(sys.argv[1])

def armature(name, bones):
    data = bpy.data.armatures.new(name)
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for i, bone in enumerate(bones):
        made = data.edit_bones.new(bone)
        made.head, made.tail = (i, 0, 0), (i, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")

def save(name):
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / name))
    bpy.ops.wm.read_factory_settings(use_empty=True)

bpy.ops.wm.read_factory_settings(use_empty=True)
save("bare.blend")
armature("First", ["a"])
armature("Second", ["b"])
save("two.blend")
armature("Snake", ["segment", "segment.001"])
save("strange.blend")
human("Known")
save("known.blend")
sys.stdout.flush()
os._exit(0)
"""
INTERRUPTED = """
import os, signal, sys
from blazerig import __main__, progress

draw = progress.Bar.__call__

def draw_and_interrupt(bar, now):
    draw(bar, now)
    if now.stage == "tracking" and now.frame == 3:
        os.kill(os.getpid(), signal.SIGINT)

progress.Bar.__call__ = draw_and_interrupt
sys.argv = ["blazerig", "track", sys.argv[1], "-o", "take.npz", "--no-hands", "--provider", "cpu"]
__main__.main()
"""
"""A person who presses Ctrl-C at the third frame that is tracked."""


def blazerig(folder: Path, *arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line in `folder`, as a person would."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "blazerig", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        **options,  # pyright: ignore[reportCallIssue, reportArgumentType]
    )


def refusal(folder: Path, *arguments: str | Path, code: int = 1, **options: object) -> str:
    """The one line that bad input gets; asserts that there is but one and that nothing was written."""
    before = contents(folder)
    answer = blazerig(folder, *arguments, **options)
    assert "Traceback" not in answer.stderr + answer.stdout
    assert answer.returncode == code, answer.stderr
    (line,) = answer.stderr.splitlines()
    assert line.startswith("blazerig: ")
    assert contents(folder) == before
    return line.removeprefix("blazerig: ")


def contents(folder: Path) -> dict[Path, int]:
    """Every file under `folder` and when it was last written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def video_of_nobody(path: Path) -> None:
    """A second of coloured noise."""
    random = np.random.default_rng(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 10.0, (320, 240))
    for _ in range(10):
        coarse = random.integers(0, 256, (12, 16, 3), np.uint8)
        writer.write(cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_CUBIC))
    writer.release()


def empty_take(frames: int) -> Take:
    """A take in which nobody was found."""
    hand = Hand(
        np.full((frames, 21, 3), np.nan), np.full((frames, 21, 3), np.nan), np.full((frames,), np.nan)
    )
    return Take(
        source="nobody.mp4",
        fps=30.0,
        times=np.arange(frames) / 30.0,
        size=np.array([640, 480]),
        body_image=np.full((frames, 33, 3), np.nan),
        body_world=np.full((frames, 33, 3), np.nan),
        body_visibility=np.full((frames, 33), np.nan),
        body_confidence=np.full((frames, 33), np.nan),
        left=hand,
        right=hand,
    )


@pytest.fixture(scope="module")
def blends(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files without an armature, with two, with one that nobody knows, with a Rigify human."""
    folder = tmp_path_factory.mktemp("blends")
    subprocess.run([sys.executable, "-P", "-c", BLENDS, folder], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture
def desk(tmp_path: Path, blends: Path) -> Path:
    """A folder with all sorts of bad input in it."""
    for blend in blends.iterdir():
        (tmp_path / blend.name).symlink_to(blend)
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "text.mp4").write_text("This is not a video.\n" * 100)
    (tmp_path / "empty.mp4").touch()
    video_of_nobody(tmp_path / "nobody.mp4")
    data = (tmp_path / "nobody.mp4").read_bytes()
    (tmp_path / "truncated.mp4").write_bytes(data[: len(data) // 2])
    (tmp_path / "text.png").write_text("This is not a picture.\n")
    cv2.imwrite(str(tmp_path / "nobody.png"), np.full((240, 320, 3), 127, np.uint8))
    (tmp_path / "text.npz").write_text("This is not a take.\n")
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    save_take(empty_take(5), tmp_path / "nobody.npz")
    (tmp_path / "text.blend").write_text("This is not a Blender file.\n")
    (tmp_path / "file").touch()
    return tmp_path


FOOTAGE = {
    "nowhere.mp4": r"nowhere\.mp4 (does not exist|is no file)",
    "folder.mp4": r"folder\.mp4 is (a folder|no file)",
    "text.mp4": r"text\.mp4 cannot be opened: it is damaged or not a video",
    "empty.mp4": r"empty\.mp4 cannot be opened: it is damaged or not a video",
    "truncated.mp4": r"truncated\.mp4 .*damaged or not a video",
    "nobody.mp4": r"nobody was found in .*nobody\.mp4",
    "text.png": r"text\.png cannot be decoded: it is damaged or not a picture",
    "nobody.png": r"nobody was found in .*nobody\.png",
}
TAKES = {
    "nowhere.npz": r"nowhere\.npz (does not exist|is no file)",
    "text.npz": r"text\.npz is no take \(\.npz\): it is damaged or of another kind",
    "other.npz": r"other\.npz is no take",
    "nobody.npz": r"[Nn]obody",
}
RIGS = {
    "nowhere.blend": (r"nowhere\.blend does not exist", []),
    "folder.mp4": (r"folder\.mp4 ", []),
    "text.blend": (r"cannot open text\.blend", []),
    "bare.blend": (r"no armature", []),
    "two.blend": (r"several armatures: First, Second; say which with --armature", []),
    "strange.blend": (r"armature 'Snake'", []),
    "known.blend": (r"no armature 'Other'; there are: Known", ["--armature", "Other"]),
}


RETARGET = ("retarget", "nobody.npz", "--rig", "known.blend")


@pytest.mark.parametrize("name", FOOTAGE)
def test_track_refuses(desk: Path, name: str) -> None:
    line = refusal(desk, "track", name, "-o", "take.npz")
    assert re.search(FOOTAGE[name], line), line


@pytest.mark.parametrize("name", [*FOOTAGE, *TAKES])
def test_retarget_refuses(desk: Path, name: str) -> None:
    line = refusal(desk, "retarget", name, "--rig", "known.blend", "-o", "out.blend", "--export", "out.bvh")
    assert re.search({**FOOTAGE, **TAKES}[name], line), line


@pytest.mark.parametrize("name", FOOTAGE)
def test_demo_refuses(desk: Path, name: str) -> None:
    line = refusal(desk, "demo", name, "--out", "made", "--no-render")
    assert re.search(FOOTAGE[name], line), line


@pytest.mark.parametrize("name", RIGS)
def test_retarget_refuses_the_character(desk: Path, name: str) -> None:
    expected, more = RIGS[name]
    line = refusal(desk, "retarget", "nobody.npz", "--rig", name, *more, "-o", "out.blend")
    assert re.search(expected, line), line


@pytest.mark.parametrize(
    "arguments",
    [
        ["track", "nobody.mp4", "-o", "file/take.npz"],
        ["track", "nobody.mp4", "-o", "nowhere/take.npz"],
        [*RETARGET, "-o", "file/out.blend"],
        [*RETARGET, "-o", "nowhere/out.blend"],
        [*RETARGET, "-o", "out.blend", "--export", "out.glb", "file/out.fbx"],
        ["demo", "nobody.mp4", "--out", "file", "--no-render"],
        ["demo", "nobody.mp4", "--out", "file/made", "--no-render"],
    ],
    ids=" ".join,
)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    desk: Path, arguments: list[str]
) -> None:
    assert re.search(r"^cannot write (to )?.*(file|nowhere)", refusal(desk, *arguments))


def test_a_folder_in_the_place_of_the_output_is_refused(desk: Path) -> None:
    (desk / "take.npz").mkdir()
    line = refusal(desk, "track", "nobody.mp4", "-o", "take.npz")
    assert line == "cannot write take.npz: it is a folder; add a file name"


def test_the_character_s_own_file_is_never_written(desk: Path) -> None:
    line = refusal(desk, *RETARGET, "-o", "known.blend")
    assert "known.blend is the character's own file" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["dance"], "invalid choice: 'dance'"),
        (["track"], "VIDEO"),
        (["track", "nobody.mp4"], "-o"),
        (["track", "nobody.mp4", "-o", "take.mp4"], "'take.mp4' must end with .npz"),
        (["track", "nobody.mp4", "-o", "take.npz", "--heatmap-kernel", "8"], "--heatmap-kernel"),
        (["track", "nobody.mp4", "-o", "take.npz", "--end", "0"], "'0' is no number above 0"),
        (["track", "nobody.mp4", "-o", "take.npz", "--end", "nan"], "'nan' is no number above 0"),
        (["track", "nobody.mp4", "-o", "take.npz", "--mode", "fast"], "--mode"),
        (["track", "nobody.mp4", "-o", "take.npz", "--faster"], "--faster"),
        ([*RETARGET], "-o"),
        ([*RETARGET, "-o", "out.fbx"], "'out.fbx' must end with .blend"),
        (
            [*RETARGET, "-o", "out.blend", "--export", "out.obj"],
            "'out.obj' must end with .bvh or .fbx or .glb",
        ),
        ([*RETARGET, "-o", "out.blend", "--start", "soon"], "--start"),
        (["retarget", "nobody.npz", "--armature", "A", "-o", "out.blend"], "--rig"),
        (["demo"], "VIDEO"),
        (["demo", "nobody.mp4", "--seconds", "all"], "'all' is no number above 0"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_told_in_one_line(desk: Path, arguments: list[str], said: str) -> None:
    line = refusal(desk, *arguments, code=2)
    assert said in line
    assert line.endswith(" --help")


def test_an_unknown_provider_is_refused_and_the_known_ones_are_named(desk: Path) -> None:
    line = refusal(desk, "track", "nobody.mp4", "-o", "take.npz", "--provider", "abacus")
    assert re.search(r"unknown provider 'abacus'; there are: auto, cpu, ", line)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--performer", "tallest"],
            "unknown performer 'tallest'; give a number from 0, largest, central or all",
        ),
        (["--performer", "all", "--mode", "live"], "performer 'all' is known only with the whole clip"),
        (["--smooth"], "filters belong to the live clock; use --smooth with --mode live"),
    ],
)
def test_what_makes_no_sense_together_is_refused(desk: Path, options: list[str], said: str) -> None:
    assert refusal(desk, "track", "nobody.mp4", "-o", "take.npz", *options).startswith(said)


def test_an_error_is_told_in_json_too(desk: Path) -> None:
    open_end, other_end = os.pipe()
    answer = blazerig(desk, "track", "text.mp4", "-o", "take.npz", "--progress", "json", stdin=open_end)
    os.close(open_end)
    os.close(other_end)
    assert answer.returncode == 1
    assert "not a video" in json.loads(answer.stdout)["error"]


@pytest.mark.parametrize(
    "command", [["--help"], ["track", "--help"], ["retarget", "--help"], ["demo", "--help"]]
)
def test_help_is_on_standard_output(tmp_path: Path, command: list[str]) -> None:
    answer = blazerig(tmp_path, *command)
    assert answer.returncode == 0
    assert answer.stdout.startswith("usage: blazerig")
    assert answer.stderr == ""


# --- with a person in the picture


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample clip with its index at the front, and the last half of the file missing."""
    whole = tmp_path_factory.mktemp("cut") / "whole.mp4"
    with (
        av.open(str(SAMPLE)) as source,
        av.open(str(whole), "w", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    path = whole.with_name("cut.mp4")
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def test_of_a_truncated_video_what_decodes_is_tracked_and_the_loss_is_told(
    tmp_path: Path, cut_short: Path
) -> None:
    answer = blazerig(tmp_path, "track", cut_short, "-o", "take.npz", "--no-hands")
    assert answer.returncode == 0, answer.stderr
    (line,) = answer.stderr.splitlines()
    take = load_take(tmp_path / "take.npz")
    assert re.search(rf"announces \d+ frames, {len(take)} could be decoded", line)
    assert np.isfinite(take.body_image).all(axis=(1, 2)).sum() > len(take) // 2


def test_a_full_disk_leaves_no_take_and_says_so(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on the size of files are Unix's")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    line = refusal(tmp_path, "track", SAMPLE, "-o", "take.npz", "--end", "0.2", "--no-hands", preexec_fn=full)
    assert line.startswith("cannot write take.npz: ")


def test_a_full_disk_leaves_no_character_and_says_so(desk: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on the size of files are Unix's")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    assert blazerig(desk, "track", SAMPLE, "-o", "take.npz", "--end", "0.2").returncode == 0
    line = refusal(desk, "retarget", "take.npz", "--rig", "known.blend", "-o", "out.blend", preexec_fn=full)
    assert re.search(r"^cannot write .*out\.blend: ", line)


def started(folder: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """`blazerig track` on the sample clip, which has got to its first frames."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "blazerig", "track", str(SAMPLE), *map(str, arguments)],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    while '"tracking"' not in process.stdout.readline():
        assert process.poll() is None
    return process


def test_the_end_of_standard_input_stops_the_worker_which_keeps_what_it_saw(tmp_path: Path) -> None:
    process = started(tmp_path, "-o", "take.npz", "--progress", "json")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    told = json.loads(output.splitlines()[-1])
    assert told["take"] == "take.npz"
    assert told["frames"] == len(load_take(tmp_path / "take.npz"))
    assert told["warnings"] == [f"stopped after {told['frames']} frames"]


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_tracking_and_what_was_seen_is_kept(tmp_path: Path, kind: signal.Signals) -> None:
    process = started(tmp_path, "-o", "take.npz", "--progress", "json")
    process.send_signal(kind)
    assert process.wait(timeout=60) == 0
    assert len(load_take(tmp_path / "take.npz")) > 0
    process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
def test_ctrl_c_at_a_terminal_keeps_the_take_and_ends_with_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", INTERRUPTED, str(SAMPLE)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    frames = len(load_take(tmp_path / "take.npz"))
    assert errors == f"blazerig: stopped after {frames} frames\n"
    assert output == f"take.npz: {frames} frames, tracked on cpu\n"
