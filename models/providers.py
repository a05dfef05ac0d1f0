"""The providers of ONNX Runtime that the nets can run on, each with the options that matter here.

The options keep the arithmetic in float32, choose the discrete GPU of a laptop, and let what is slow to
compile be kept on disk. All are documented at https://onnxruntime.ai/docs/execution-providers/.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

Options = Mapping[str, str]
_CPU = "CPUExecutionProvider"
_CUDA = "CUDAExecutionProvider"


@dataclass(frozen=True)
class Provider:
    """One way to run the nets.

    Attributes:
        engine: ONNX Runtime's name of it.
        options: Makes its options, given a folder for what it compiles, None where there is no such folder.
        helpers: What runs the operators that it leaves, before the CPU: ONNX Runtime's name to options.
        device: Where the crops are put, as `OrtValue` names it: on the GPU where ONNX Runtime's Python can
            write to its memory.
        keeps: Whether it keeps what it compiles.
        package: The build of ONNX Runtime that has it.
    """

    engine: str
    options: Callable[[Path | None], Options]
    helpers: Mapping[str, Options]
    device: str
    keeps: bool
    package: str

    def chain(self, cache: Path | None) -> list[tuple[str, dict[str, str]]]:
        """What an `InferenceSession` takes as its providers: this one, its helpers, the CPU."""
        engines = {self.engine: self.options(cache), **self.helpers, _CPU: {}}
        return [(name, dict(options)) for name, options in engines.items()]


def _tensorrt(cache: Path | None) -> Options:
    """Engines take up to a minute to build, and belong to one GPU, one driver and one shape."""
    if cache is None:
        return {}
    return {
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": str(cache),
        "trt_timing_cache_enable": "1",
        "trt_timing_cache_path": str(cache),
    }


def _cuda(_: Path | None) -> Options:
    """The exhaustive search, the default, would cost seconds for every net and shape in every process.

    TF32, the default too, rounds the factors of a convolution to 10 bits.
    """
    return {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}


def _directml(_: Path | None) -> Options:
    return {"performance_preference": "high_performance"}


def _coreml(cache: Path | None) -> Options:
    """The older format, the default, computes in half precision on all but the CPU."""
    kept = {} if cache is None else {"ModelCacheDirectory": str(cache)}
    return {"ModelFormat": "MLProgram", "MLComputeUnits": "ALL", **kept}


def _openvino(device: str) -> Callable[[Path | None], Options]:
    """A GPU would compute in half precision otherwise."""

    def options(cache: Path | None) -> Options:
        properties = {"INFERENCE_PRECISION_HINT": "f32"}
        if cache is not None:
            properties["CACHE_DIR"] = str(cache)
        return {"device_type": device, "load_config": json.dumps({device: properties})}

    return options


def _defaults(_: Path | None) -> Options:
    return {}


_DML = "DmlExecutionProvider"
PROVIDERS: Mapping[str, Provider] = {
    "tensorrt": Provider(
        "TensorrtExecutionProvider", _tensorrt, {_CUDA: _cuda(None)}, "cuda", True, "onnxruntime-gpu"
    ),
    "cuda": Provider(_CUDA, _cuda, {}, "cuda", False, "onnxruntime-gpu"),
    "directml": Provider(_DML, _directml, {}, "cpu", False, "onnxruntime-directml"),
    "coreml": Provider("CoreMLExecutionProvider", _coreml, {}, "cpu", True, "onnxruntime for macOS"),
    "openvino": Provider(
        "OpenVINOExecutionProvider", _openvino("GPU"), {}, "cpu", True, "onnxruntime-openvino"
    ),
    "openvino-cpu": Provider(
        "OpenVINOExecutionProvider", _openvino("CPU"), {}, "cpu", True, "onnxruntime-openvino"
    ),
    "webgpu": Provider("WebGpuExecutionProvider", _defaults, {}, "cpu", False, "onnxruntime-webgpu"),
}
"""All but the CPU, which needs nothing said, by the names that users give them."""
CHOICES = ("auto", "cpu", *PROVIDERS)


def listed() -> list[str]:
    """The names of `PROVIDERS` that this build of ONNX Runtime has; whether they work is another question."""
    engines = ort.get_available_providers()
    return [name for name, provider in PROVIDERS.items() if provider.engine in engines]


def session_options(provider: str, *, threads: int, batch: int | None) -> ort.SessionOptions:  # pyright: ignore[reportUnknownParameterType]
    """How a session is to run on `provider`, one of `PROVIDERS` or `cpu`.

    Args:
        provider: Its name.
        threads: That work at one call on the CPU, 0 for one per core.
        batch: The size of every batch, where it is known before.
    """
    options = ort.SessionOptions()
    options.log_severity_level = 4  # fatal only: what else goes wrong is raised
    options.intra_op_num_threads = threads
    # Each net has its own threads: spinning, those of the idle nets would take the cores from the others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if batch is not None:
        options.add_free_dimension_override_by_name("N", batch)
    if provider == "directml":  # it has neither
        options.enable_mem_pattern = False
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    return options
