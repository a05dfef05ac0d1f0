"""What an animator may expect of every button: it says what it does, and can be used from scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import blazerig
import bpy
import pytest
from blazerig.addon import MODULES

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    blazerig.register()
    yield
    blazerig.unregister()


def classes(kind: type) -> list[type]:
    return [cls for module in MODULES for cls in module.CLASSES if issubclass(cls, kind)]


def undescribed(cls: type) -> list[str]:
    """Properties of a class without a tooltip."""
    own = {name for base in cls.__mro__ for name in base.__dict__.get("__annotations__", {})}
    known = {item.identifier: item.description for item in cls.bl_rna.properties}
    if issubclass(cls, bpy.types.Operator):
        operator = getattr(bpy.ops.blazerig, cls.bl_idname.removeprefix("blazerig."))
        known = {
            item.identifier: item.description
            for item in operator.get_rna_type().properties
            if not item.is_hidden
        }
    return [f"{cls.__name__}.{name}" for name in sorted(own & set(known)) if not known[name]]


def test_every_operator_says_what_it_does() -> None:
    operators = classes(bpy.types.Operator)
    assert len(operators) > 20
    assert not [cls.__name__ for cls in operators if len(cls.bl_description) < 10]
    assert not [name for cls in operators for name in undescribed(cls)]


def test_every_setting_says_what_it_is() -> None:
    assert not [name for cls in classes(bpy.types.PropertyGroup) for name in undescribed(cls)]


def test_every_operator_is_in_the_guide() -> None:
    names = [cls.bl_idname for cls in classes(bpy.types.Operator)]
    assert not [name for name in names if name.removeprefix("blazerig.") not in GUIDE]


def test_panels_stand_in_the_order_of_the_work() -> None:
    panels = sorted(
        (cls for cls in classes(bpy.types.Panel) if not getattr(cls, "bl_parent_id", "")),
        key=lambda cls: cls.bl_order,
    )
    steps = [cls.bl_label for cls in panels if cls.bl_category == "BlazeRig"]
    assert steps == ["BlazeRig", "Footage", "Takes", "Character", "Animate", "Live", "Refine", "Export"]


def test_blender_loads_no_nets_and_no_camera_with_the_add_on() -> None:
    heavy = {"av", "cv2", "onnxruntime", "scipy", "sounddevice"}
    script = f"import sys, bpy, blazerig.addon; print(sorted({heavy} & set(sys.modules)), flush=True)"
    folder = str(Path(blazerig.__file__).parents[1])
    script = f"import sys; sys.path.insert(0, {folder!r}); {script}; import os; os._exit(0)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_registering_twice_leaves_nothing_behind() -> None:
    for _ in range(2):
        blazerig.unregister()
        assert not hasattr(bpy.types.Scene, "blazerig")
        assert not any(name.startswith("BLAZERIG") for name in dir(bpy.types))
        blazerig.register()
    assert bpy.ops.blazerig.track.poll()
