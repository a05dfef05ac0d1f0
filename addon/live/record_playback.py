"""The playback of a scene, as far as a recording needs it."""

from __future__ import annotations

import bpy

from ...errors import BlazeRigError

Range = tuple[bool, int, int]
"""Whether a preview range is used, its first and its last frame."""


def playing(scene: bpy.types.Scene) -> bool:
    """Whether a window plays the scene."""
    return any(window.screen.is_animation_playing for window in _windows(scene))


def play(scene: bpy.types.Scene, frame: int) -> None:
    """Play the scene from a frame on.

    Raises:
        BlazeRigError: No window shows it.
    """
    windows = _windows(scene)
    if bpy.app.background or not windows:
        raise BlazeRigError(f"no window shows scene '{scene.name}', so it cannot be played; record without")
    scene.frame_set(frame)
    with bpy.context.temp_override(window=windows[0]):
        bpy.ops.screen.animation_play()


def pause(scene: bpy.types.Scene) -> None:
    """Let it stand still where it plays."""
    for window in _windows(scene):
        if window.screen.is_animation_playing:
            with bpy.context.temp_override(window=window):
                bpy.ops.screen.animation_cancel(restore_frame=False)


def repeat(scene: bpy.types.Scene, first: int, last: int) -> Range:
    """Have playback begin again at `first` after `last`; what there was before, for `restore`."""
    before = scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end
    restore(scene, (True, first, last))
    return before


def restore(scene: bpy.types.Scene, before: Range) -> None:
    """Give it back the range that it had."""
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = before


def _windows(scene: bpy.types.Scene) -> list[bpy.types.Window]:
    return [window for window in bpy.context.window_manager.windows if window.scene == scene]
