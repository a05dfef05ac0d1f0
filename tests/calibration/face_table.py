"""Measures how the face net's landmarks answer to shapes and turns of rendered heads: solver/face/face.npz.

    .venv/bin/python tests/calibration/face_table.py DATA

DATA is the folder of face_rendered.py, of which only taught-*.npz are read. Every face counts mirrored too,
so that the table is symmetric.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.camera import AHEAD, Camera
from blazerig.solver.face.head import fit_head, seen_by, turns
from blazerig.solver.face.look import Look, look_at
from blazerig.solver.face.mirror import PARTNERS
from blazerig.solver.face.points import MEASURED
from blazerig.solver.face.shapes import INDEX, SHAPES
from blazerig.solver.face.table import PATH, Table
from blazerig.solver.face.weights import LOOKS, read_weights

SHRUNK = 0.1
"""How much of the noise's covariance is taken for uncorrelated."""
UNSEEN = 12.0
"""Information, in squared noise, below which a shape is taken for one that cannot be seen."""
UNSURE = ("cheekPuff", "mouthDimpleLeft", "mouthDimpleRight")
"""Shapes that were also found where real performers did nothing like them."""
EYES = [INDEX[name] for name in SHAPES if name.startswith("eye")]
_NEUTRAL = 20
_MIRROR = np.array([-1.0, 1.0, 1.0])
_ODD = 6


@dataclass(frozen=True)
class Person:
    image: np.ndarray
    camera: Camera
    turn: np.ndarray
    place: np.ndarray
    weights: np.ndarray
    neutral: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the face net's answer to shapes")
    parser.add_argument("data", type=Path)
    people = [load(path) for path in sorted(parser.parse_args().data.glob("taught-*.npz"))]
    reference, mirror = symmetric(np.mean([at_rest(person) for person in people], axis=0))
    bias = biases(people, reference)
    none = Table(reference, bias, np.zeros((len(bias), 4)), *(np.zeros(0),) * 4)
    looks = [look_at(person.image, person.camera, none) for person in people]
    eyes = eyes_turned(people, looks)
    away, angles, weights = doubled(*measured(people, looks), mirror)
    table = responses(Table(reference, bias, eyes, *(np.zeros(0),) * 4), away, angles, weights)
    table = with_gains(table, away, angles, weights)
    tell_unseen(table, people, looks)
    kinds = {name: np.float32 for name in vars(table)}
    np.savez_compressed(PATH, **{name: value.astype(kinds[name]) for name, value in vars(table).items()})
    print(PATH, PATH.stat().st_size // 1024, "KiB")


def load(path: Path) -> Person:
    with np.load(path) as file:
        seen = np.isfinite(file["image"]).all((1, 2))
        camera = Camera(float(file["focal"]), file["size"] / 2.0)
        neutral = (np.arange(len(seen)) < _NEUTRAL)[seen]
        return Person(file["image"][seen].astype(float), camera, file["turn"][seen], file["place"][seen],
                      file["weights"][seen], neutral)  # fmt: skip


def at_rest(person: Person) -> np.ndarray:
    """A person's neutral face in the head's true axes, as deep as the net says. Shape (478, 3)."""
    one = person.neutral
    image, place, turn = person.image[one], person.place[one], person.turn[one]
    aim = rotations.to_matrix(rotations.shortest_arc(place, AHEAD))
    rays = np.concatenate([person.camera.slopes(image[..., :2]), np.ones_like(image[..., :1])], axis=-1)
    rays = rays @ np.swapaxes(aim, 1, 2)
    far = rotations.length(place)[:, None] * (1.0 + image[..., 2:] / person.camera.focal)
    points = rays / rays[..., 2:] * far @ aim
    return ((points - place[:, None]) @ turn).mean(0)


def symmetric(face: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The face made symmetric, and of each of `MEASURED` which of them is on the other side."""
    far = np.linalg.norm((face * _MIRROR)[:, None] - face, axis=-1)
    mirror = far.argmin(1)
    assert (mirror[mirror[MEASURED]] == MEASURED).all()
    across = [int(np.flatnonzero(mirror[point] == MEASURED)[0]) for point in MEASURED]
    return (face + face[mirror] * _MIRROR) / 2.0, np.array(across)


def biases(people: list[Person], reference: np.ndarray) -> np.ndarray:
    """By how much fitted heads are turned too far; pitch is even in a mirror, yaw and roll are odd."""
    angles, over = [], []
    for person in people:
        seen, aim = seen_by(person.camera, person.image)
        head, _ = fit_head(seen, reference)
        truth = rotations.multiply(aim, rotations.from_matrix(person.turn))
        angles.append(turns(head))
        over.append(rotations.to_vector(rotations.multiply(rotations.inverse(truth), head)))
    angles, over = np.concatenate(angles), np.concatenate(over)
    found = np.zeros((angles.shape[1], 3))
    for axis in range(3):
        rows = slice(_ODD, None) if axis == 0 else slice(0, _ODD)
        found[rows, axis] = ridge(angles[:, rows], over[:, axis], 0.1)
    return found


def eyes_turned(people: list[Person], looks: list[Look]) -> np.ndarray:
    """How far irises seem to go when the head turns and the gaze, in the head, does not. Shape (P, 4)."""
    moved = [
        look.eyes - look.eyes[person.neutral].mean(0) for look, person in zip(looks, people, strict=True)
    ]
    angles, away = np.concatenate([look.angles for look in looks]), np.concatenate(moved).reshape(-1, 4)
    driven = np.concatenate([person.weights[:, EYES] for person in people])
    return ridge(np.concatenate([driven, angles], axis=1), away, 0.5)[driven.shape[1] :]


def measured(people: list[Person], looks: list[Look]) -> tuple[np.ndarray, ...]:
    """How far `MEASURED` are from each person's neutral face (F, M, 3), angles (F, P) and weights (F, 52)."""
    away = [
        look.points - look.points[person.neutral].mean(0) for look, person in zip(looks, people, strict=True)
    ]
    return (np.concatenate(away), np.concatenate([look.angles for look in looks]),
            np.concatenate([person.weights for person in people]))  # fmt: skip


def doubled(
    away: np.ndarray, angles: np.ndarray, weights: np.ndarray, mirror: np.ndarray
) -> tuple[np.ndarray, ...]:
    other = angles.copy()
    other[:, :_ODD] *= -1.0
    return (np.concatenate([away, away[:, mirror] * _MIRROR]), np.concatenate([angles, other]),
            np.concatenate([weights, weights[:, PARTNERS]]))  # fmt: skip


def responses(table: Table, away: np.ndarray, angles: np.ndarray, weights: np.ndarray) -> Table:
    """Linear answers by least squares, and what they say of shapes given the noise that is left."""
    measures = away.reshape(len(away), -1) * 1000.0
    inputs = np.concatenate([weights, angles], axis=1)
    answers = ridge(inputs, measures, 0.5)
    spread = np.cov((measures - inputs @ answers).T)
    spread = (1 - SHRUNK) * spread + SHRUNK * np.diag(np.diag(spread))
    shapes, turned = answers[:52], answers[52:]
    reading = np.linalg.solve(spread, shapes.T)
    curvature = shapes @ reading
    seen = np.diag(curvature) > UNSEEN
    seen[[INDEX[name] for name in UNSURE]] = False
    return Table(
        table.reference, table.bias, table.eyes, reading, turned @ reading, curvature, seen.astype(float)
    )


def with_gains(table: Table, away: np.ndarray, angles: np.ndarray, weights: np.ndarray) -> Table:
    """Gains that put weights at 1 where the truth is 1."""
    found = read_weights(away, angles, weights * LOOKS, table)
    gain = np.zeros(52)
    for name, shape in INDEX.items():
        on = (weights[:, shape] > 0.3) & (np.abs(angles[:, 0]) < 0.5)
        if not on.any() or LOOKS[shape] or not table.gain[shape]:
            continue
        alike = np.corrcoef(found[:, shape], weights[:, shape])[0, 1]
        slope = (found[on, shape] * weights[on, shape]).sum() / (weights[on, shape] ** 2).sum()
        gain[shape] = np.clip(1.0 / slope, 0.7, 2.5)
        print(f"{name:20} correlation {alike:5.2f}  seen at 1 as {slope:5.2f}  gain {gain[shape]:4.2f}")
    return Table(**{**vars(table), "gain": gain})


def tell_unseen(table: Table, people: list[Person], looks: list[Look]) -> None:
    """How little is seen of the shapes left out: information, and correlation of a linear reading of people
    who were not learned from."""
    away, angles, weights = measured(people, looks)
    inputs = np.concatenate([1000.0 * away.reshape(len(away), -1), angles], axis=1)
    person = np.repeat(np.arange(len(people)), [len(look.points) for look in looks])
    read = np.zeros_like(weights)
    for one in range(len(people)):
        others = person != one
        read[~others] = inputs[~others] @ ridge(inputs[others], weights[others], 300.0)
    for shape in np.flatnonzero((table.gain == 0) & ~LOOKS & (weights.std(0) > 0)):
        alike = np.corrcoef(read[:, shape], weights[:, shape])[0, 1]
        told = table.curvature[shape, shape]
        print(f"{SHAPES[shape]:20} left out: information {told:4.1f}, correlation {alike:.2f}")


def ridge(inputs: np.ndarray, outputs: np.ndarray, strength: float) -> np.ndarray:
    return np.linalg.solve(inputs.T @ inputs + strength * np.eye(inputs.shape[1]), inputs.T @ outputs)


if __name__ == "__main__":
    main()
