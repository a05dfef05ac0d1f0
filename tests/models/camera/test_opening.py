from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.camera.opening import open_camera
from blazerig.models.camera.plugged import Plugged


@pytest.fixture
def _no_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    none = partial(Plugged, listing=lambda **_: (), platform="linux")
    monkeypatch.setattr("blazerig.models.camera.opening.Plugged", none)


@pytest.mark.usefixtures("_no_cameras")
@pytest.mark.parametrize("word", ["0", "USB2.0", "Logi 4.0 Camera", "Webcam"])
def test_a_word_is_a_camera(word: str) -> None:
    with pytest.raises(BlazeRigError, match=f"there is no camera '{word}'"):
        open_camera(word)


@pytest.mark.parametrize("name", ["dance.mp4", "no folder/dance.MOV", "walk.webm"])
def test_a_file_that_is_not_there_is_no_camera(name: str) -> None:
    with pytest.raises(BlazeRigError, match="does not exist; check its name"):
        open_camera(name)


@pytest.mark.usefixtures("_no_cameras")
def test_a_number_is_a_camera_though_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").touch()
    with pytest.raises(BlazeRigError, match="there is no camera '7'"):
        open_camera("7")


def test_a_pattern_is_footage(
    tmp_path: Path, make_video: Callable[..., Path], noise: list[np.ndarray]
) -> None:
    make_video(noise[:1], [0.0], "walk_01.png", codec="png", pix_fmt="rgb24")
    camera = open_camera(str(tmp_path / "walk_##.png"))
    assert camera.size == (160, 120)
    camera.close()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("gopher://host/x", "gopher:// is no stream that can be read; there is: rtsp, "),
        ("http://", "cannot be opened"),
        (" ", "give a camera's number or name"),
    ],
)
def test_what_makes_no_sense_is_explained(source: str, expected: str) -> None:
    with pytest.raises(BlazeRigError, match=expected):
        open_camera(source)
