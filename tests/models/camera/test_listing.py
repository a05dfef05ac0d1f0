import dataclasses
import errno
import json
import os
import struct
from pathlib import Path

import pytest
from blazerig.models.camera import linux, macos, windows
from blazerig.models.camera.listed import Listed, Mode, chosen, needs_mjpg, numbered
from blazerig.models.camera.listing import list_cameras

YUYV, MJPG = (int.from_bytes(code, "little") for code in (b"YUYV", b"MJPG"))
OFFERED = {
    YUYV: {(640, 480): [(1, 30), (1, 15)], (1280, 720): [(1, 10)]},
    MJPG: {(1280, 720): [(1, 60), (1, 30)], (640, 480): [(1, 30)]},
}


class Kernel:
    """Answers like the driver of a USB camera; the devices are files whose content says what they are."""

    def __init__(self) -> None:
        self.busy = self.unplugged = False

    def __call__(self, file: int, request: int, answer: bytearray) -> int:
        if self.unplugged:
            raise OSError(errno.ENODEV, "no such device")
        kind, length = request & 0xFF, request >> 16 & 0x3FFF
        assert length == len(answer)
        {0: self._capability, 2: self._format, 8: self._buffers, 74: self._size, 75: self._interval}[kind](
            file, answer
        )
        return 0

    @staticmethod
    def _capability(file: int, answer: bytearray) -> None:
        whole = 0x1 | 0x04000000 | 0x80000000
        own = 0x04000000 | (0x1 if os.pread(file, 1, 0) == b"c" else 0x00800000)
        answer[:] = struct.pack("16s32s32sIII12x", b"uvcvideo", b"Webcam", b"usb", 0x060000, whole, own)

    @staticmethod
    def _format(_: int, answer: bytearray) -> None:
        (index,) = struct.unpack_from("I", answer)
        answer[44:48] = struct.pack("I", Kernel._at(list(OFFERED), index))

    def _buffers(self, _: int, answer: bytearray) -> None:
        assert struct.unpack_from("III", answer) == (0, 1, 1)
        if self.busy:
            raise OSError(errno.EBUSY, "busy")

    @staticmethod
    def _size(_: int, answer: bytearray) -> None:
        index, pixels = struct.unpack_from("II", answer)
        struct.pack_into("III", answer, 8, 1, *Kernel._at(list(OFFERED[pixels]), index))

    @staticmethod
    def _interval(_: int, answer: bytearray) -> None:
        index, pixels, width, height = struct.unpack_from("IIII", answer)
        struct.pack_into("III", answer, 16, 1, *Kernel._at(OFFERED[pixels][width, height], index))

    @staticmethod
    def _at(offered: list, index: int):
        if index >= len(offered):
            raise OSError(errno.EINVAL, "no more")
        return offered[index]


@pytest.fixture
def system(tmp_path: Path) -> tuple[Path, Path]:
    """What Linux shows of two cameras of one kind and another; each has a node that is no picture."""
    names = ["HD Webcam", "HD Webcam", "HD Webcam", "HD Webcam", "Loopback"]
    for number, name in zip((0, 1, 2, 3, 10), names, strict=True):
        folder = tmp_path / "sys" / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        (folder / "index").write_text(f"{number % 2}\n")
        (tmp_path / "dev").mkdir(exist_ok=True)
        (tmp_path / "dev" / folder.name).write_text("m" if number % 2 else "c")
    return tmp_path / "sys", tmp_path / "dev"


def test_linux_lists_what_gives_pictures_with_its_modes(system: tuple[Path, Path]) -> None:
    found = linux.cameras(*system, Kernel())
    assert [(camera.source, camera.name) for camera in found] == [
        ("0", "HD Webcam"),
        ("2", "HD Webcam (2)"),
        ("10", "Loopback"),
    ]
    assert found[0].modes == (
        Mode((1280, 720), 10.0, False),
        Mode((1280, 720), 60.0, True),
        Mode((640, 480), 30.0, False),
        Mode((640, 480), 30.0, True),
    )


def test_modes_are_asked_for_only_where_they_are_wanted(system: tuple[Path, Path]) -> None:
    found = linux.cameras(*system, Kernel(), modes=False)
    assert [(camera.source, camera.modes) for camera in found] == [("0", ()), ("2", ()), ("10", ())]


def test_a_camera_that_may_not_be_asked_is_listed_without_modes(system: tuple[Path, Path]) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "no")

    found = linux.cameras(*system, refuse)
    assert [camera.source for camera in found] == ["0", "2", "10"]
    assert all(camera.modes == () for camera in found)


def test_without_video4linux_there_is_no_camera(tmp_path: Path) -> None:
    assert linux.cameras(tmp_path / "none", tmp_path) == ()


def test_linux_says_what_is_in_the_way(system: tuple[Path, Path], tmp_path: Path) -> None:
    device, kernel = system[1] / "video0", Kernel()
    assert linux.obstacle(device, kernel) == ""
    program = tmp_path / "proc" / "17" / "fd"
    program.mkdir(parents=True)
    (program / "5").symlink_to(device)
    (program.parent / "comm").write_text("obs\n")
    kernel.busy = True
    assert "is in use by obs; close that" in linux.obstacle(device, kernel, tmp_path / "proc")
    assert "is in use by another program" in linux.obstacle(device, kernel, tmp_path / "none")
    kernel.unplugged = True
    assert "is unplugged" in linux.obstacle(device, kernel)
    assert "is not there" in linux.obstacle(tmp_path / "video9", kernel)


def test_linux_names_the_group_that_may_use_cameras(
    system: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "open", refuse)
    assert 'sudo usermod -aG video "$USER"' in linux.obstacle(system[1] / "video0")


def test_macos_counts_cameras_in_the_order_of_their_identities() -> None:
    entries = [
        {"_name": "iPhone Camera", "spcamera_model-id": "iPhone14,4", "spcamera_unique-id": "E463-01"},
        {"_name": "FaceTime HD Camera", "spcamera_model-id": "Built-in", "spcamera_unique-id": "6C70-05AC"},
        {"_name": "USB Camera", "spcamera_model-id": "UVC", "spcamera_unique-id": "0x11000000c45636d"},
    ]
    found = macos.parsed(json.dumps({"SPCameraDataType": entries}))
    assert [(camera.source, camera.name) for camera in found] == [
        ("0", "USB Camera"),
        ("1", "FaceTime HD Camera"),
        ("2", "iPhone Camera"),
    ]
    assert macos.parsed('{"SPCameraDataType": []}') == macos.parsed("no answer") == ()


WEBCAM = r"@device_pnp_\\?\usb#vid_046d&pid_0892#{65e8773d-8f56-11d0-a3b9-00a0c9223196}\global"
VIRTUAL = r"@device_sw_{860BB310-5D01-11D0-BD3B-00A0C911CE86}\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}"
MICROPHONE = r"@device_cm_{33D9A762-90C8-11D0-BD43-00A0C911CE86}\wave_{E26AD2BE-B335-41EC-BED5-40F982F21FF7}"
DEVICES = f'''"HD Webcam" (video)
  Alternative name "{WEBCAM}"
"OBS Virtual Camera" (none)
  Alternative name "{VIRTUAL}"
"Mikrofon (Realtek(R) Audio)" (audio)
  Alternative name "{MICROPHONE}"
Error opening dummy
'''
OPTIONS = """DirectShow video device options (from video devices)
 Pin "Capture" (alternative pin name "0")
  pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30
  pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30 (tv, bt470bg/bt709/unknown, topleft)
  pixel_format=yuyv422  min s=1280x720 fps=5 max s=1280x720 fps=10
  vcodec=mjpeg  min s=1280x720 fps=5 max s=1280x720 fps=60.0002
  unknown compression type 0x30323449  min s=640x360 fps=5 max s=640x360 fps=30
"""


def test_windows_cameras_keep_the_order_of_directshow() -> None:
    found = windows.parsed(DEVICES)
    assert [(entry.name, entry.microphone) for entry in found] == [
        ("HD Webcam", False),
        ("OBS Virtual Camera", False),
        ("Mikrofon (Realtek(R) Audio)", True),
    ]
    assert found[0].path == WEBCAM
    assert windows.parsed("Could not enumerate video devices (or none found).") == ()


def test_windows_modes_are_read() -> None:
    assert windows.parsed_modes(OPTIONS) == (
        Mode((1280, 720), 10.0, False),
        Mode((1280, 720), 60.0002, True),
        Mode((640, 480), 30.0, False),
    )


def test_every_system_can_be_asked_here() -> None:
    for platform in ("linux", "darwin", "win32", "haiku"):
        assert list_cameras(platform, modes=False) == tuple(
            dataclasses.replace(camera, modes=()) for camera in list_cameras(platform)
        )


def test_names_that_are_alike_are_numbered() -> None:
    names = [camera.name for camera in numbered(Listed(str(i), "Cam") for i in range(3))]
    assert names == ["Cam", "Cam (2)", "Cam (3)"]
    assert chosen("Cam (2)", numbered(Listed(str(i), "Cam") for i in range(3))).source == "1"


@pytest.mark.parametrize(
    ("size", "rate", "expected"),
    [
        ((1280, 720), 30.0, True),
        ((1280, 720), 10.0, False),
        ((640, 480), 30.0, False),
        ((1920, 1080), 30.0, True),
    ],
)
def test_jpeg_is_asked_for_where_raw_pictures_come_too_slowly(
    size: tuple[int, int], rate: float, expected: bool
) -> None:
    modes = (Mode((1280, 720), 10.0, False), Mode((1280, 720), 30.0, True), Mode((640, 480), 30.0, False))
    assert needs_mjpg(modes, size, rate) is expected
    assert needs_mjpg((), size, rate) is (size != (640, 480))
