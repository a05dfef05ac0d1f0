"""Run by a bare Blender: install the zip given, as a user does from disk."""

import os
import sys

import bpy

outcome = bpy.ops.extensions.package_install_files(
    filepath=sys.argv[1], repo="user_default", enable_on_install=True
)
bpy.ops.wm.save_userpref()
print(outcome)
sys.stdout.flush()
os._exit(0 if outcome == {"FINISHED"} else 1)
