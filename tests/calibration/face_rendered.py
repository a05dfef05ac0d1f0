"""Renders heads whose pose, gaze and shapes are known, and looks at them with the face net.

    .venv/bin/python tests/calibration/face_rendered.py OUT [--people 12]

Needs `pip install bpy moderngl` beside the product's own requirements, OpenGL through EGL (the CPU's will
do: Debian's libegl1 and libgl1-mesa-dri), and ../shared (or $BLAZERIG_SHARED) with `synth/characters`.
Writes OUT/taught-NN.npz of random faces of the woman with proportions that vary, for face_response.py, and
of the man OUT/rest.npz, turns.npz, shapes.npz and mixed.npz, for bench-face. A frame takes 30 ms on one
core; the pictures are not kept, but for OUT/*.png of shapes.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import bpy  # noqa: F401 (face_head uses it)
import cv2
import numpy as np
from blazerig.models.face import follow_face
from blazerig.models.nets import FaceNets, Wanted, load_nets
from blazerig.models.roi import roi_of_picture
from blazerig.models.sessions import Processor
from blazerig.solver.face.shapes import INDEX, SHAPES
from face_head import load_head, widened
from face_shapes import Shaped, gaze_of, turn_of
from face_stage import Light, Stage

SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
SIZE = 400
FPS = 30.0
_LEARNED = 220
"""Frames of each person that is learned from; the first 20 are neutral and look ahead."""
_NOISE = 3.0
"""Standard deviation of the pictures' noise, of 255."""
_GROUPS = (
    ("eyeBlinkLeft", "eyeBlinkRight"), ("eyeSquintLeft", "eyeSquintRight"), ("eyeWideLeft", "eyeWideRight"),
    ("mouthSmileLeft", "mouthSmileRight"), ("mouthFrownLeft", "mouthFrownRight"), ("browInnerUp",),
    ("browDownLeft", "browDownRight"), ("browOuterUpLeft", "browOuterUpRight"), ("jawOpen",),
    ("cheekSquintLeft", "cheekSquintRight"), ("noseSneerLeft", "noseSneerRight"), ("mouthPucker",),
    ("mouthFunnel",), ("mouthStretchLeft", "mouthStretchRight"), ("mouthUpperUpLeft", "mouthUpperUpRight"),
    ("mouthLeft",), ("mouthRight",), ("mouthLowerDownLeft", "mouthLowerDownRight"),
    ("mouthPressLeft", "mouthPressRight"), ("jawLeft",), ("jawRight",),
    ("mouthDimpleLeft", "mouthDimpleRight"), ("mouthRollLower",), ("mouthRollUpper",), ("mouthShrugLower",),
    ("mouthShrugUpper",), ("jawForward",), ("mouthClose",), ("cheekPuff",),
    ("eyeLookUpLeft", "eyeLookUpRight"), ("eyeLookDownLeft", "eyeLookDownRight"),
    ("eyeLookInLeft", "eyeLookOutRight"), ("eyeLookOutLeft", "eyeLookInRight"),
)  # fmt: skip
"""Shapes that faces make together."""
_RIVALS = (
    ("eyeLookUp", "eyeLookDown"), ("eyeLookIn", "eyeLookOut"), ("eyeBlink", "eyeWide"),
    ("eyeSquint", "eyeWide"), ("jawLeft", "jawRight"), ("mouthLeft", "mouthRight"),
    ("mouthSmile", "mouthFrown"), ("browDown", "browOuterUp"), ("eyeBlink", "eyeSquint"),
    ("mouthPucker", "mouthStretch"), ("mouthPucker", "mouthSmile"),
)  # fmt: skip


@dataclass(frozen=True)
class Script:
    """What a head does: weights (F, 52), yaw, pitch and roll (F, 3), places (F, 3), metres.

    `flows` where each frame follows from the one before.
    """

    weights: np.ndarray
    turns: np.ndarray
    places: np.ndarray
    flows: bool = True


def main() -> None:
    parser = argparse.ArgumentParser(description="Render heads with known shapes")
    parser.add_argument("out", type=Path)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--only", choices=("woman", "man"), help="one of the two, to draw both at once")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    nets = load_nets(Processor(), Wanted(face=True), threads=1).face
    woman, man = (load_head(SHARED / "synth" / "characters" / f"{name}.blend") for name in ("woman", "man"))
    for number in range(options.people if options.only != "man" else 0):
        random = np.random.default_rng(100 + number)
        shaped = Shaped(widened(woman, np.exp(random.normal(0, 0.05, 3))))
        film(options.out / f"taught-{number:02d}.npz", shaped, random_script(random), nets, random)
    shaped = Shaped(man)
    for name, script in (
        ()
        if options.only == "woman"
        else (("rest", rest()), ("turns", turns()), ("shapes", one_by_one()), ("mixed", mixed()))
    ):
        film(options.out / f"{name}.npz", shaped, script, nets, np.random.default_rng(1))
    sys.stdout.flush()
    os._exit(0)  # bpy may hang while Python shuts down


def film(path: Path, shaped: Shaped, script: Script, nets: FaceNets, random: np.random.Generator) -> None:
    """Draw a script, look at each picture, and write landmarks and truth; what is there is kept."""
    if path.exists():
        return
    stage, light, focal = Stage(shaped.head.meshes, (SIZE, SIZE)), a_light(random), random.uniform(480, 900)
    pivot, found, region = shaped.head.pivot, [], None
    grain = random.normal(0, _NOISE, (9, SIZE, SIZE, 3)).astype(np.int16)
    for weights, angles, place in zip(script.weights, script.turns, script.places, strict=True):
        turn, meshes = turn_of(*angles), shaped(weights)
        for mesh in shaped.head.meshes:
            places = meshes[mesh.kind]
            turned = (places - pivot) @ turn.T + pivot
            where = np.array([place[0], place[1], place[2] * focal / 700])
            meshes[mesh.kind] = places + mesh.follows[:, None] * (turned - places) + where
        picture = stage.picture(meshes, focal, light)
        picture = cv2.add(picture, grain[random.integers(len(grain))], dtype=cv2.CV_8U)
        face, region = look(picture, nets, region if script.flows else None)
        found.append(np.full((478, 3), np.nan) if face is None else face.image)
    turned = np.array([turn_of(*angles) for angles in script.turns])
    where = script.places * [1, 1, focal / 700] + pivot - turned @ pivot
    np.savez_compressed(
        path, image=np.array(found, np.float32), weights=script.weights, turn=turned, place=where,
        focal=focal,
        gaze=np.array([gaze_of(weights) for weights in script.weights]), size=(SIZE, SIZE),
        angles=script.turns, times=np.arange(len(found)) / FPS,
    )  # fmt: skip
    cv2.imwrite(str(path.with_suffix(".png")), picture)
    print(
        path.name,
        len(found),
        "frames,",
        int(np.isnan(np.array(found)[:, 0, 0]).sum()),
        "without a face",
        flush=True,
    )


def look(picture, nets: FaceNets, region):
    """The face in the picture: found, and looked at where it was a frame before, as the tracker does.

    Where there was no frame before, a first look says where to look.
    """
    (fresh,) = nets.finder([picture], [roi_of_picture(picture)])
    if fresh is None:
        return None, None
    if region is None:
        (face,) = nets.net([picture], [fresh])
        region = None if face is None else face.image
    (face,) = nets.net([picture], [fresh if region is None else follow_face(fresh, region)])
    return face, None if face is None else face.image


def a_light(random: np.random.Generator) -> Light:
    sun = np.array([random.uniform(-0.8, 0.8), random.uniform(-0.9, -0.1), -0.8])
    strength = random.uniform(0.5, 0.8)
    pale = np.array([1.0, random.uniform(0.88, 1.0), random.uniform(0.8, 1.0)])
    tints = {"skin": random.uniform(0.55, 1.0) * pale,
             "hair": random.uniform(0.3, 1.3, 3), "cloth": random.uniform(0.2, 1.2, 3)}  # fmt: skip
    return Light(sun / np.linalg.norm(sun), np.full(3, strength), np.full(3, 1.05 - strength),
                 random.uniform(0.1, 0.8, 3), tints)  # fmt: skip


def random_script(random: np.random.Generator) -> Script:
    """Faces that have nothing to do with each other: alone, together, turned."""
    weights, turns = np.zeros((_LEARNED, 52)), np.zeros((_LEARNED, 3))
    for frame in range(20, _LEARNED):
        weights[frame] = a_face(random, int(random.choice([0, 1, 2, 3, 4], p=[0.12, 0.4, 0.2, 0.16, 0.12])))
        wide = random.random() < 0.5
        turns[frame] = random.normal(0, (0.45, 0.22, 0.2) if wide else (0.08, 0.06, 0.06))
    turns = np.clip(turns, [-1.0, -0.5, -0.5], [1.0, 0.5, 0.5])
    places = random.normal([0, 0.02, 0.62], [0.03, 0.02, 0.05], (_LEARNED, 3))
    return Script(weights, turns, places, flows=False)


def a_face(random: np.random.Generator, groups: int) -> np.ndarray:
    """Some groups of shapes at random strengths, at times one side; a closed mouth needs an open jaw."""
    weights = np.zeros(52)
    for group in random.choice(len(_GROUPS), groups, replace=False):
        names, strength = _GROUPS[group], random.uniform(0.15, 1.0)
        if len(names) == 2 and "Look" not in names[0] and random.random() < 0.5:
            names = (names[random.integers(2)],)
        for name in names:
            weights[INDEX[name]] = np.clip(strength * random.uniform(0.85, 1.15), 0, 1)
        if names == ("mouthClose",):
            weights[INDEX["jawOpen"]] = max(weights[INDEX["jawOpen"]], weights[INDEX["mouthClose"]])
    for one, other in _RIVALS:
        for side in ("", "Left", "Right"):
            if one + side in INDEX and other + side in INDEX and weights[INDEX[one + side]] > 0:
                weights[INDEX[other + side]] = 0.0
    return weights


def rest() -> Script:
    """Three seconds of a still face whose head sways by a degree."""
    time = np.arange(90) / FPS
    turns = np.radians(1.0) * np.stack([np.sin(2 * time), np.sin(3 * time), np.sin(1.3 * time)], axis=-1)
    return Script(np.zeros((90, 52)), turns, np.tile([0.0, 0.02, 0.6], (90, 1)))


def turns() -> Script:
    """The head turns to 60° left and right, nods and rolls by 30°, then turns about several axes."""
    sweep = np.sin(np.linspace(0, 2 * np.pi, 46))
    one = [np.radians(reach) * sweep[:, None] * np.eye(3)[axis] for axis, reach in enumerate((60, 30, 30))]
    time = np.linspace(0, 2 * np.pi, 90)
    several = np.radians([50, 22, 20]) * np.stack(
        [np.sin(time), np.sin(2 * time + 1), np.sin(3 * time)], axis=-1
    )
    angles = np.concatenate([np.zeros((30, 3)), *one, several])
    return Script(np.zeros((len(angles), 52)), angles, np.tile([0.0, 0.02, 0.6], (len(angles), 1)))


def one_by_one() -> Script:
    """Each shape alone: up in three frames, held, down in two, and a rest; after a second of rest."""
    ramp = np.array([0.33, 0.67, 1.0, 1.0, 0.5, 0.0, 0.0, 0.0])
    parts = [np.zeros((30, 52))]
    for name in SHAPES:
        part = np.zeros((len(ramp), 52))
        part[:, INDEX[name]] = ramp
        if name == "mouthClose":
            part[:, INDEX["jawOpen"]] = ramp
        parts.append(part)
    weights = np.concatenate(parts)
    return Script(weights, np.zeros((len(weights), 3)), np.tile([0.0, 0.02, 0.6], (len(weights), 1)))


def mixed() -> Script:
    """Twelve faces in turn, each a second long, while the head turns by up to 30°."""
    random = np.random.default_rng(7)
    faces = [np.zeros(52), *(a_face(random, 3) for _ in range(12)), np.zeros(52)]
    ramp = np.concatenate([np.linspace(0, 1, 8), np.ones(6), np.linspace(1, 0, 8), np.zeros(6)])
    weights = np.concatenate([ramp[:, None] * face for face in faces])
    time = np.arange(len(weights)) / FPS
    angles = np.radians([30, 12, 10]) * np.stack(
        [np.sin(1.1 * time), np.sin(1.7 * time), np.sin(0.9 * time)], axis=-1
    )
    return Script(weights, angles, np.tile([0.0, 0.02, 0.6], (len(weights), 1)))


if __name__ == "__main__":
    main()
