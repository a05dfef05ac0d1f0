"""Landmarks to a humanoid pose, and a pose to the rotations of a rig's bones."""
