"""A recorded sound in the sequencer, in every version of its strips."""

from __future__ import annotations

from pathlib import Path

import bpy

from ..takes.files import written


def add_sound(scene: bpy.types.Scene, path: Path, name: str, frame: float) -> bool:
    """Have a scene play a sound from a frame on, over all other strips; False where Blender plays none."""
    editor = scene.sequence_editor or scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    channel = 1 + max((strip.channel for strip in strips), default=0)
    try:
        strips.new_sound(name=name, filepath=written(path), channel=channel, frame_start=round(frame))
    except RuntimeError:  # a Blender that was made without sound
        return False
    return True
