"""The zip: what is in it, what its manifest says, and that the same sources make the same bytes."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from blazerig import VERSION
from blazerig.errors import BlazeRigError
from blazerig.release import extension, wheels

PINS = wheels.pinned()
ALL = [(tag, platform) for tag in extension.TAGS for platform in extension.PLATFORMS if platform in PINS[tag]]
SYSTEMS = {
    "linux-x64": r"manylinux.*_x86_64",
    "macos-arm64": r"macosx_\d+_\d+_arm64",
    "macos-x64": r"macosx_\d+_\d+_x86_64",
    "windows-x64": "win_amd64",
}


@pytest.fixture(scope="module", autouse=True)
def hollow_wheels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Wheels of the right names with nothing in them."""
    folder = tmp_path_factory.mktemp("wheels")

    def fetch(name: str, _sha256: str, _folder: Path) -> Path:
        (folder / name).write_bytes(name.encode())
        return folder / name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extension, "fetch", fetch)
        yield


@pytest.fixture
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little to compress, where it does not matter what is packed."""
    monkeypatch.setattr(extension, "PACKED", ("errors.py", "models/weights/hand_recrop.onnx"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The whole zip but for what is in its wheels."""
    return make(tmp_path_factory.mktemp("whole"))


def make(out: Path, platform: str = "linux-x64", tag: str = "cp311") -> zipfile.ZipFile:
    return zipfile.ZipFile(extension.build([platform], [tag], out)[0])


def manifest(archive: zipfile.ZipFile) -> dict[str, object]:
    return tomllib.loads(archive.read("blender_manifest.toml").decode())


@pytest.mark.parametrize(("tag", "platform"), ALL)
def test_pinned_wheels_fit_their_python_and_platform(tag: str, platform: str) -> None:
    projects = set()
    for name, sha256 in PINS[tag][platform].items():
        project, _version, python, abi, system = name.removesuffix(".whl").split("-")
        projects.add(project)
        pure = name.endswith("-py3-none-any.whl")
        assert pure or python == tag or abi == "abi3"
        assert pure or re.fullmatch(SYSTEMS[platform], system)
        assert re.fullmatch("[0-9a-f]{64}", sha256)
    runtime = "onnxruntime" if platform == "macos-x64" else "onnxruntime_webgpu"
    assert projects == {"av", runtime, "opencv_python_headless", "python_osc", "scipy"}


def test_intel_macs_get_zips_for_the_blenders_that_there_are_for_them() -> None:
    assert [tag for tag, platform in ALL if platform == "macos-x64"] == ["cp311"]
    assert extension.supported("macos-x64", "cp311") == ("4.2.0", "5.0.0")


def test_the_nets_and_pictures_are_read_by_the_same_versions_everywhere() -> None:
    for project in ("av", "onnxruntime_webgpu", "opencv_python_headless", "python_osc"):
        names = [name for tag, platform in ALL for name in PINS[tag][platform]]
        assert len({name.split("-")[1] for name in names if name.startswith(f"{project}-")}) == 1


@pytest.mark.parametrize(("tag", "platform"), ALL)
@pytest.mark.usefixtures("few_files")
def test_the_manifest_says_where_the_zip_may_be_installed(tag: str, platform: str, tmp_path: Path) -> None:
    archive = make(tmp_path / "out", platform, tag)
    said = manifest(archive)
    first, unsupported = extension.supported(platform, tag)
    assert said["version"] == VERSION
    assert said["platforms"] == [platform]
    assert said["blender_version_min"] == first
    assert said.get("blender_version_max") == unsupported
    assert {f"./{name}" for name in archive.namelist() if name.startswith("wheels/")} == set(said["wheels"])
    assert Path(str(archive.filename)).name == f"blazerig-{VERSION}-{platform}-{tag}.zip"


def test_the_generations_leave_no_blender_out_and_take_none_twice_for_official_builds() -> None:
    assert extension.GENERATIONS["cp311"] == ("4.2.0", extension.GENERATIONS["cp313"][0])


@pytest.mark.usefixtures("few_files")
def test_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    hashes = {
        hashlib.sha256(Path(str(make(tmp_path / out).filename)).read_bytes()).hexdigest() for out in "ab"
    }
    assert len(hashes) == 1


def test_only_what_runs_is_packed(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    folders = {name.rpartition("/")[0] for name in names}
    assert folders == {
        "",
        "addon",
        "addon/animate",
        "addon/character",
        "addon/character/rigs",
        "addon/demo",
        "addon/face",
        "addon/face/dialects",
        "addon/footage",
        "addon/live",
        "addon/refine",
        "addon/takes",
        "cli",
        "models",
        "live",
        "live/vmc",
        "models/camera",
        "models/footage",
        "models/microphone",
        "models/weights",
        "report",
        "solver",
        "solver/causal",
        "solver/face",
        "solver/fit",
        "wheels",
    }
    assert {
        "LICENSE",
        "NOTICE",
        "addon/character/rigs/mixamo.toml",
        "addon/face/words.toml",
        "models/weights/pose_landmarks.onnx",
    } <= set(names)
    assert {"report/page.css", "report/page.js"} <= set(names)
    assert len(names) == len(set(names))
    assert not {"build.py", *extension.NOT_PACKED} & set(names)


def test_every_module_that_a_packed_module_imports_is_packed(archive: zipfile.ZipFile) -> None:
    only_in_the_sources = {"addon/demo/demo.py", "models/conversion/bundles.py"}  # of `demo`, of `models add`
    assert reached(archive) - set(archive.namelist()) == only_in_the_sources


def test_the_command_line_starts_with_what_is_packed(archive: zipfile.ZipFile, tmp_path: Path) -> None:
    archive.extractall(tmp_path / "blazerig")

    def blazerig(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "BLAZERIG_DATA": str(tmp_path / "data")}
        command = [sys.executable, "-P", "-m", "blazerig", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    listed = blazerig("models")
    assert listed.returncode == 0, listed.stderr
    assert len(listed.stdout.splitlines()) == len(list((tmp_path / "blazerig/models/weights").glob("*.onnx")))
    refused = blazerig("models", "add", "pose_landmarker_lite.task")
    assert refused.returncode == 1
    assert re.match(r"blazerig: adding a net needs the package \S+, which is not here; ", refused.stderr)
    assert len(refused.stderr.splitlines()) == 1


def test_every_module_that_is_packed_is_needed(archive: zipfile.ZipFile) -> None:
    modules = {name for name in archive.namelist() if name.endswith(".py")}
    assert {name for name in modules - reached(archive) if not name.endswith("__init__.py")} == set()


def reached(archive: zipfile.ZipFile) -> set[str]:
    """The files that Blender, the workers and what they import come to."""
    found, todo = set[str](), ["__init__.py", "__main__.py", "solving.py"]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            if name in archive.namelist():
                todo += relative_imports(name, archive.read(name).decode())
    return found


def relative_imports(name: str, source: str) -> set[str]:
    """The files of this package that `name` imports, or registers by their names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if name == "addon/__init__.py" and isinstance(node, ast.Assign) and named(node) == "NAMES":
            found |= {f"addon/{module.replace('.', '/')}.py" for module in ast.literal_eval(node.value)}
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = extension.ROOT / Path(name).parents[node.level - 1]
            targets = [folder.joinpath(*(node.module or "").split("."))]
            targets += [targets[0] / alias.name for alias in node.names]
            files = [
                file for target in targets for file in (target.with_suffix(".py"), target / "__init__.py")
            ]
            found |= {file.relative_to(extension.ROOT).as_posix() for file in files if file.is_file()}
    return found


def named(node: ast.Assign) -> str:
    return ast.unparse(node.targets[0])


def test_no_module_in_the_zip_changes_what_python_finds(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith(".py"):
            assert not tampering(archive.read(name).decode()), name


def tampering(source: str) -> list[int]:
    """Lines that change `sys.path` or `sys.modules`, or hand them on to what may."""
    tree = ast.parse(source)
    touched = {id(node): node for node in ast.walk(tree) if is_search_path(node)}
    for node in ast.walk(tree):  # to look whether something is in them is no harm
        if isinstance(node, ast.Compare) and all(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            for part in node.comparators:
                touched.pop(id(part), None)
    return [node.lineno for node in touched.values()]


def is_search_path(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"path", "modules", "meta_path", "path_hooks"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


def test_tampering_is_seen_where_there_is_some() -> None:
    assert tampering("import sys\nsys.path.append('x')") == [2]
    assert tampering("import sys\nsys.modules['x'] = sys") == [2]
    assert tampering("import sys\n'x' in sys.modules") == []


@pytest.mark.usefixtures("few_files")
def test_a_failure_leaves_the_zip_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    before = Path(str(make(out).filename)).read_bytes()
    monkeypatch.setattr(extension, "LIMIT", 1000)
    with pytest.raises(BlazeRigError, match="more than"):
        make(out)
    assert [path.read_bytes() for path in out.iterdir()] == [before]


def test_unknown_choices_are_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        BlazeRigError, match="amiga; choose of: linux-x64, macos-arm64, macos-x64, windows-x64"
    ):
        extension.build(["amiga"], ["cp311"], tmp_path)


def test_without_weights_there_is_no_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extension, "PACKED", ("LICENSE",))
    with pytest.raises(BlazeRigError, match=r"build\.py models"):
        extension.build(["linux-x64"], ["cp311"], tmp_path)


def test_a_wheel_in_the_cache_that_is_not_the_pinned_one_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "thing-1.0-py3-none-any.whl"
    (tmp_path / name).write_bytes(b"damaged")
    offline = subprocess.CompletedProcess([], 1, "", "a\nno network")
    monkeypatch.setattr(wheels.subprocess, "run", lambda *_args, **_options: offline)
    with pytest.raises(BlazeRigError, match=r"cannot fetch thing.*: no network; check the network"):
        wheels.fetch(name, "0" * 64, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_wheel_that_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.whl").write_bytes(b"good")
    monkeypatch.delattr(wheels.subprocess, "run")
    assert wheels.fetch("a.whl", hashlib.sha256(b"good").hexdigest(), tmp_path) == tmp_path / "a.whl"
