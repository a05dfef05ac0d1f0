"""A performer of known motion, and the take that perfect nets would make of it."""

from collections.abc import Callable

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.camera import camera_of, face_ray
from blazerig.solver.fit.skeleton import NODES, SPOTS
from blazerig.solver.hand_model import BONES, PALM, PALM_SHAPE, turns
from blazerig.solver.hand_view import STANDARD_PALM
from blazerig.solver.humanoid import FINGERS, INDEX, PARENTS, SLOTS, finger_slots, joint_positions, rest_pose
from blazerig.solver.landmarks import FINGER_ROOTS, HIPS
from blazerig.solver.pose import Pose
from blazerig.take import Hand, Take

SIZE = np.array([3840, 2160])
"""So large that even the hands are seen well."""
EYE_HEIGHT, DISTANCE = 1.2, 6.0
BENDS = {
    "leftLowerArm": (0.0, 0.0, -1.0),
    "rightLowerArm": (0.0, 0.0, 1.0),
    "leftLowerLeg": (1.0, 0.0, 0.0),
    "rightLowerLeg": (1.0, 0.0, 0.0),
}


def make_pose(local: dict[str, np.ndarray], hips: np.ndarray, fps: float = 30.0) -> Pose:
    """A pose from rotations against the parent, (F, 4) by slot; unnamed slots keep their parent's."""
    frames = len(hips)
    world = np.zeros((frames, len(SLOTS), 4))
    for i, (slot, parent) in enumerate(zip(SLOTS, PARENTS, strict=True)):
        own = np.broadcast_to(local.get(slot, rotations.IDENTITY), (frames, 4))
        world[:, i] = own if parent < 0 else rotations.multiply(world[:, parent], own)
    return Pose(np.arange(frames) / fps, world, hips, rest_pose())


def standing(frames: int = 30, **turns: tuple[float, float, float]) -> Pose:
    """Upright with hanging arms; `turns` are rotation vectors in degrees against the parent."""
    local = {
        "leftUpperArm": rotations.from_vector(np.radians([0.0, 75.0, 0.0])),
        "rightUpperArm": rotations.from_vector(np.radians([0.0, -75.0, 0.0])),
    }
    local |= {slot: rotations.from_vector(np.radians(turn)) for slot, turn in turns.items()}
    hips = np.tile(rest_pose()[INDEX["hips"]], (frames, 1))
    return make_pose({slot: np.tile(turn, (frames, 1)) for slot, turn in local.items()}, hips)


def wandering(seed: int, frames: int = 60) -> Pose:
    """Smooth random motion of every joint within its limits, in front of the camera."""
    random = np.random.default_rng(seed)
    time = np.arange(frames) / 30.0

    def wave(low: float, high: float) -> np.ndarray:
        phase, pace = random.uniform(0, 2 * np.pi), random.uniform(0.2, 0.5)
        return np.radians(low + (high - low) * (0.5 + 0.5 * np.sin(2 * np.pi * pace * time + phase)))

    def turn(*axes: tuple[float, float]) -> np.ndarray:
        return rotations.from_vector(np.stack([wave(*axis) for axis in axes], axis=-1))

    local = {
        "hips": turn((-8, 8), (-8, 8), (-25, 25)),
        "spine": turn((-3, 6), (-3, 3), (-4, 4)),
        "chest": turn((-3, 6), (-3, 3), (-4, 4)),
        "upperChest": turn((-3, 6), (-3, 3), (-4, 4)),
        "neck": turn((-8, 8), (-5, 5), (-12, 12)),
        "head": turn((-8, 8), (-5, 5), (-12, 12)),
        "leftUpperArm": turn((-20, 20), (10, 60), (-50, 10)),
        "rightUpperArm": turn((-20, 20), (-60, -10), (-10, 50)),
        "leftUpperLeg": turn((-45, -5), (-20, 5), (-10, 15)),
        "rightUpperLeg": turn((-45, -5), (-5, 20), (-15, 10)),
    }
    for slot, axis in BENDS.items():
        local[slot] = rotations.from_axis_angle(axis, wave(30, 90))
    for side in ("left", "right"):
        local[f"{side}Hand"] = turn((-20, 20), (-25, 25), (-15, 15))
        bends = np.stack([wave(5, 15)] + [wave(5, 60) for _ in FINGERS[1:]], axis=-1)
        local |= closing(side, bends)
    hips = rest_pose()[INDEX["hips"]] + np.stack([wave(-20, 20), wave(-15, 15), wave(-3, 3)], axis=-1)
    return make_pose(local, hips)


def closing(side: str, bends: np.ndarray) -> dict[str, np.ndarray]:
    """Rotations against the parent (F, 4) of the slots of fingers whose first two joints bend (F, 5)."""
    turned = turns(np.stack([0.0 * bends, bends, bends], axis=-1))
    if side == "right":
        turned = turned * [1.0, 1.0, -1.0, -1.0]
    local: dict[str, np.ndarray] = {}
    for digit, finger in enumerate(FINGERS):
        parent = rotations.IDENTITY
        for bone, slot in enumerate(finger_slots(side, finger)):
            local[slot] = rotations.multiply(rotations.inverse(parent), turned[:, digit, bone])
            parent = turned[:, digit, bone]
    return local


def squatting(frames: int = 75) -> Pose:
    """Down and up again on feet that stand; thigh and shin are equally long, so the hips go straight down."""
    lean = np.radians(50.0) * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frames) / frames))
    across = np.array([1.0, 0.0, 0.0])
    local = {
        "leftUpperArm": rotations.from_vector(np.radians([0.0, 75.0, 0.0])),
        "rightUpperArm": rotations.from_vector(np.radians([0.0, -75.0, 0.0])),
    }
    for side in ("left", "right"):
        for part, share in (("UpperLeg", -1.0), ("LowerLeg", 2.0), ("Foot", -1.0)):
            local[side + part] = rotations.from_axis_angle(across, share * lean)
    rest = rest_pose()
    leg = rest[INDEX["leftUpperLeg"], 2] - rest[INDEX["leftFoot"], 2]
    hips = np.tile(rest[INDEX["hips"]], (frames, 1))
    hips[:, 2] -= leg * (1 - np.cos(lean))
    return make_pose(local, hips)


def film(pose: Pose, *, fps: float = 30.0) -> Take:
    """What perfect nets would see: a level camera that looks along +Y at the performer."""
    joints = joint_positions(pose.rotations, pose.hips, pose.rest)
    body = spots(pose, joints)
    left, right = (_hand(pose, joints, side) for side in ("left", "right"))

    camera = camera_of(SIZE)

    def seen(points: np.ndarray) -> np.ndarray:
        """World to camera axes: x right, y down, z away."""
        return np.stack([points[..., 0], EYE_HEIGHT - points[..., 2], points[..., 1] + DISTANCE], axis=-1)

    def image(points: np.ndarray) -> np.ndarray:
        pixels = seen(points)[..., :2] / seen(points)[..., 2:] * camera.focal + camera.centre
        return np.concatenate([pixels, np.zeros_like(pixels[..., :1])], axis=-1)

    def metric(points: np.ndarray, origin: np.ndarray, towards: np.ndarray) -> np.ndarray:
        """As a net sees it whose camera looks at the crop: the inverse of `face_ray`."""
        slopes = camera.slopes(image(towards)[..., :2])
        ray = np.concatenate([slopes, np.ones((len(slopes), 1))], axis=-1)
        turn = rotations.inverse(rotations.shortest_arc([0.0, 0.0, 1.0], ray))
        turned = rotations.rotate(turn[:, None], seen(points) - seen(origin)[:, None])
        np.testing.assert_allclose(face_ray(turned, slopes), seen(points) - seen(origin)[:, None], atol=1e-9)
        return turned

    middle = body[:, list(HIPS)].mean(1)
    aim = image(body)[:, list(HIPS), :2].mean(1)
    aim_point = np.concatenate([(aim - camera.centre) / camera.focal, np.ones((len(aim), 1))], axis=-1)
    aim_world = np.stack([aim_point[:, 0], aim_point[:, 2] - DISTANCE, EYE_HEIGHT - aim_point[:, 1]], axis=-1)
    return Take(
        source="a known motion",
        fps=fps,
        times=pose.times,
        size=SIZE,
        body_image=image(body),
        body_world=metric(body, middle, aim_world),
        body_visibility=np.ones((len(body), 33)),
        body_confidence=np.ones((len(body), 33)),
        left=Hand(image(left), metric(left, middle, left[:, 0]), np.ones(len(body))),
        right=Hand(image(right), metric(right, middle, right[:, 0]), np.ones(len(body))),
    )


SLOT_AT = {"Elbow": "LowerArm", "Wrist": "Hand"}
"""Nodes of the fit that are no slots, and the slots whose joints lie there."""


def spots(pose: Pose, joints: np.ndarray) -> np.ndarray:
    """Where the nets put the landmarks of the standard person's body (F, 33, 3)."""

    def slots(nodes: np.ndarray) -> list[int]:
        names = [NODES[node].name for node in nodes]
        for node, slot in SLOT_AT.items():
            names = [name.replace(node, slot) if name.endswith(node) else name for name in names]
        return [INDEX[name] for name in names]

    turned = pose.rotations[:, slots(SPOTS.carrier)]
    return joints[:, slots(SPOTS.place)] + rotations.rotate(turned, SPOTS.offset)


def _hand(pose: Pose, joints: np.ndarray, side: str) -> np.ndarray:
    """Where the net puts the landmarks of the standard person's hand (F, 21, 3)."""
    mirror = np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
    wrist = INDEX[f"{side}Hand"]
    points = np.zeros((len(joints), 21, 3))
    shape = STANDARD_PALM * mirror * (PALM_SHAPE - PALM_SHAPE[0])
    points[:, PALM] = joints[:, None, wrist] + rotations.rotate(pose.rotations[:, None, wrist], shape)
    for digit, finger in enumerate(FINGERS):
        slots = [INDEX[slot] for slot in finger_slots(side, finger)]
        first, last = pose.rest[slots[1]] - pose.rest[slots[0]], pose.rest[slots[2]] - pose.rest[slots[1]]
        along = rotations.normalise([first, last, last]) * STANDARD_PALM * BONES[digit, :, None]
        ends = np.cumsum(rotations.rotate(pose.rotations[:, slots], along), axis=1)
        root = FINGER_ROOTS[finger]
        points[:, root + 1 : root + 4] = points[:, None, root] + ends
    return points


@pytest.fixture(scope="session")
def filmed() -> Callable[[Pose], Take]:
    return film


@pytest.fixture(scope="session")
def random_motion() -> Callable[[int], Pose]:
    return wandering


@pytest.fixture(scope="session")
def stance() -> Callable[..., Pose]:
    return standing


@pytest.fixture(scope="session")
def squat() -> Pose:
    return squatting()


@pytest.fixture(scope="session")
def posed() -> Callable[..., Pose]:
    return make_pose
