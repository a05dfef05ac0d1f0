"""Which provider is taken. The GPU of these tests is the CPU by another name; what it does is patched in."""

import contextlib
import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models import choice, machine, providers, sessions, trials
from blazerig.models.choice import choose_provider
from blazerig.models.providers import Provider
from blazerig.models.trials import Trial, memory, recalled, remember

Run = Callable[[sessions._Bound, np.ndarray], list[np.ndarray]]
on_cpu, see = sessions._Bound.__call__, choice.see


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setattr(machine, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@functools.cache
def seen_by_the_cpu() -> choice.Seen:
    """Once for all tests."""
    return see(sessions.Processor("cpu"))


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """WebGPU is the only provider listed, and does what the test says."""
    disguised = Provider("CPUExecutionProvider", lambda _: {}, {}, "cpu", False, "")
    monkeypatch.setitem(providers.PROVIDERS, "webgpu", disguised)
    monkeypatch.setattr(choice, "listed", lambda: ["webgpu"])
    monkeypatch.setattr(choice, "_RUNS", 1)
    monkeypatch.setattr(choice, "see", lambda on: seen_by_the_cpu() if on.provider == "cpu" else see(on))
    return lambda run: monkeypatch.setattr(sessions._Bound, "__call__", run)


@pytest.fixture
def quick(gpu: Callable[[Run], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[Run], None]:
    """As `gpu`, and its frames take no time."""

    def timed(processor: sessions.Processor) -> choice.Seen:
        if processor.provider == "cpu":
            return seen_by_the_cpu()
        return choice.Seen(see(processor).performer, 0.001)

    monkeypatch.setattr(choice, "see", timed)
    return gpu


def slow(bound: sessions._Bound, crops: np.ndarray) -> list[np.ndarray]:
    time.sleep(0.1)
    return on_cpu(bound, crops)


def never(*_: object) -> list[np.ndarray]:
    raise AssertionError("the net was run again")


def test_auto_takes_something_that_runs_and_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    processor = choose_provider("auto")
    assert processor.provider in ("cpu", *providers.listed())
    assert processor.warnings == ()
    assert capfd.readouterr() == ("", "")


def test_the_terminal_speaks_again_after_a_trial(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(ValueError), choice._hushed():
        os.write(2, b"a driver's noise")
        raise ValueError
    os.write(2, b"afterwards")
    assert capfd.readouterr().err == "afterwards"


def test_an_unknown_provider_is_refused_with_the_choices() -> None:
    with pytest.raises(BlazeRigError, match=r"unknown provider 'gpu'; there are: auto, cpu, .*webgpu"):
        choose_provider("gpu")


def test_a_provider_that_this_runtime_lacks_gives_way_to_the_cpu_with_a_reason() -> None:
    missing = next(name for name in providers.PROVIDERS if name not in providers.listed())
    processor = choose_provider(missing)
    assert processor.provider == "cpu"
    assert f"{missing} is not used: this ONNX Runtime has none" in processor.warnings[0]


def test_the_picture_shows_a_body_both_hands_and_the_face() -> None:
    seen = choice.see(sessions.Processor("cpu"))
    found = {part for part, _ in choice.landmarks(seen.performer)}
    assert {"body", "left hand", "right hand", "face"} <= found


def test_a_gpu_that_is_right_and_quick_is_taken_and_not_tried_again(
    quick: Callable[[Run], None],
) -> None:
    assert choose_provider("auto").provider == "webgpu"
    quick(never)
    for wanted in ("auto", "webgpu"):
        assert (choose_provider(wanted).provider, choose_provider(wanted).warnings) == ("webgpu", ())


def test_a_slow_gpu_is_left_unless_it_is_asked_for(gpu: Callable[[Run], None]) -> None:
    gpu(slow)
    assert choose_provider("auto").provider == "cpu"
    assert "slower than the CPU" in recalled()["webgpu"].trouble
    assert choose_provider("webgpu").provider == "webgpu"
    assert choose_provider("auto").provider == "cpu"


@pytest.mark.parametrize("factor", [1.1, np.nan, 0.0])
def test_a_gpu_that_miscalculates_is_never_taken(gpu: Callable[[Run], None], factor: float) -> None:
    gpu(lambda bound, crops: [output * np.float32(factor) for output in on_cpu(bound, crops)])
    remember(Trial("cpu", 20.0))
    processor = choose_provider("webgpu")
    assert processor.provider == "cpu"
    assert "see what the CPU sees" in processor.warnings[0] or "results differ" in processor.warnings[0]
    assert choose_provider("auto").provider == "cpu"


def test_landmarks_off_by_a_pixel_or_a_centimetre_are_told_with_part_and_size(
    gpu: Callable[[Run], None],
) -> None:
    def off(bound: sessions._Bound, crops: np.ndarray) -> list[np.ndarray]:
        outputs = on_cpu(bound, crops)
        if outputs[-1].shape[-1] == 117:
            outputs[-1][:, ::3] += 0.01
        return outputs

    gpu(off)
    (warning,) = choose_provider("webgpu").warnings
    assert warning == "webgpu is not used: its results differ from the CPU's (the body by 0.01 m); the CPU is"


def test_a_gpu_that_fails_is_named_with_its_reason_in_one_line(gpu: Callable[[Run], None]) -> None:
    def fail(*_: object) -> list[np.ndarray]:
        raise RuntimeError("/src/webgpu.cc:65 some::signature() status was false. No supported adapters\n")

    gpu(fail)
    assert choose_provider("auto").provider == "cpu"
    assert choose_provider("auto").warnings == ()
    assert choose_provider("webgpu").warnings == ("webgpu is not used: No supported adapters; the CPU is",)


@pytest.mark.usefixtures("quick")
def test_a_gpu_that_was_mended_works_when_it_is_asked_for_and_from_then_on() -> None:
    remember(Trial("cpu", 20.0), Trial("webgpu", trouble="the device was lost"))
    assert choose_provider("auto").provider == "cpu"
    assert choose_provider("webgpu").provider == "webgpu"
    assert choose_provider("auto").provider == "webgpu"


def test_a_driver_that_took_the_program_with_it_is_not_tried_again_and_that_is_said(
    gpu: Callable[[Run], None],
) -> None:
    class Killed(BaseException):
        pass

    def end(*_: object) -> list[np.ndarray]:
        left_behind.update(recalled())
        raise Killed

    left_behind: dict[str, Trial] = {}
    gpu(end)
    with pytest.raises(Killed):
        choose_provider("auto")
    assert "webgpu" not in recalled()  # this end was seen, as Ctrl-C is
    remember(*left_behind.values())  # that of the whole process would not have been
    gpu(never)
    processor = choose_provider("auto")
    assert processor.provider == "cpu"
    assert processor.warnings == (f"webgpu is not used: {trials.ENDED}",)


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"trials": 7}',
        b'{"trials": [{"provider": "webgpu"}]}',
        b'{"trials": [{"provider": [], "milliseconds": 1.0, "trouble": ""}]}',
        b'{"trials": [{"provider": "quantum", "milliseconds": 1.0, "trouble": ""}]}',
        b'{"trials": [{"provider": "webgpu", "milliseconds": NaN, "trouble": ""}]}',
        b'{"trials": [{"provider": "webgpu", "milliseconds": null, "trouble": ""}]}',
    ],
)
def test_a_damaged_memory_is_as_good_as_none(cache: Path, contents: bytes) -> None:
    cache.mkdir()
    memory().write_bytes(contents)
    assert recalled() == {}
    remember(Trial("cpu", 20.0))
    assert recalled() == {"cpu": Trial("cpu", 20.0)}


@pytest.mark.usefixtures("quick")
def test_a_memory_that_cannot_be_kept_costs_nothing_but_the_next_trial(cache: Path) -> None:
    cache.write_text("no folder")
    assert choose_provider("auto").provider == "webgpu"
    assert recalled() == {}
    assert cache.read_text() == "no folder"


@pytest.mark.parametrize("name", ["onnxruntime", "listed", "gpus", "drivers", "weights", "system"])
def test_another_machine_driver_or_runtime_has_a_memory_of_its_own(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(Trial("cpu", 20.0))
    identity = trials.identity()
    assert name in identity
    monkeypatch.setattr(trials, "identity", lambda: identity | {name: "another"})
    assert recalled() == {}


def test_the_file_says_in_clear_what_it_holds_for() -> None:
    remember(Trial("cpu", 20.0))
    kept = json.loads(memory().read_text("utf-8"))
    assert kept["identity"] == json.loads(json.dumps(trials.identity()))
    assert [path.name for path in memory().parent.iterdir()] == [memory().name]
