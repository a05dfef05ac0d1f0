"""Another program's poses through a whole session: to Blender's pipe, and on to a third program."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from blazerig.live.pipe import Pipe
from blazerig.live.session import Session
from blazerig.live.vmc.program import Program
from blazerig.live.vmc.receiver import VmcReceiver
from blazerig.live.vmc.sender import VmcSender
from blazerig.live.wire import Seen, messages
from blazerig.models.sessions import Processor
from blazerig.solver.face.face_motion import at_rest
from blazerig.solver.face.shapes import INDEX
from blazerig.solver.live_pose import LivePose
from blazerig.solver.rotations import angle_between

Poses = Callable[..., LivePose]


class Kept(io.BytesIO):
    """What was written stays readable after the end."""

    def close(self) -> None:
        """Stays open."""


def test_another_programs_performer_is_driven_to_blender_and_on(pose: Poses, port: int) -> None:
    onward = VmcReceiver(0)
    third = onward._socket.getsockname()[1]
    out, sent, winking = Kept(), pose(3), at_rest(0.0)
    winking.weights[0, INDEX["eyeBlinkLeft"]] = 1.0
    pipe = Pipe(out)
    session = Session(Program(f"vmc://127.0.0.1:{port}"), Processor(), [pipe])
    sender = VmcSender("127.0.0.1", port, mirror=False, warn=pytest.fail)
    turns = itertools.count()

    def commands() -> list[dict[str, Any]]:
        sender.send(sent, winking)
        command = {"vmc": {"host": "127.0.0.1", "port": third, "mirror": False, "face": "arkit"}}
        return [command] if next(turns) == 0 else []

    session.run(commands, lambda: session.meter.poses >= 5)
    session.close()
    pipe.close()
    sender.close()
    got = list(messages(io.BytesIO(out.getvalue())))
    poses = [message for message in got if isinstance(message, Seen)]
    assert poses
    assert all(message.seen for message in poses)
    assert np.degrees(angle_between(poses[-1].pose.rotations, sent.rotations)).max() < 1e-3
    ready = next(message["ready"] for message in got if isinstance(message, dict) and "ready" in message)
    assert ready["name"] == f"VMC at 127.0.0.1:{port}"
    passed = onward.newest(1.0)
    onward.close()
    assert passed is not None
    assert np.degrees(angle_between(passed.pose.rotations, sent.rotations)).max() < 1e-3
    for face in (poses[-1].face, passed.face):
        assert face is not None
        np.testing.assert_allclose(face.weights, winking.weights)


def test_a_program_that_is_silent_is_told_of_and_waited_for(pose: Poses, port: int) -> None:
    program = Program(f"vmc://:{port}")
    condition = program.camera.condition()
    assert condition.state == "opening"
    assert f"127.0.0.1:{port}" in condition.message
    assert program.step(0.01) is None
    assert not program.over
    sender = VmcSender("127.0.0.1", port, mirror=False, warn=pytest.fail)
    threading.Timer(0.05, sender.send, [pose(1)]).start()
    live = program.step(2.0)
    assert live is not None
    assert live.elsewhere
    assert program.camera.condition().state == "running"
    assert program.camera.last is not None
    program.camera.last -= 2.0
    assert program.camera.condition().state == "stalled"
    program.close()
    sender.close()
