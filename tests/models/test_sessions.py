import contextlib
from collections.abc import Callable, Iterator

import numpy as np
import onnxruntime as ort
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models import sessions
from blazerig.models.sessions import Choice, Net, choose_provider

Run = Callable[[Net, np.ndarray], list[np.ndarray]]


class FakeGpu(Net):
    """A net that says it runs on WebGPU; what it does there is patched in."""

    trouble: Run | None = None

    def __init__(self, name: str, provider: str = "cpu", *, threads: int = 0) -> None:
        super().__init__(name, threads=threads)
        self._provider = provider

    @property
    def providers(self) -> list[str]:
        return ["CPUExecutionProvider"] if self._provider == "cpu" else ["WebGpuExecutionProvider"]

    def __call__(self, crops: np.ndarray) -> list[np.ndarray]:
        if self._provider == "cpu" or FakeGpu.trouble is None:
            return super().__call__(crops)
        return FakeGpu.trouble(self, crops)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Run], None]]:
    monkeypatch.setattr(ort, "get_available_providers", lambda: ["WebGpuExecutionProvider"])
    monkeypatch.setattr(sessions, "Net", FakeGpu)
    yield lambda run: setattr(FakeGpu, "trouble", staticmethod(run))
    FakeGpu.trouble = None


def on_cpu(net: Net, crops: np.ndarray) -> list[np.ndarray]:
    return Net.__call__(net, crops)


def test_without_a_gpu_the_cpu_is_taken_and_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    choice = choose_provider("auto")
    assert choice.provider in sessions.PROVIDERS
    assert choice.provider != "auto"
    assert choice.warnings == ()
    assert capfd.readouterr() == ("", "")


def test_the_terminal_speaks_again_after_the_probe(capfd: pytest.CaptureFixture[str]) -> None:
    import os

    with contextlib.suppress(ValueError), sessions._hushed():
        os.write(2, b"a driver's noise")
        raise ValueError
    os.write(2, b"afterwards")
    assert capfd.readouterr().err == "afterwards"


def test_an_unknown_provider_is_refused_with_the_choices() -> None:
    with pytest.raises(BlazeRigError, match=r"unknown provider 'gpu'; there are: auto, cpu, .*webgpu"):
        choose_provider("gpu")


def test_a_provider_that_this_runtime_lacks_gives_way_to_the_cpu_with_a_reason() -> None:
    missing = next(name for name, ep in sessions._GPUS.items() if ep not in ort.get_available_providers())
    choice = choose_provider(missing)
    assert choice.provider == "cpu"
    assert missing in choice.warnings[0]


def test_a_gpu_that_is_right_and_quick_is_taken(
    gpu: Callable[[Run], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu(on_cpu)
    monkeypatch.setattr(sessions, "_PROBES", {"hand_recrop": 1e6, "pose_landmarks": 1e6})
    assert choose_provider("auto") == Choice("webgpu")


def test_a_slow_gpu_is_left_unless_it_is_asked_for(gpu: Callable[[Run], None]) -> None:
    def slow(net: Net, crops: np.ndarray) -> list[np.ndarray]:
        for _ in range(30):
            outputs = on_cpu(net, crops)
        return outputs

    gpu(slow)
    assert choose_provider("auto") == Choice("cpu")
    assert choose_provider("webgpu") == Choice("webgpu")


def test_a_gpu_that_miscalculates_is_never_taken(gpu: Callable[[Run], None]) -> None:
    gpu(lambda net, crops: [output * 1.1 for output in on_cpu(net, crops)])
    choice = choose_provider("webgpu")
    assert choice.provider == "cpu"
    assert "results differ" in choice.warnings[0]
    gpu(lambda net, crops: [output * np.nan for output in on_cpu(net, crops)])
    assert choose_provider("webgpu").provider == "cpu"


def test_a_gpu_that_fails_is_named_with_its_reason_in_one_line(gpu: Callable[[Run], None]) -> None:
    def fail(*_: object) -> list[np.ndarray]:
        raise RuntimeError("/src/webgpu.cc:65 some::signature() status was false. No supported adapters\n")

    gpu(fail)
    assert choose_provider("auto") == Choice("cpu")
    assert choose_provider("webgpu").warnings == ("webgpu is not used: No supported adapters; the CPU is",)


def test_missing_weights_are_an_error_that_says_how_to_make_them() -> None:
    with pytest.raises(BlazeRigError, match=r"no_such_net\.onnx is missing; .*build\.py models"):
        Net("no_such_net")


def test_a_net_runs_on_as_many_threads_as_asked_for_and_answers_the_same() -> None:
    crops = np.random.default_rng(0).integers(0, 256, (1, *Net("hand_recrop").crop_shape), np.uint8)
    alone, shared = Net("hand_recrop", threads=1), Net("hand_recrop")
    assert alone._session.get_session_options().intra_op_num_threads == 1
    for a, b in zip(alone(crops), shared(crops), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-4)
