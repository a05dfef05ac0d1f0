"""The face in the stream: as raw OSC, and from sender to receiver over loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from blazerig.live.vmc.bones import bones_of
from blazerig.live.vmc.expressions import ARKIT, SETS, expressions_of
from blazerig.live.vmc.eyes import eyes_of
from blazerig.live.vmc.messages import LIMIT, datagrams, read
from blazerig.live.vmc.receiver import VmcReceiver
from blazerig.live.vmc.sender import VmcSender
from blazerig.solver.face.face_motion import FaceMotion, at_rest
from blazerig.solver.face.gaze import looks_of
from blazerig.solver.face.mirror import mirrored_face
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.face.weights import LOOKS
from blazerig.solver.live_pose import LivePose, as_pose
from pythonosc.udp_client import SimpleUDPClient

Poses = Callable[..., LivePose]


def face(seed: int) -> FaceMotion:
    """One that does everything a little; its looks are those of its gaze."""
    random = np.random.default_rng(seed)
    gaze = random.uniform(0.05, 0.3, (1, 1, 2)) + np.zeros((1, 2, 2))
    weights = random.uniform(size=(1, 52))
    weights[:, LOOKS] = looks_of(gaze)[:, LOOKS]
    return replace(at_rest(5.0), weights=weights, gaze=gaze, trust=np.ones(1))


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("names", SETS)
def test_the_face_that_is_sent_is_received(
    pose: Poses, receiver: VmcReceiver, port: int, names: str, *, mirror: bool
) -> None:
    sender = VmcSender("127.0.0.1", port, mirror=mirror, warn=pytest.fail, face=names)
    for seed in range(5):
        seen = face(seed)
        sender.send(pose(seed), seen)
        got = receiver.newest(1.0)
        expected = mirrored_face(seen) if mirror else seen
        assert got is not None
        assert got.face is not None
        assert got.face.trust[0] == 1.0
        assert got.face.times[0] == got.pose.time
        np.testing.assert_allclose(got.face.gaze, expected.gaze, atol=1e-5)
        same = slice(None) if names == ARKIT else [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
        np.testing.assert_allclose(got.face.weights[:, same], expected.weights[:, same], atol=1e-6)
    sender.close()


def test_a_face_is_told_before_the_end_of_its_frame_and_applied_at_once(pose: Poses) -> None:
    values = expressions_of(face(0).weights[0], ARKIT)
    bones = {**bones_of(as_pose(pose(0))), **eyes_of(face(0).gaze[0])}
    sent = list(datagrams(bones, 1.5, seen=True, expressions=values))
    assert max(len(datagram) for datagram in sent) <= LIMIT
    assert len(sent) == 5
    told = [(message.address, *message.params) for datagram in sent for message in read(datagram)]
    blends = [message for message in told if message[0].startswith("/VMC/Ext/Blend")]
    assert [message[1] for message in blends[:-1]] == list(values)
    assert all(isinstance(message[2], float) for message in blends[:-1])
    assert told[-3:] == [("/VMC/Ext/Blend/Apply",), ("/VMC/Ext/OK", 1, 3, 0, 1), ("/VMC/Ext/T", 1.5)]
    assert [message[1] for message in told if message[0].endswith("Bone/Pos")][-2:] == ["LeftEye", "RightEye"]


def test_without_a_face_nothing_is_told_of_one(pose: Poses, receiver: VmcReceiver, port: int) -> None:
    sent = datagrams(bones_of(as_pose(pose(0))), 1.5, seen=True)
    told = [message.address for datagram in sent for message in read(datagram)]
    assert not any("Blend" in address for address in told)
    sender = VmcSender("127.0.0.1", port, mirror=False, warn=pytest.fail)
    sender.send(pose(0))
    got = receiver.newest(1.0)
    sender.close()
    assert got is not None
    assert got.face is None


def test_presets_of_a_program_become_a_face_when_they_are_applied(receiver: VmcReceiver, port: int) -> None:
    client = SimpleUDPClient("127.0.0.1", port)
    for name, value in (("Blink_L", 1.0), ("aa", 0.5), ("LookLeft", 1.0), ("Hat", 1.0)):
        client.send_message("/VMC/Ext/Blend/Val", [name, value])
    client.send_message("/VMC/Ext/OK", [1])
    assert receiver.newest(0.1) is None
    client.send_message("/VMC/Ext/Blend/Apply", [])
    client.send_message("/VMC/Ext/T", [1.0])
    got = receiver.newest(1.0)
    assert got is not None
    assert got.face is not None
    weights = dict(zip(SHAPES, got.face.weights[0].tolist(), strict=True))
    assert weights["eyeBlinkLeft"] == 1.0
    assert weights["eyeBlinkRight"] == 0.0
    assert weights["jawOpen"] == pytest.approx(0.35)
    assert got.face.gaze[0, :, 0].min() > 0.5  # both look to the left


def test_a_program_that_turns_the_eyes_bones_alone_is_seen_to_look(
    pose: Poses, receiver: VmcReceiver, port: int
) -> None:
    gaze = np.array([[0.3, 0.1], [0.3, 0.1]])
    bones = {**bones_of(as_pose(pose(0))), **eyes_of(gaze)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for datagram in datagrams(bones, 0.0, seen=True, expressions={"Blink": 0.0}):
            other.sendto(datagram, ("127.0.0.1", port))
    got = receiver.newest(1.0)
    assert got is not None
    assert got.face is not None
    np.testing.assert_allclose(got.face.gaze[0], gaze, atol=1e-5)
    assert got.face.weights[0, INDEX["eyeLookOutLeft"]] > 0.4


@pytest.mark.parametrize("arguments", [[], ["A"], ["A", float("nan")], ["A", "much"], [1.0, 1.0]])
def test_an_expression_that_makes_no_sense_is_ignored(
    receiver: VmcReceiver, port: int, arguments: list[object]
) -> None:
    client = SimpleUDPClient("127.0.0.1", port)
    client.send_message("/VMC/Ext/Blend/Val", arguments)
    client.send_message("/VMC/Ext/Blend/Apply", [])
    got = receiver.newest(0.1)
    assert got is not None
    assert got.face is None
