"""Nets at work. The GPU of these tests is the CPU under the name of one, so that its path runs anywhere."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models import machine, providers, sessions
from blazerig.models.providers import Provider
from blazerig.models.sessions import Net, Processor, ort_errors, reason
from blazerig.models.track import track

NET = "hand_recrop"
Run = Callable[[np.ndarray], list[np.ndarray]]


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a provider that works."""
    disguised = Provider("CPUExecutionProvider", lambda _: {}, {}, "cpu", False, "")
    monkeypatch.setitem(providers.PROVIDERS, "webgpu", disguised)
    return "webgpu"


def crops(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, *Net(NET).crop_shape), np.uint8)


def device_lost() -> Exception:
    """ONNX Runtime's own exception, as a GPU's driver makes it raise."""
    kind = next(kind for kind in ort_errors() if kind.__name__ == "RuntimeException")
    return kind("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : the device was lost")


def failing_at(call: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From that call of all nets together on, the GPU is gone."""
    run, calls = sessions._Bound.__call__, iter(range(1, 1_000_000))

    def fail(bound: sessions._Bound, crops: np.ndarray) -> list[np.ndarray]:
        if next(calls) >= call:
            raise device_lost()
        return run(bound, crops)

    monkeypatch.setattr(sessions._Bound, "__call__", fail)


def test_missing_weights_are_an_error_that_says_how_to_make_them() -> None:
    with pytest.raises(BlazeRigError, match=r"no_such_net\.onnx is missing; .*build\.py models"):
        Net("no_such_net")


@pytest.mark.parametrize("size", [0, 1000])
def test_damaged_weights_are_an_error_in_one_line(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (sessions.WEIGHTS / f"{NET}.onnx").read_bytes()
    (tmp_path / f"{NET}.onnx").write_bytes(whole[:size])
    monkeypatch.setattr(sessions, "WEIGHTS", tmp_path)
    with pytest.raises(BlazeRigError, match=r"hand_recrop\.onnx is damaged \(.+\); install") as caught:
        Net(NET)
    assert "\n" not in str(caught.value)


def test_a_net_runs_on_as_many_threads_as_asked_for_and_answers_the_same() -> None:
    alone, shared = Net(NET, threads=1), Net(NET)
    assert alone._on_cpu.get_session_options().intra_op_num_threads == 1
    for a, b in zip(alone(crops(1)), shared(crops(1)), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_a_batch_on_a_gpu_is_what_the_cpu_makes_of_it_whatever_its_size(gpu: str, count: int) -> None:
    on_gpu, on_cpu = Net(NET, gpu), Net(NET)
    on_gpu(crops(4, seed=1))
    for found, expected in zip(on_gpu(crops(count)), on_cpu(crops(count)), strict=True):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3)


def test_what_a_gpu_answered_stays_when_its_buffers_are_used_again(gpu: str) -> None:
    net = Net(NET, gpu)
    first = net(crops(2))
    kept = [output.copy() for output in first]
    second = net(crops(2, seed=1))
    for output, before, after in zip(first, kept, second, strict=True):
        np.testing.assert_array_equal(output, before)
        assert np.abs(output - after).max() > 0.1


def test_threads_that_share_a_net_on_a_gpu_get_their_own_answers(gpu: str) -> None:
    net, on_cpu = Net(NET, gpu), Net(NET)
    wrong: list[int] = []

    def work(seed: int) -> None:
        expected = on_cpu(crops(2, seed))[0]
        wrong.extend(seed for _ in range(5) if np.abs(net(crops(2, seed))[0] - expected).max() > 1e-3)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []


@pytest.mark.parametrize(("mode", "call"), [("live", 7), ("offline", 4)])
def test_a_gpu_that_fails_in_mid_clip_loses_no_frame_and_says_so_once(
    mode: str, call: int, gpu: str, person: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = track(person, mode=mode, provider="cpu", end=0.3)
    monkeypatch.setattr("blazerig.models.track.choose_provider", Processor)
    failing_at(call, monkeypatch)
    found = track(person, mode=mode, provider=gpu, end=0.3)
    assert len(found.take) == len(expected.take) > 5
    np.testing.assert_allclose(found.take.body_image, expected.take.body_image, rtol=0, atol=0.05)
    np.testing.assert_allclose(found.take.left.image[:, :, :2], expected.take.left.image[:, :, :2], atol=0.3)
    assert found.provider == "cpu"
    assert [text for text in found.warnings if "webgpu" in text] == [
        f"webgpu failed in {failed_net(found.warnings)} (the device was lost); "
        "from there on the CPU was used; if it fails again, run: blazerig doctor"
    ]


def failed_net(warnings: tuple[str, ...]) -> str:
    """The net that a warning names; it must be one that there is."""
    named = warnings[0].split()[3]
    assert (sessions.WEIGHTS / f"{named}.onnx").is_file()
    return named


def test_nets_of_one_processor_leave_the_gpu_together(gpu: str, monkeypatch: pytest.MonkeyPatch) -> None:
    processor = Processor(gpu)
    first, second = Net(NET, processor), Net(NET, processor)
    failing_at(3, monkeypatch)
    answers = [net(crops(1))[0] for net in (first, second, first, second)]
    assert processor.provider == "cpu"
    assert len(processor.warnings) == 1
    for answer in answers:
        np.testing.assert_allclose(answer, Net(NET)(crops(1))[0], rtol=0, atol=1e-3)


def test_a_provider_that_cannot_even_start_gives_way_to_the_cpu(
    gpu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise device_lost()

    monkeypatch.setattr(sessions._Bound, "__init__", fail)
    processor = Processor(gpu)
    answer = Net(NET, processor)(crops(1))
    np.testing.assert_array_equal(answer[0], Net(NET)(crops(1))[0])
    assert "webgpu failed in hand_recrop (" in processor.warnings[0]


def test_a_provider_that_onnx_runtime_puts_aside_is_not_taken_for_one_that_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = ort.InferenceSession

    def without(path: str, options: ort.SessionOptions, **_: object) -> ort.InferenceSession:
        return made(path, options, providers=["CPUExecutionProvider"])

    monkeypatch.setattr(ort, "InferenceSession", without)
    processor = Processor("webgpu")
    Net(NET, processor)(crops(1))
    assert processor.trouble == "ONNX Runtime put it aside; its libraries or its driver are missing"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : out of memory", "out of memory"),
        ("[ONNXRuntimeError] : 1 : FAIL : while running Conv node. Status Message: too large", "too large"),
        ("/src/webgpu.cc:65 some::signature() status was false. No adapters\n", "No adapters"),
        ("first\nlast", "last"),
        ("", "RuntimeError"),
    ],
)
def test_of_an_error_the_reason_is_told(said: str, told: str) -> None:
    assert reason(RuntimeError(said)) == told


def test_a_mistake_of_ours_is_no_failure_of_the_gpu(gpu: str) -> None:
    with pytest.raises(ort_errors()):
        Net(NET)(np.zeros((1, 7, 7, 3), np.uint8))
    with pytest.raises((ValueError, *ort_errors())):
        Net(NET, gpu)(np.zeros((1, 7, 7, 3), np.uint8))


def test_what_a_provider_compiles_is_kept_apart_by_net_weights_and_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "cache_folder", lambda: tmp_path)
    weights = tmp_path / "net.onnx"
    folders: list[Path | None] = []
    for contents, batch in ((b"a", 1), (b"a", 2), (b"b", 1)):
        weights.write_bytes(contents)
        folders.append(sessions._compiled(weights, "tensorrt", batch))
    assert len(set(folders)) == 3
    assert all(folder is not None and folder.is_dir() for folder in folders)
    shutil.rmtree(tmp_path / "tensorrt")
    (tmp_path / "tensorrt").write_text("no folder")
    assert sessions._compiled(weights, "tensorrt", 1) is None
