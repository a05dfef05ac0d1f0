"""Starting and stopping the live session, from buttons and from scripts.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import FloatProperty, IntProperty, StringProperty

from ...errors import BlazeRigError
from ..animate import preview
from ..character.active import active_armature, chosen_armature
from ..job import redraw, sentence
from . import cameras, session
from .characters import add_character, remove_character


class _Thin:
    """For operators that define `work`."""

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Do it, or tell why it cannot be done."""
        try:
            self.work(context)
        except BlazeRigError as error:
            self.report({"ERROR"}, sentence(error))
            return {"CANCELLED"}
        redraw()
        return {"FINISHED"}

    def work(self, context: bpy.types.Context) -> None:
        """What the operator does.

        Raises:
            BlazeRigError: It cannot be done.
        """
        raise NotImplementedError


class WhileLive:
    """For operators on the running session."""

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """It must run."""
        if not session.running():
            cls.poll_message_set("Nothing runs live; press Start")
        return session.running()


class LiveStart(_Thin, bpy.types.Operator):
    """Camera to character, from now on."""

    bl_idname = "blazerig.live_start"
    bl_label = "Start"
    bl_description = (
        "Have the characters follow the performer in front of the camera until Stop is pressed. Nothing is "
        "keyed; each gets its pose back in the end. What runs live already is started anew"
    )

    source: StringProperty(
        name="Source",
        description="Number or name of a camera, address of a stream, or a video; empty: as the scene's "
        "settings say",
    )
    armature: StringProperty(
        name="Armature",
        description="Name of an armature that is to follow, too; empty for the characters of the list, or "
        "the active armature where it has none",
    )

    def work(self, context: bpy.types.Context) -> None:
        """Start it."""
        scene = context.scene
        live = scene.blazerig.live
        session.end()
        before = len(live.characters)
        if self.armature or not (live.characters or live.vmc):
            add_character(scene, chosen_armature(context, self.armature))
        try:
            session.start(scene, self.source)
        except BlazeRigError:
            if len(live.characters) > before:
                remove_character(scene, before)
            raise
        if scene.blazerig.animate.preview:
            preview.end(scene)
            scene.blazerig.animate.preview = False


class LiveStop(_Thin, bpy.types.Operator):
    """The end of it."""

    bl_idname = "blazerig.live_stop"
    bl_label = "Stop"
    bl_description = "Let go of camera and characters; each gets the pose that it had before"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There must be something to stop."""
        if session.current() is None:
            cls.poll_message_set("Nothing runs live")
        return session.current() is not None

    def work(self, _context: bpy.types.Context) -> None:
        """Stop it."""
        session.end()


class LiveCalibrate(WhileLive, _Thin, bpy.types.Operator):
    """The performer stands still so that lengths, floor and facing are measured."""

    bl_idname = "blazerig.live_calibrate"
    bl_label = "Calibrate"
    bl_description = (
        "Measure the performer: after a countdown, stand straight and look into the camera with a relaxed "
        "face, arms stretched out to the sides or down at 45 degrees, until it says that it is done"
    )

    countdown: FloatProperty(
        name="Countdown", description="Seconds until it begins", default=3.0, min=0.0, max=60.0
    )

    def work(self, _context: bpy.types.Context) -> None:
        """Begin the countdown."""
        session.calibrate(self.countdown)


class LiveCameras(_Thin, bpy.types.Operator):
    """The list of cameras."""

    bl_idname = "blazerig.live_cameras"
    bl_label = "Find Cameras"
    bl_description = "Look which cameras this computer has"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Once at a time."""
        if cameras.looking():
            cls.poll_message_set("Cameras are being looked for")
        return not cameras.looking()

    def work(self, _context: bpy.types.Context) -> None:
        """Look."""
        cameras.look()


class LiveAddCharacter(_Thin, bpy.types.Operator):
    """One more in the list."""

    bl_idname = "blazerig.live_add_character"
    bl_label = "Add Character"
    bl_description = "Have the active armature follow the performer, too"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender wants a set)

    armature: StringProperty(
        name="Armature", description="Name of the armature object; empty for the active one"
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be an armature."""
        there = active_armature(context) is not None or any(
            thing.type == "ARMATURE" for thing in bpy.data.objects
        )
        if not there:
            cls.poll_message_set("There is no armature; add or import a character")
        return there

    def work(self, context: bpy.types.Context) -> None:
        """Add it."""
        add_character(context.scene, chosen_armature(context, self.armature))


class LiveRemoveCharacter(_Thin, bpy.types.Operator):
    """One fewer."""

    bl_idname = "blazerig.live_remove_character"
    bl_label = "Remove Character"
    bl_description = "Have a character follow no longer; it gets the pose that it had before"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 (Blender wants a set)

    index: IntProperty(
        name="Character", description="Its number in the list, from 0; -1 for the active one", default=-1
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There must be one."""
        there = bool(context.scene.blazerig.live.characters)
        if not there:
            cls.poll_message_set("No character follows")
        return there

    def work(self, context: bpy.types.Context) -> None:
        """Remove it."""
        live = context.scene.blazerig.live
        remove_character(context.scene, live.active if self.index < 0 else self.index)


CLASSES = (LiveStart, LiveStop, LiveCalibrate, LiveCameras, LiveAddCharacter, LiveRemoveCharacter)
