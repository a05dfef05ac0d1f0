"""BlazeRig's page in Blender's preferences, with the test of the machine.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import os
import re
import shutil
import textwrap
import time
from pathlib import Path

import bpy
from bpy.props import EnumProperty, IntProperty, StringProperty

from .. import __package__ as extension
from . import job, preferences, worker
from .job import InBackground, Status, Steps

PROVIDERS = (
    ("auto", "Automatic", "The quickest that works on this machine, tried once"),
    ("cpu", "CPU", "The processor"),
    ("tensorrt", "TensorRT", "NVIDIA, with the package onnxruntime-gpu and TensorRT"),
    ("cuda", "CUDA", "NVIDIA, with the package onnxruntime-gpu"),
    ("directml", "DirectML", "Any GPU on Windows, with the package onnxruntime-directml"),
    ("coreml", "Core ML", "Apple, with the package onnxruntime"),
    ("openvino", "OpenVINO", "Intel GPUs, with the package onnxruntime-openvino"),
    ("openvino-cpu", "OpenVINO on the CPU", "The processor, with the package onnxruntime-openvino"),
    ("webgpu", "WebGPU", "Any GPU, through Vulkan, Direct3D 12 or Metal"),
)
"""What the nets can run on; which of them are there, the test of the machine says."""


WIDTH = 80
"""Letters in a line of the report."""
NAMES = 0.25
"""Of its width, for the names of things."""
MEASURE = 2.0
"""Seconds between two measurings of the cache, which is drawn much more often."""

_report: tuple[str, ...] = ()
"""What the last test of the machine said, line by line."""
_measured = (0.0, 0)
"""When the cache was measured last, and how many bytes it had."""


class BlazeRigPreferences(bpy.types.AddonPreferences):
    """Where the nets run and where files go."""

    bl_idname = extension

    provider: EnumProperty(
        name="Nets Run On",
        description="What the nets run on; where it fails, the CPU is used and the panel says why",
        items=PROVIDERS,
        default="auto",
    )
    threads: IntProperty(
        name="Cores",
        description="Cores that the nets keep busy while footage is tracked; 0 for all",
        min=0,
        max=256,
    )
    cache: StringProperty(
        name="Cache",
        description="Folder for what can be made again: solved motions and what GPUs compiled",
        subtype="DIR_PATH",
    )
    takes: StringProperty(
        name="Takes of Unsaved Files",
        description="Folder for takes of files that were never saved; of others they are beside the .blend",
        subtype="DIR_PATH",
    )

    def draw(self, _context: bpy.types.Context) -> None:
        """Draw the choices, the size of the cache, and what the machine was found to be."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "provider")
        layout.prop(self, "threads")
        layout.prop(self, "cache", placeholder=str(preferences.own_cache_folder()))
        _draw_cache(layout)
        layout.prop(self, "takes", placeholder=str(preferences.own_takes_folder()))
        layout.separator()
        _draw_test(layout)


class TestMachine(InBackground, bpy.types.Operator):
    """What `blazerig doctor` shows, in the preferences."""

    bl_idname = "blazerig.test_machine"
    bl_label = "Test This Machine"
    bl_description = "Try everything that the nets could run on, and show what works, how quickly, or why not"

    def steps(self, _context: bpy.types.Context) -> Steps:
        """The test."""
        return _test()


class EmptyCache(job.WhenIdle, bpy.types.Operator):
    """Everything in the cache can be made again."""

    bl_idname = "blazerig.empty_cache"
    bl_label = "Empty"
    bl_description = "Delete solved motions and what GPUs compiled; takes stay, and all else is made again"

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Delete the folder."""
        global _measured
        folder = preferences.cache_folder()
        try:
            if folder.is_dir():
                shutil.rmtree(folder)
        except OSError as error:
            self.report({"ERROR"}, f"Cannot empty {folder}: {error.strerror}; close what uses it, try again")
            return {"CANCELLED"}
        _measured = (0.0, 0)
        self.report({"INFO"}, "The cache is empty")
        return {"FINISHED"}


def report() -> tuple[str, ...]:
    """What the last test of the machine said, line by line; empty where there was none."""
    return _report


def _test() -> Steps:
    """Run the test in a process of its own.

    Raises:
        BlazeRigError: The process died.
    """
    global _report
    with worker.doctor() as testing:
        while testing.running():
            if job.stop.is_set():
                testing.stop()
            yield Status("Testing this machine")
        found = testing.result()
    if found is None:
        return Status("Stopped: the machine was not tested")
    _report = tuple(found["lines"])
    return Status(_report[-1], 1.0, failed=bool(found["problems"]))


def _draw_test(layout: bpy.types.UILayout) -> None:
    row = layout.row()
    row.operator("blazerig.test_machine", icon="VIEWZOOM")
    if job.running():
        row.operator("blazerig.cancel", icon="CANCEL")
        layout.progress(factor=job.status().factor, text=job.status().message)
    if _report:
        box = layout.box().column(align=True)
        box.label(text=_report[-1][:1].upper() + _report[-1][1:])
        for line in _report[:-1]:
            name, *value = re.split("  +", line.strip(), maxsplit=1)
            columns = box.split(factor=NAMES)
            columns.label(text=name, icon="BLANK1" if line.startswith(" ") else "NONE")
            column = columns.column(align=True)
            for part in textwrap.wrap("".join(value), WIDTH):
                column.label(text=part)


def _draw_cache(layout: bpy.types.UILayout) -> None:
    row = layout.row()
    row.label(text="")
    row.label(text=f"{_cache_size() / 1e6:.1f} MB used")
    row.operator("blazerig.empty_cache", icon="TRASH")


def _cache_size() -> int:
    """Bytes in the cache, as of a moment ago."""
    global _measured
    now = time.monotonic()
    if now - _measured[0] > MEASURE:
        _measured = now, _size(preferences.cache_folder())
    return _measured[1]


def _size(folder: Path) -> int:
    """Bytes in a folder and those within it; what goes meanwhile does not count."""
    total = 0
    for path, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += os.stat(os.path.join(path, name)).st_size
            except OSError:
                continue
    return total


CLASSES = (TestMachine, EmptyCache, BlazeRigPreferences)
