import json
from pathlib import Path

import onnxruntime as ort
import pytest
from blazerig.models.providers import CHOICES, PROVIDERS, listed, session_options


def test_every_provider_of_the_table_is_one_of_onnx_runtimes() -> None:
    known = set(ort.get_all_providers())
    for provider in PROVIDERS.values():
        assert {name for name, _ in provider.chain(None)} <= known


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_cpu_runs_what_a_provider_leaves(name: str) -> None:
    chain = PROVIDERS[name].chain(None)
    assert chain[0][0] == PROVIDERS[name].engine
    assert chain[-1] == ("CPUExecutionProvider", {})


@pytest.mark.parametrize("name", [name for name, provider in PROVIDERS.items() if provider.keeps])
def test_a_provider_that_keeps_what_it_compiles_is_told_where(name: str, tmp_path: Path) -> None:
    assert tmp_path.name in str(PROVIDERS[name].chain(tmp_path))
    assert tmp_path.name not in str(PROVIDERS[name].chain(None))


def test_openvinos_properties_are_read_for_the_device_that_it_runs_on() -> None:
    for name, device in (("openvino", "GPU"), ("openvino-cpu", "CPU")):
        options = dict(PROVIDERS[name].chain(None))["OpenVINOExecutionProvider"]
        assert options["device_type"] == device
        assert json.loads(options["load_config"])[device]["INFERENCE_PRECISION_HINT"] == "f32"


def test_directml_gets_the_session_that_it_insists_on() -> None:
    options = session_options("directml", threads=0, batch=2)
    assert not options.enable_mem_pattern
    assert options.execution_mode == ort.ExecutionMode.ORT_SEQUENTIAL
    assert session_options("cpu", threads=0, batch=None).enable_mem_pattern


def test_only_what_this_build_has_is_listed() -> None:
    assert [PROVIDERS[name].engine in ort.get_available_providers() for name in PROVIDERS] == [
        name in listed() for name in PROVIDERS
    ]
    assert CHOICES[:2] == ("auto", "cpu")
