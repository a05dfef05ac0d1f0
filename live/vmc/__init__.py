"""Poses to and from other programs: the Virtual Motion Capture protocol, OSC messages over UDP.

The protocol: https://protocol.vmc.info/english. It speaks of a humanoid as Unity does: bones by the names of
`HumanBodyBones`, each with its position and rotation in its parent bone.
"""
