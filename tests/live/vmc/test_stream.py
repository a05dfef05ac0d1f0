"""The stream: as raw OSC, from sender to receiver over loopback, and what comes of a network that fails."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.live.vmc.address import address
from blazerig.live.vmc.bones import NAMES, bones_of
from blazerig.live.vmc.expressions import VRM
from blazerig.live.vmc.messages import LIMIT, datagrams, read
from blazerig.live.vmc.receiver import VmcReceiver
from blazerig.live.vmc.sender import VmcSender
from blazerig.solver.live_pose import LivePose, as_pose
from blazerig.solver.mirror import mirrored
from blazerig.solver.rotations import angle_between
from pythonosc.osc_packet import OscPacket
from pythonosc.udp_client import SimpleUDPClient

Poses = Callable[..., LivePose]
NEVER = AssertionError


def refuse(message: str) -> None:
    raise NEVER(message)


def to(
    port: int, *, mirror: bool = False, warn: Callable[[str], None] = refuse, face: str = VRM
) -> VmcSender:
    return VmcSender("127.0.0.1", port, mirror=mirror, warn=warn, face=face)


def frame_of(pose: LivePose) -> list[bytes]:
    return list(datagrams(bones_of(as_pose(pose)), 1.5, seen=True))


def test_a_frame_fits_the_network_in_few_datagrams(pose: Poses) -> None:
    sizes = [len(datagram) for datagram in frame_of(pose(0))]
    assert max(sizes) <= LIMIT
    assert len(sizes) == 4


def test_a_frame_is_what_the_protocol_says(pose: Poses) -> None:
    messages = [timed.message for datagram in frame_of(pose(0)) for timed in OscPacket(datagram).messages]
    root, *bones, state, clock = [(message.address, *message.params) for message in messages]
    assert root == ("/VMC/Ext/Root/Pos", "root", 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0)
    assert [bone[:2] for bone in bones] == [("/VMC/Ext/Bone/Pos", name) for name in NAMES]
    assert all(len(bone) == 9 and all(isinstance(number, float) for number in bone[2:]) for bone in bones)
    assert state == ("/VMC/Ext/OK", 1, 3, 0, 1)
    assert clock == ("/VMC/Ext/T", 1.5)


def test_who_is_lost_is_told_as_lost(pose: Poses) -> None:
    sent = datagrams(bones_of(as_pose(pose(0))), 0.0, seen=False)
    states = [
        message.params for datagram in sent for message in read(datagram) if message.address.endswith("OK")
    ]
    assert states == [[1, 3, 0, 0]]


@pytest.mark.parametrize("mirror", [False, True])
def test_what_is_sent_is_received(pose: Poses, receiver: VmcReceiver, port: int, *, mirror: bool) -> None:
    sender = to(port, mirror=mirror)
    for seed in range(10):
        live = pose(seed)
        before = time.perf_counter()
        sender.send(live)
        got = receiver.newest(1.0)
        assert got is not None
        expected = mirrored(as_pose(live)) if mirror else as_pose(live)
        assert np.degrees(angle_between(got.pose.rotations, expected.rotations[0])).max() < 2e-4
        np.testing.assert_allclose(got.pose.hips, expected.hips[0], atol=1e-6)
        np.testing.assert_allclose(got.pose.rest, expected.rest, atol=1e-6)
        assert before < got.pose.time < time.perf_counter()
    sender.close()


def test_of_frames_that_wait_the_newest_is_given(pose: Poses, receiver: VmcReceiver, port: int) -> None:
    sender = to(port)
    for seed in range(5):
        sender.send(pose(seed))
    got = receiver.newest(1.0)
    sender.close()
    assert got is not None
    assert angle_between(got.pose.rotations, pose(4).rotations).max() < 1e-5
    assert receiver.newest(0.0) is None


def test_a_frame_in_single_messages_without_an_end_is_whole_when_no_more_come(
    pose: Poses, receiver: VmcReceiver, port: int
) -> None:
    client = SimpleUDPClient("127.0.0.1", port)
    for name, bone in bones_of(as_pose(pose(7))).items():
        client.send_message("/VMC/Ext/Bone/Pos", [name, *bone.position.tolist(), *bone.rotation.tolist()])
    got = receiver.newest(1.0)
    assert got is not None
    assert angle_between(got.pose.rotations, pose(7).rotations).max() < 1e-5


def test_what_a_program_leaves_out_stays_as_it_was(pose: Poses, receiver: VmcReceiver, port: int) -> None:
    sender = to(port)
    sender.send(pose(1))
    assert receiver.newest(1.0) is not None
    client = SimpleUDPClient("127.0.0.1", port)
    client.send_message("/VMC/Ext/Bone/Pos", ["Hips", 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    got = receiver.newest(1.0)
    sender.close()
    assert got is not None
    np.testing.assert_allclose(got.pose.hips, [0, 0, 1])
    np.testing.assert_allclose(got.pose.rest, pose(1).rest, atol=1e-6)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["Head"],
        ["Head", 1.0],
        ["Head", *[float("nan")] * 7],
        ["Head", *[0.0] * 7],
        [1.0] * 8,
        ["Head", *"1234567"],
    ],
)
def test_a_bone_that_makes_no_sense_is_ignored(
    receiver: VmcReceiver, port: int, arguments: list[object]
) -> None:
    SimpleUDPClient("127.0.0.1", port).send_message("/VMC/Ext/Bone/Pos", arguments)
    assert receiver.newest(0.1) is None


def test_whatever_comes_is_survived(pose: Poses, receiver: VmcReceiver, port: int) -> None:
    rng = np.random.default_rng(0)
    whole = frame_of(pose(0))[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.connect(("127.0.0.1", port))
        nested = b""
        for _ in range(3000):
            nested = b"#bundle\0" + bytes(7) + b"\1" + len(nested).to_bytes(4, "big") + nested
        stranger.send(nested[:60000])
        for _ in range(200):
            broken = bytearray(whole[: rng.integers(0, len(whole))])
            for place in rng.integers(0, max(1, len(broken)), 5) if broken else ():
                broken[place] = rng.integers(256)
            stranger.send(bytes(broken))
            receiver.newest(0.0)
    to(port).send(pose(1))
    got = receiver.newest(1.0)
    assert got is not None
    assert np.isfinite(got.pose.rotations).all()


def test_a_stream_without_a_pause_is_given_up_waiting_for(
    pose: Poses, receiver: VmcReceiver, port: int
) -> None:
    over = threading.Event()

    def flood() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            while not over.is_set():
                stranger.sendto(b"/noise\0\0,\0\0\0", ("127.0.0.1", port))

    thread = threading.Thread(target=flood)
    thread.start()
    began = time.perf_counter()
    assert receiver.newest(0.05) is None
    took = time.perf_counter() - began
    over.set()
    thread.join()
    assert took < 2.0
    while receiver.newest(0.0) is not None:
        pass
    to(port).send(pose(1))
    assert receiver.newest(1.0) is not None


def test_a_host_that_is_silent_is_told_of_once_and_served_when_it_comes(pose: Poses, port: int) -> None:
    told: list[str] = []
    sender = to(port, warn=told.append)
    for seed in range(5):
        sender.send(pose(seed))
        time.sleep(0.01)
    assert len(told) == 1
    assert f"127.0.0.1:{port}" in told[0]
    receiver = VmcReceiver(port)
    for seed in (8, 9):  # the first may still hear of the refusal
        sender.send(pose(seed))
    assert receiver.newest(1.0) is not None
    receiver.close()
    sender.close()


def test_a_network_that_is_down_stops_nothing(
    pose: Poses, port: int, monkeypatch: pytest.MonkeyPatch, receiver: VmcReceiver
) -> None:
    told: list[str] = []
    sender = to(port, warn=told.append)

    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    with monkeypatch.context() as down:
        down.setattr(VmcSender, "_connected", unreachable)
        sender.send(pose(0))
        sender.send(pose(0))
    assert told == [
        f"poses do not reach 127.0.0.1:{port} (Network is unreachable); "
        "switch on receiving there, or check the port"
    ]
    sender.send(pose(0))
    assert receiver.newest(1.0) is not None
    sender.close()


@pytest.mark.usefixtures("receiver")
def test_a_port_that_is_taken_and_a_host_that_is_none_are_told_of(port: int) -> None:
    with pytest.raises(BlazeRigError, match=rf"cannot listen at 127\.0\.0\.1:{port}: .*another port"):
        VmcReceiver(port)
    with pytest.raises(BlazeRigError, match=r"cannot find 'no such host'"):
        VmcSender("no such host", port, mirror=False, warn=refuse)
    with pytest.raises(BlazeRigError, match="no expressions 'oculus'; choose of: vrm, arkit"):
        to(port, face="oculus")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:39539", ("127.0.0.1", 39539)),
        (":39540", ("127.0.0.1", 39540)),
        ("39540", ("127.0.0.1", 39540)),
        ("studio.local:1", ("studio.local", 1)),
        ("[::1]:39539", ("::1", 39539)),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


@pytest.mark.parametrize("text", ["", "host", "host:", "host:0", "host:65536", "::1", "a:b:1", "host:1x"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BlazeRigError, match="no address; write it as HOST:PORT"):
        address(text)
