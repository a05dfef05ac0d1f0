import sys
from pathlib import Path

import pytest
from blazerig.models import machine


def test_a_folder_for_caches_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLAZERIG_CACHE", str(tmp_path))
    assert machine.cache_folder() == tmp_path


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", Path("/caches/blazerig")),
        ("darwin", Path("/home/me/Library/Caches/blazerig")),
        ("win32", Path("/local/blazerig/Cache")),
    ],
)
def test_caches_go_where_the_platform_keeps_them(
    platform: str, expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("XDG_CACHE_HOME", "/caches"), ("LOCALAPPDATA", "/local"), ("BLAZERIG_CACHE", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    monkeypatch.setattr(sys, "platform", platform)
    assert machine.cache_folder() == expected


@pytest.mark.parametrize("given", ["", "relative/caches"])
def test_without_a_usable_choice_linux_keeps_caches_at_home(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    monkeypatch.delenv("BLAZERIG_CACHE")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert machine.cache_folder() == Path("/home/me/.cache/blazerig")


def test_the_machine_has_a_processor_cores_and_a_system() -> None:
    assert machine.processor()
    assert machine.cores() >= 1
    assert machine.operating_system()
    assert all(machine.gpus())


def test_a_file_of_the_system_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert machine._text(tmp_path / "none") == ""
    assert machine._text(tmp_path) == ""
    assert machine._answer("blazerig-no-such-program") == ""


def test_the_gpus_of_linux_are_read_with_driver_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "proc/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.1\nGCC version: 12\n",
        "proc/gpus/0000:01:00.0/information": "Model: \t NVIDIA RTX 4090\nIRQ: 7\n",
        "drm/card0/device/vendor": "0x10de\n",
        "drm/card0/device/device": "0x2684\n",
        "drm/card1/device/vendor": "0x8086\n",
        "drm/card1/device/device": "0x46a6\n",
        "drm/card1-HDMI-A-1/device/vendor": "0x8086\n",
        "modules/i915/module/version": "1.6\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "modules/nvidia").mkdir()
    (tmp_path / "drm/card0/device/driver").symlink_to(tmp_path / "modules/nvidia")
    (tmp_path / "drm/card1/device/driver").symlink_to(tmp_path / "modules/i915")
    monkeypatch.setattr(machine, "_NVIDIA", tmp_path / "proc")
    monkeypatch.setattr(machine, "_CARDS", tmp_path / "drm")
    assert machine._linux_gpus() == (
        "NVIDIA RTX 4090 (NVIDIA UNIX x86_64 Kernel Module  550.1)",
        "0x8086:0x46a6 (i915 1.6)",
    )
