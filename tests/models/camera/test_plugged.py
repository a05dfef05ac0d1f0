import threading
import time

import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.camera.darkness import Darkness
from blazerig.models.camera.device import Device
from blazerig.models.camera.listed import Listed
from blazerig.models.camera.plugged import Plugged
from blazerig.models.camera.running import Running

from .feeds import Desk, until


def plugged(desk: Desk, word: str = "0", **how: object) -> Plugged:
    settings = {"obstacle": lambda _: "", "platform": "linux", **how}
    return Plugged(word, listing=desk.listing, opener=desk.opener, **settings)


def running(desk: Desk, **how: object) -> Running:
    return Running(desk.name, plugged(desk, **how), retry=0.02)


def test_a_camera_runs_and_is_let_go() -> None:
    desk = Desk()
    camera = running(desk)
    frame = camera.newest(3, 5.0)
    assert frame is not None
    assert (camera.size, camera.fps, camera.condition().state) == ((64, 48), 30.0, "running")
    camera.close()
    assert until(lambda: desk.released == 1)


def test_size_rate_and_compression_are_asked_for() -> None:
    desk = Desk()
    plugged(desk, size=(1920, 1080), rate=60.0)().close()
    assert desk.asked == {
        cv2.CAP_PROP_FPS: 60.0,
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: 1920.0,
        cv2.CAP_PROP_FRAME_HEIGHT: 1080.0,
        cv2.CAP_PROP_BUFFERSIZE: 2.0,
    }
    desk.asked.clear()
    plugged(desk, size=(640, 480))().close()
    assert cv2.CAP_PROP_FOURCC not in desk.asked


def test_windows_takes_the_next_way_where_the_first_fails() -> None:
    desk = Desk()
    desk.refusing = {cv2.CAP_DSHOW}
    plugged(desk, platform="win32")().close()
    assert desk.opened == [(0, cv2.CAP_DSHOW), (0, cv2.CAP_MSMF)]


def test_a_camera_is_found_by_its_name_and_by_a_part_of_it() -> None:
    desk = Desk("HD Webcam C920")
    assert plugged(desk, "HD Webcam C920").name == plugged(desk, "c920").name == "HD Webcam C920"


def test_what_there_is_is_told_where_it_is_not_found() -> None:
    desk = Desk("HD Webcam C920")
    with pytest.raises(BlazeRigError, match="there is no camera '1'; there is: 0 HD Webcam C920"):
        plugged(desk, "1")
    desk.number = None
    with pytest.raises(BlazeRigError, match="nor any other: plug one in"):
        plugged(desk, "0")
    with pytest.raises(BlazeRigError, match="/dev/video77 is not there"):
        plugged(desk, "/dev/video77")


def test_where_the_system_lists_none_a_number_is_tried_all_the_same() -> None:
    desk = Desk()
    camera = Plugged(
        "0", listing=lambda **_: (), opener=desk.opener, obstacle=lambda _: "", platform="darwin"
    )
    camera().close()
    assert desk.opened == [(0, cv2.CAP_AVFOUNDATION)]


def test_what_is_in_the_way_is_told_before_the_camera_is_opened() -> None:
    desk = Desk()
    with pytest.raises(BlazeRigError, match="in use by obs"):
        running(desk, obstacle=lambda _: "in use by obs")
    assert desk.opened == []


def test_a_camera_that_refuses_says_what_to_do() -> None:
    desk = Desk()
    desk.refusing = {cv2.CAP_V4L2}
    with pytest.raises(BlazeRigError, match="Webcam cannot be opened; close other programs"):
        running(desk)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blazerig.models.camera.device._SILENCE", 0.05)
    monkeypatch.setattr(
        Device.__init__, "__kwdefaults__", {**Device.__init__.__kwdefaults__, "silence": 0.05}
    )


@pytest.mark.usefixtures("_impatient")
def test_an_unplugged_camera_is_found_again_under_another_number() -> None:
    desk = Desk()
    camera = running(desk)
    desk.number = None
    assert until(lambda: camera.condition().state == "lost")
    assert camera.condition().message == "Webcam is unplugged; plug it in again: it goes on by itself"
    time.sleep(0.1)
    assert camera.condition().message == "Webcam is unplugged; plug it in again: it goes on by itself"
    last = camera.newest(-1, 0.0)
    desk.shape, desk.number = (96, 128, 3), 4
    assert last is not None
    frame = camera.newest(last.index, 5.0)
    assert frame is not None
    assert frame.picture.shape == (48, 64, 3)
    assert (desk.opened[0][0], desk.opened[-1][0]) == (0, 4)
    assert until(lambda: camera.condition().state == "running")
    camera.close()


@pytest.mark.usefixtures("_impatient")
def test_a_camera_that_falls_silent_while_plugged_in_is_opened_anew() -> None:
    desk = Desk()
    camera = running(desk)
    desk.failing = True
    assert until(lambda: camera.condition().state == "stalled")
    assert "plugged in but gives no pictures" in camera.condition().message
    desk.failing = False
    assert until(lambda: camera.condition().state == "running")
    camera.close()


def test_a_single_damaged_frame_is_no_loss() -> None:
    desk = Desk()
    camera = running(desk)
    desk.failing = True
    time.sleep(0.05)
    desk.failing = False
    assert camera.newest(10, 5.0) is not None
    assert len(desk.opened) == 1
    camera.close()


def test_a_picture_that_opencv_stumbles_over_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    device = plugged(desk)()
    calls: list[int] = []

    def stumble(_capture: Desk.Capture) -> tuple[bool, np.ndarray]:
        if threading.current_thread() is not threading.main_thread():  # another test's camera, still closing
            return True, np.zeros(desk.shape, np.uint8)
        calls.append(1)
        if len(calls) < 3:
            raise cv2.error("damaged")
        return len(calls) > 3, np.zeros(desk.shape, np.uint8)

    monkeypatch.setattr(Desk.Capture, "retrieve", stumble)
    assert device.read() is not None
    assert len(calls) == 4


def test_closing_returns_at_once_though_the_driver_hangs() -> None:
    desk = Desk()
    camera = running(desk)
    desk.hanging.clear()
    time.sleep(0.02)
    began = time.perf_counter()
    camera.close()
    assert time.perf_counter() - began < 0.1
    desk.hanging.set()
    assert until(lambda: desk.released == 1)


def test_the_drivers_own_stamp_is_believed_while_it_is_recent() -> None:
    desk = Desk()
    device = Device("Webcam", desk.opener(0, 0), stamped=True)
    desk.stamp = 1e3 * (time.perf_counter() - 0.02)
    captured = device.read()
    assert captured is not None
    assert captured.time == pytest.approx(desk.stamp / 1e3)
    for wrong in (0.0, 1e3 * (time.perf_counter() - 60.0), 1e3 * (time.perf_counter() + 60.0)):
        desk.stamp = wrong
        captured = device.read()
        assert captured is not None
        assert abs(time.perf_counter() - captured.time) < 0.5


def test_a_black_picture_is_told_after_two_seconds_and_no_longer_when_it_is_lit() -> None:
    dark, black = Darkness(), np.zeros((480, 640, 3), np.uint8)
    noisy = np.random.default_rng(2).integers(0, 25, black.shape, np.uint8)
    lit = np.full_like(black, 60)
    assert [dark(black, 0.0), dark(noisy, 1.0), dark(black, 2.5)] == [False, False, True]
    assert [dark(lit, 3.0), dark(black, 4.0)] == [False, False]


def test_a_covered_camera_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blazerig.models.camera.darkness._SECONDS", 0.05)
    desk = Desk()
    desk.shade = 3
    camera = running(desk)
    assert until(lambda: "picture of Webcam is black: take off its cover" in camera.condition().message)
    assert camera.condition().state == "running"
    desk.shade = 100
    assert until(lambda: camera.condition().message == "")
    camera.close()


def test_two_cameras_that_fit_are_both_named() -> None:
    both = (Listed("0", "HD Webcam"), Listed("2", "HD Webcam (2)"))
    assert Plugged("HD Webcam (2)", listing=lambda **_: both, platform="linux").name == "HD Webcam (2)"
    with pytest.raises(BlazeRigError, match=r"give the number of one: 0 HD Webcam, 2 HD Webcam \(2\)"):
        Plugged("webcam", listing=lambda **_: both, platform="linux")


def test_a_number_and_a_device_that_is_no_camera_stay_what_they_are() -> None:
    with pytest.raises(BlazeRigError, match="there is no camera '/dev/null'; there is: 0 Webcam"):
        plugged(Desk(), "/dev/null")
