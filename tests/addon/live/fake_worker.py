"""What stands in for `blazerig live SOURCE --pipe`: the source says what it does."""

import json
import os
import sys
import threading
import time

import numpy as np
from blazerig.live.wire import Picture, Seen, note_message, picture_message, pose_message
from blazerig.solver import humanoid, rotations
from blazerig.solver.live_pose import LivePose

SOURCE = sys.argv[2]
"""`moving` at 100 poses a second, `still`, `nobody`, `broken`, `dies`, `gives up`, `over` or `deaf`."""
PIPE = sys.stdout.buffer
LOCK = threading.Lock()


def say(message: bytes) -> None:
    with LOCK:
        PIPE.write(message)
        PIPE.flush()


def listen() -> None:
    for line in sys.stdin:
        command = json.loads(line)
        say(note_message({"told": command}))
        if "calibrate" in command:
            say(note_message({"calibrating": command["calibrate"]}))
    if SOURCE != "deaf":
        os._exit(0)


def pose(number: int, captured: float) -> LivePose:
    """Arms go up and down, the hips sway; the same for a number."""
    turned = np.tile(rotations.IDENTITY, (len(humanoid.SLOTS), 1))
    up = 0.8 * np.sin(0.1 * number)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        arm = [f"{side}{part}" for part in ("UpperArm", "LowerArm", "Hand")]
        fingers = [slot for name in humanoid.FINGERS for slot in humanoid.finger_slots(side, name)]
        for slot in (*arm, *fingers):
            turned[humanoid.INDEX[slot]] = rotations.from_axis_angle([0.0, sign, 0.0], sign * 0.5 + up)
    rest = humanoid.rest_pose()
    hips = rest[0] + [0.1 * np.sin(0.05 * number), 0.0, 0.0]
    return LivePose(captured, turned, hips, rest, np.full(33, 0.9), np.zeros((33, 3)), np.ones(4))


def seen(number: int) -> Seen:
    now = time.perf_counter()
    body = np.linspace(0.1, 0.9, 66).reshape(33, 2)
    hands = np.full((21, 2), np.nan)
    return Seen(number, now - 0.05, now, pose(number, now - 0.05), SOURCE != "nobody", body, hands, hands)


threading.Thread(target=listen, daemon=True).start()
say(note_message({"ready": {"name": "fake", "size": [640, 480], "fps": 30.0, "provider": "cpu"}}))
say(note_message({"condition": "ok", "message": ""}))
number = 0
while True:
    number += 1
    if SOURCE != "still" or number == 1:
        say(picture_message(Picture(number, np.full((36, 64, 3), number % 255, np.uint8))))
        say(pose_message(seen(number)))
    if number == 5 and SOURCE == "dies":
        print("the camera caught fire", file=sys.stderr, flush=True)
        os._exit(3)
    if number == 5 and SOURCE == "gives up":
        say(note_message({"error": "camera 0 is gone; plug it in and start again"}))
        os._exit(1)
    if number == 5 and SOURCE == "over":
        os._exit(0)
    if number == 5 and SOURCE == "broken":
        say(b"this is no message")
    time.sleep(0.01)
