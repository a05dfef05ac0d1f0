"""What stands in for `blazerig live SOURCE --pipe`: the source says what it does."""

import json
import os
import sys
import threading
import time
from pathlib import Path

import numpy as np
from blazerig.live.wire import Picture, Seen, note_message, picture_message, pose_message
from blazerig.solver import humanoid, rotations
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.live_pose import LivePose

if sys.argv[1] == "cameras":
    found = [
        {"source": "0", "name": "Webcam", "modes": "1280x720 at 30/s"},
        {"source": "2", "name": "C2", "modes": ""},
    ]
    print(json.dumps({"cameras": found, "microphones": [], "problem": os.environ.get("PROBLEM", "")}))
    sys.exit()
SOURCE = sys.argv[2]
"""`moving` at 100 poses a second, `still`, `nobody`, `broken`, `dies`, `gives up`, `over` or `deaf`;
`recorder` moves and records, too, and `empty room` records nobody."""
PIPE = sys.stdout.buffer
LOCK = threading.Lock()
FACE = "--face" in sys.argv
RECORDS = SOURCE in ("recorder", "empty room")


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
            say(note_message({"calibrated": "calibrated on 2.0 s of standing still"}))
        if RECORDS and "record" in command:
            recordings.begin(Path(command["record"]), command["from"], command.get("audio"))
        if RECORDS and "record_end" in command:
            recordings.stop(command["record_end"])
    for note in recordings.close() if RECORDS else ():
        say(note_message(note))
    if SOURCE != "deaf":
        os._exit(0)


def record(seen: Seen) -> None:
    """As the real worker does, but for what the nets saw, which is the same in every frame."""
    performer = None if SOURCE == "empty room" else somebody
    one = Recording(face=False)
    one.add(seen.captured, performer)
    frame = Frame(seen.number, seen.captured, np.zeros((1, 1, 3), np.uint8))
    take = one.take("fake", 30.0, (640, 480), None)
    recordings.add(LiveFrame(frame, performer, take, seen.pose, {}, face=seen.face))
    for note in recordings.notes():
        say(note_message(note))


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


def face(number: int, captured: float) -> FaceMotion | None:
    """The mouth opens and shuts, and the left eye is half shut; the same for a number."""
    weights = np.zeros((1, len(SHAPES)))
    weights[0, INDEX["jawOpen"]] = 0.5 + 0.4 * np.sin(0.1 * number)
    weights[0, INDEX["eyeBlinkLeft"]] = 0.5
    still = rotations.IDENTITY[None], np.array([[0.0, 0.0, 1.0]]), np.zeros((1, 2, 2)), np.ones(1)
    return FaceMotion(np.array([captured]), weights, *still) if FACE else None


def seen(number: int) -> Seen:
    now = time.perf_counter()
    body = np.linspace(0.1, 0.9, 66).reshape(33, 2)
    hands = np.full((21, 2), np.nan)
    there = SOURCE not in ("nobody", "empty room")
    at = now - 0.05
    return Seen(number, at, now, pose(number, at), there, body, hands, hands, face(number, at))


if RECORDS:
    from blazerig.live import recorder
    from blazerig.live.frame import LiveFrame
    from blazerig.live.recordings import Recordings
    from blazerig.models.body import Body
    from blazerig.models.holistic import Performer
    from blazerig.models.recording import Recording
    from blazerig.models.video import Frame
    from blazerig.solver.live import LiveSolver

    recorder.PAUSE, recorder.SHARE = 0.05, 0.0
    recordings = Recordings(LiveSolver((640, 480)))
    points = np.linspace(50.0, 430.0, 99).reshape(33, 3)
    body = Body(points, points / 1000.0, *np.full((3, 33), 0.9))
    somebody = Performer(body, body)

threading.Thread(target=listen, daemon=True).start()
say(note_message({"ready": {"name": "fake", "size": [640, 480], "fps": 30.0, "provider": "cpu"}}))
say(note_message({"condition": "ok", "message": ""}))
number = 0
while True:
    number += 1
    if SOURCE != "still" or number == 1:
        say(picture_message(Picture(number, np.full((36, 64, 3), number % 255, np.uint8))))
        now = seen(number)
        say(pose_message(now))
        if RECORDS:
            record(now)
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
