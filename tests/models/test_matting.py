"""Footage to mattes, whole, ended early, and on bad input. How they look is compared in test_matte.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.matting import write_mattes
from blazerig.models.track import Progress, Stopped, track
from blazerig.models.video import Video

Make = Callable[..., Path]
END = 0.4


def pictures(folder: Path) -> list[np.ndarray]:
    return [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in sorted(folder.iterdir())]


def frames(path: Path) -> int:
    with Video(path, end=END) as video:
        return sum(1 for _ in video.frames())


@pytest.mark.parametrize("net", ["pose", "selfie"])
def test_the_matte_covers_the_body_and_nothing_far_from_it(net: str, person: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    matted = write_mattes(person, tmp_path / "mattes", net=net, end=END, provider="cpu", progress=told.append)
    mattes = pictures(tmp_path / "mattes")
    take = track(person, end=END, provider="cpu").take
    assert len(mattes) == matted.frames == len(take)
    assert not matted.stopped
    assert [now.frame for now in told if now.stage == "mattes"] == list(range(1, len(take) + 1))
    for matte, body in zip(mattes, take.body_image, strict=True):
        trunk = body[[11, 12, 23, 24], :2]
        columns, rows = trunk.mean(0).round().astype(int)
        assert matte[rows, columns] > 250
        y, x = np.nonzero(matte > 128)
        low, high = body[:, :2].min(0), body[:, :2].max(0)
        margin = 0.3 * (high - low).max()
        assert ((np.column_stack([x, y]) > low - margin) & (np.column_stack([x, y]) < high + margin)).all()


def test_a_video_of_mattes_has_the_footages_frames_size_and_rate(person: Path, tmp_path: Path) -> None:
    write_mattes(person, tmp_path / "matte.mkv", net="selfie", end=END, provider="cpu")
    with Video(person) as footage, av.open(str(tmp_path / "matte.mkv")) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == footage.size
        assert float(stream.average_rate or 0) == pytest.approx(footage.fps, rel=1e-3)
        assert sum(1 for _ in file.decode(stream)) == frames(person)


def stop_at(stage: str, frame: int) -> Callable[[Progress], None]:
    def progress(now: Progress) -> None:
        if now.stage == stage and now.frame >= frame:
            raise Stopped

    return progress


def test_stopped_it_keeps_the_mattes_so_far(person: Path, tmp_path: Path) -> None:
    out = tmp_path / "mattes"
    matted = write_mattes(person, out, end=END, provider="cpu", progress=stop_at("mattes", 5))
    assert matted.stopped
    assert matted.frames == len(pictures(out)) == 5
    assert matted.warnings == ("stopped after 5 frames",)
    assert [path.name for path in tmp_path.iterdir()] == ["mattes"]


def test_stopped_before_the_first_matte_it_writes_nothing(person: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_mattes(person, tmp_path / "mattes", provider="cpu", progress=stop_at("people", 1))
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_said_and_for_the_selfie_net_black(
    make_video: Make, noise: list[np.ndarray], tmp_path: Path
) -> None:
    clip = make_video(noise[:3], [0.0, 0.1, 0.2])
    with pytest.raises(BlazeRigError, match=r"nobody was found in made\.mp4"):
        write_mattes(clip, tmp_path / "mattes", provider="cpu")
    assert not (tmp_path / "mattes").exists()
    write_mattes(clip, tmp_path / "mattes", net="selfie", provider="cpu")
    assert [matte.max() < 128 for matte in pictures(tmp_path / "mattes")] == [True] * 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"net": "best"}, "unknown net 'best'; there are: pose, selfie"),
        ({"performer": "all"}, "a matte is of one performer"),
        ({"performer": "me"}, "unknown performer 'me'"),
        ({"performer": "7"}, "there is no performer 7"),
        ({"provider": "abacus"}, "unknown provider 'abacus'"),
        ({"start": 1e4, "end": None}, "there is no frame from"),
    ],
)
def test_what_makes_no_sense_is_refused(
    options: dict[str, str | float | None], said: str, person: Path, tmp_path: Path
) -> None:
    with pytest.raises(BlazeRigError, match=said):
        write_mattes(person, tmp_path / "mattes", **({"provider": "cpu", "end": END} | options))
    assert list(tmp_path.iterdir()) == []


def test_footage_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BlazeRigError, match="does not exist"):
        write_mattes(tmp_path / "missing.mp4", tmp_path / "mattes", provider="cpu")
