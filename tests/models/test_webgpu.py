"""WebGPU itself, on a GPU that is drawn by the CPU: SwiftShader, as Debian's `chromium-common` carries it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("VK_ICD_FILENAMES", "/usr/lib/chromium/vk_swiftshader_icd.json"))
STEP = """
import json
import numpy as np
from blazerig.models.choice import landmarks
from blazerig.models.person import person
from blazerig.models.holistic import HolisticTracker
from blazerig.models.nets import Wanted, load_nets
from blazerig.models.sessions import Processor

processor = Processor("webgpu")
found, expected = (
    landmarks(HolisticTracker(load_nets(on, Wanted(face=True))).step(person(), 0.0))
    for on in (processor, Processor("cpu"))
)
apart = {
    " ".join(key): float(np.linalg.norm((found[key] - points)[:, : 2 if key[1] == "px" else 3], axis=1).max())
    for key, points in expected.items()
}
assert found.keys() == expected.keys()
print(json.dumps({"trouble": processor.trouble, "apart": apart}))
"""


@pytest.mark.skipif(
    "swiftshader" not in CHROMIUM.name or not CHROMIUM.is_file(),
    reason="SwiftShader is not here (Debian: apt-get install chromium); it takes more than a minute",
)
def test_a_whole_step_on_webgpu_sees_what_the_cpu_sees(tmp_path: Path) -> None:
    libraries = os.pathsep.join(filter(None, [os.environ.get("LD_LIBRARY_PATH"), str(CHROMIUM.parent)]))
    places = {
        "VK_ICD_FILENAMES": str(CHROMIUM),
        "LD_LIBRARY_PATH": libraries,
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", STEP], env=os.environ | places, capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    assert seen["trouble"] == ""
    assert seen["apart"]["body px"] <= 0.05
    assert seen["apart"]["body m"] <= 1e-4
    assert max(seen["apart"][f"{side} hand px"] for side in ("left", "right")) <= 0.3
