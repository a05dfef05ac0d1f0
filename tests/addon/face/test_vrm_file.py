"""`build.py bench-faces` reads the expressions of .vrm files by itself."""

from __future__ import annotations

import importlib.util
import json
import struct
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "bench_faces" / "vrm_file.py"
MESH = {"extras": {"targetNames": ["Fcl_A", "Fcl_Blink"]}, "primitives": [{}]}


def write(path: Path, **extensions: object) -> Path:
    """A binary glTF of one mesh with two morph targets."""
    content = json.dumps({"nodes": [{}, {"mesh": 0}], "meshes": [MESH], "extensions": extensions}).encode()
    header = struct.pack("<4sIIII", b"glTF", 2, 20 + len(content), len(content), 0x4E4F534A)
    path.write_bytes(header + content)
    return path


def test_expressions_of_both_versions_are_read(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("vrm_file", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    vrm_file = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(vrm_file)
    preset = {"aa": {"morphTargetBinds": [{"node": 1, "index": 0, "weight": 0.8}]}, "neutral": {}}
    custom = {"shut": {"morphTargetBinds": [{"node": 1, "index": 1}]}}
    newer = write(tmp_path / "1.vrm", VRMC_vrm={"expressions": {"preset": preset, "custom": custom}})
    assert vrm_file.expressions_of(newer) == {"aa": {"Fcl_A": 0.8}, "shut": {"Fcl_Blink": 1.0}}
    groups = [
        {"presetName": "a", "name": "A", "binds": [{"mesh": 0, "index": 0, "weight": 100}]},
        {"presetName": "unknown", "name": "jawOpen", "binds": [{"mesh": 0, "index": 1, "weight": 50}]},
        {"presetName": "joy", "binds": []},
    ]
    older = write(tmp_path / "0.vrm", VRM={"blendShapeMaster": {"blendShapeGroups": groups}})
    assert vrm_file.expressions_of(older) == {"a": {"Fcl_A": 1.0}, "jawOpen": {"Fcl_Blink": 0.5}}
