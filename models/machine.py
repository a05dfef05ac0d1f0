"""The machine as far as the system tells: processor, GPUs and their drivers, the folder for caches."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

_DRIVER_CHOICES = ("VK_ICD_FILENAMES", "VK_DRIVER_FILES", "CUDA_VISIBLE_DEVICES", "DRI_PRIME")
_DISPLAY_ADAPTERS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
_NVIDIA = Path("/proc/driver/nvidia")
_CARDS = Path("/sys/class/drm")
_PATIENCE = 5.0


def cache_folder() -> Path:
    """Where what can be made again is kept: `BLAZERIG_CACHE`, or the system's place for this user's caches.

    It need not be there yet.
    """
    return _own_folder("BLAZERIG_CACHE", "Cache", "Caches", ("XDG_CACHE_HOME", ".cache"))


def data_folder() -> Path:
    """Where what the user added is kept: `BLAZERIG_DATA`, or the system's place for this user's data.

    It need not be there yet.
    """
    return _own_folder("BLAZERIG_DATA", "Data", "Application Support", ("XDG_DATA_HOME", ".local/share"))


def _own_folder(variable: str, windows: str, mac: str, xdg: tuple[str, str]) -> Path:
    if chosen := os.environ.get(variable):
        return Path(chosen).absolute()
    if sys.platform == "win32":
        return (
            Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "blazerig" / windows
        )
    if sys.platform == "darwin":
        return Path.home() / "Library" / mac / "blazerig"
    # Relative paths are to be ignored: https://specifications.freedesktop.org/basedir-spec/
    given = Path(os.environ.get(xdg[0], ""))
    return (given if given.is_absolute() else Path.home() / xdg[1]) / "blazerig"


def operating_system() -> str:
    """Its name and version; on Linux that of the kernel, which holds most drivers."""
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]} {platform.machine()}"
    return f"{platform.system()} {platform.release()} {platform.version()} {platform.machine()}"


def processor() -> str:
    """The name of the CPU as its maker gives it, where the system tells."""
    if sys.platform == "linux":
        lines = _text(Path("/proc/cpuinfo")).splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        return names[0] if names else platform.machine()
    if sys.platform == "darwin":
        return _answer("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def cores() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gpus() -> tuple[str, ...]:
    """The GPUs with their drivers, as far as the system tells; on a Mac it is a part of the processor."""
    if sys.platform == "linux":
        return _linux_gpus()
    if sys.platform == "win32":
        return _windows_gpus()
    return (processor(),)


def driver_choices() -> dict[str, str]:
    """The environment's variables that make a program use another GPU or driver."""
    return {name: os.environ[name] for name in _DRIVER_CHOICES if name in os.environ}


def _linux_gpus() -> tuple[str, ...]:
    """NVIDIA's driver tells names and version; of the others the PCI identity and the module are known."""
    version = _text(_NVIDIA / "version").partition("\n")[0]
    nvidia = [
        f"{line.partition(':')[2].strip()} ({version.partition(':')[2].strip()})"
        for card in sorted(_NVIDIA.glob("gpus/*/information"))
        for line in _text(card).splitlines()
        if line.startswith("Model")
    ]
    others: list[str] = []
    for card in sorted(_CARDS.glob("card[0-9]*/device")):
        module = (card / "driver").resolve().name
        if "-" not in card.parent.name and not (nvidia and module == "nvidia"):
            maker, model = (_text(card / part).strip() for part in ("vendor", "device"))
            release = _text(card / "driver" / "module" / "version").strip()
            others.append(f"{maker}:{model} ({' '.join(filter(None, (module, release)))})")
    return (*nvidia, *others)


def _windows_gpus() -> tuple[str, ...]:
    """From the registry's list of display adapters."""
    if sys.platform != "win32":
        return ()
    import winreg

    found: list[str] = []
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _DISPLAY_ADAPTERS) as adapters:
        for i in range(winreg.QueryInfoKey(adapters)[0]):
            name = winreg.EnumKey(adapters, i)
            if not name.isdigit():
                continue
            with winreg.OpenKey(adapters, name) as adapter:
                try:
                    values = [winreg.QueryValueEx(adapter, key)[0] for key in ("DriverDesc", "DriverVersion")]
                except FileNotFoundError:
                    continue
            found.append("{} ({})".format(*values))
    return tuple(found)


def _text(path: Path) -> str:
    """What a file of the system says; empty where there is none."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _answer(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
