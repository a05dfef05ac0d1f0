"""Measuring speed: figures that fit each other, and a reference that answers, dies or talks nonsense."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from blazerig.cli.bench import lines
from blazerig.errors import BlazeRigError
from blazerig.models.bench import Reference, Result, bench
from blazerig.models.machine import cores

FRAMES = 15
Play = Callable[[str], Reference]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A reference whose script this is."""
    started: list[Reference] = []

    def start(script: str) -> Reference:
        path = tmp_path / "script.py"
        path.write_text(script)
        started.append(Reference(Path(sys.executable), path))
        return started[-1]

    yield start
    for reference in started:
        reference.close()


ANSWERS = """
import sys
print("ready", flush=True)
for number, line in enumerate(sys.stdin):
    video, end = line.rstrip("\\n").split("\\t")
    assert video.startswith("/") or ":" in video, video
    print(end and int(100 * float(end)) or 300, 10.0 if number % 2 else 20.0, flush=True)
"""


@pytest.fixture(scope="module", params=["offline", "live"])
def result(request: pytest.FixtureRequest, person: Path) -> Result:
    return bench(person, mode=request.param, provider="cpu", turns=1, end=0.5)


def test_the_figures_fit_each_other(result: Result) -> None:
    assert result.frames == FRAMES
    assert result.provider == "cpu"
    passes = {name: ms for name, ms in result.stages_ms.items() if name.startswith("pass: ")}
    stages = ["people", "tracking"] if result.mode == "offline" else ["tracking"]
    assert list(passes) == [f"pass: {stage}" for stage in stages]
    assert result.fps == pytest.approx(1000.0 / sum(passes.values()))
    assert 0.0 < result.stages_ms["decoding alone"] < sum(passes.values())
    nets = sum(ms for name, ms in result.stages_ms.items() if name.startswith("net: "))
    # Live, the body, each hand and the face are looked at side by side, however few the cores.
    calls = cores() if result.mode == "offline" else 4
    assert 0.3 * sum(passes.values()) < nets < 1.05 * calls * sum(passes.values())


def test_every_crop_is_counted(result: Result) -> None:
    crops = result.crops
    assert {f"net: {name}" for name in crops} == {n for n in result.stages_ms if n.startswith("net: ")}
    assert crops["face_detector"] == crops["face_landmarks_attention"] == 1.0
    assert 0.0 < crops["hand_recrop"] == crops["hand_landmarks"] <= 2.0
    looks = 2 if result.mode == "offline" else 0
    assert crops["pose_landmarks"] == pytest.approx(1.0 + looks / FRAMES)
    assert 0.0 < crops["pose_detector"] < 0.5


def test_the_nets_alone_would_be_faster_but_not_beyond_belief(result: Result) -> None:
    assert result.floor_fps is not None
    assert 0.5 * result.fps < result.floor_fps < 50.0 * result.fps


def test_the_peak_of_memory_is_this_processs(result: Result) -> None:
    if result.peak_rss_mb is None:
        assert sys.platform == "win32"
    else:
        assert 100.0 < result.peak_rss_mb < 5000.0


def test_without_a_reference_there_is_nothing_of_it(result: Result) -> None:
    assert (result.reference_fps, result.ratio, result.ratios) == (None, None, [])
    assert not any("reference" in line or "ratio" in line for line in lines(result))


def test_in_turns_with_the_reference_each_pair_has_its_ratio(person: Path, play: Play) -> None:
    result = bench(person, mode="live", provider="cpu", turns=3, end=0.2, reference=play(ANSWERS))
    assert result.reference_fps == 1.0, "20 frames in 20, 10 and 20 s"
    assert len(result.ratios) == 3
    assert sorted(result.ratios)[1] == result.ratio
    shown = "\n".join(lines(result))
    assert re.search(r"^reference, frames/s +1\.0$", shown, re.M)
    assert f"{result.ratio:.2f}   turn by turn {result.ratios[0]:.2f}, " in shown


def test_the_reference_is_asked_for_the_same_footage(play: Play, tmp_path: Path) -> None:
    reference = play(ANSWERS)
    assert reference.fps(tmp_path / "a clip.mp4", None) == 15.0
    assert reference.fps(Path("relative.mp4"), 2.5) == 25.0


@pytest.mark.parametrize(
    "script",
    [
        "",
        "input()",
        "input(); print('Traceback')",
        "input(); print('no idea')",
        "input(); print('12 seconds')",
        "input(); print('1 2 3')",
    ],
)
def test_a_reference_that_gives_no_speed_ends_in_one_line(script: str, play: Play) -> None:
    with pytest.raises(BlazeRigError, match=r"^the reference .* see whether it can read clip\.mp4$"):
        play(f"print('ready', flush=True); {script}").fps(Path("clip.mp4"), None)


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print('Segmentation fault'); input()"])
def test_a_reference_that_does_not_start_is_told_with_how_to_try_it(script: str, play: Play) -> None:
    with pytest.raises(
        BlazeRigError, match=r"the reference does not start; try it yourself: .* .*script\.py$"
    ):
        play(script)


def test_a_reference_that_died_between_turns_ends_in_one_line(play: Play) -> None:
    reference = play("print('ready', flush=True); input(); print('10 2.0')")
    assert reference.fps(Path("clip.mp4"), None) == 5.0
    for _ in range(2):
        with pytest.raises(BlazeRigError, match="the reference"):
            reference.fps(Path("clip.mp4"), None)


@pytest.mark.skipif(os.name == "nt", reason="processes are looked at as Unix does")
def test_a_reference_that_is_closed_is_gone(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import os; print('ready', flush=True); input(); print(os.getpid(), 1.0, flush=True); input()"
    )
    with closing(Reference(Path(sys.executable), tmp_path / "script.py")) as reference:
        process = round(reference.fps(Path("clip.mp4"), None))
        os.kill(process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("missing", ["python", "speed.py"])
def test_without_the_reference_it_is_said_how_to_make_it(missing: str, tmp_path: Path) -> None:
    paths = {"python": Path(sys.executable), "speed.py": Path(__file__)}
    paths[missing] = tmp_path / missing
    with pytest.raises(
        BlazeRigError, match=rf"the reference is not there \(.*{missing}\); .*: python3 build\.py reference$"
    ):
        Reference(paths["python"], paths["speed.py"])


# --- the command line


def command_line(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "blazerig", "bench", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_line_prints_a_table_and_writes_the_same(tmp_path: Path, person: Path) -> None:
    answer = command_line(tmp_path, person, "--turns", "1", "--end", "0.2", "--json", "figures.json")
    assert answer.returncode == 0, answer.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    keys = {"fps", "reference_fps", "ratio", "ratios", "stages_ms", "peak_rss_mb", "provider", "mode"}
    assert keys <= figures.keys()
    assert (figures["mode"], figures["provider"], figures["frames"]) == ("offline", "cpu", 6)
    assert figures["reference_fps"] is figures["ratio"] is None
    assert answer.stdout.startswith("offline, cpu, 6 frames, body, hands and face\n")
    assert re.search(rf"^frames/s +{figures['fps']:.1f}$", answer.stdout, re.M)
    for name in figures["stages_ms"]:
        assert f"\n{name} " in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere.mp4"], 1, "nowhere.mp4 does not exist"),
        (["text.mp4"], 1, "text.mp4 cannot be opened"),
        (["text.mp4", "--json", "nowhere/figures.json"], 1, "cannot write nowhere"),
        (["text.mp4", "--json", "figures.txt"], 2, "'figures.txt' must end with .json"),
        (["text.mp4", "--turns", "0"], 2, "--turns"),
        (["text.mp4", "--turns", "-1"], 2, "--turns"),
        (["text.mp4", "--end", "0"], 2, "'0' is no number above 0"),
        (["text.mp4", "--mode", "fast"], 2, "--mode"),
        (["text.mp4", "--against", "openpose"], 2, "--against"),
        ([], 2, "VIDEO"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bench_refuses(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    (tmp_path / "text.mp4").write_text("This is not a video.\n" * 100)
    answer = command_line(tmp_path, *arguments)
    assert answer.returncode == code
    (line,) = answer.stderr.splitlines()
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == ["text.mp4"]
