"""The repository of static files: as Blender itself would make it, and installed from."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blazerig.errors import BlazeRigError
from blazerig.release.repository import make_repository, pythons_of

if TYPE_CHECKING:
    from conftest import Blender


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(pythons_of(list(zips.values())), tmp_path_factory.mktemp("studio")).parent


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where the folder is served, on this machine alone."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.json"
        server.shutdown()


def test_the_index_is_what_blender_itself_would_write(blender: Blender, folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    copied.mkdir()
    for path in folder.glob("*.zip"):
        (copied / path.name).symlink_to(path)
    command = [sys.executable, blender.validator(), "server-generate", f"--repo-dir={copied}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    own, blenders = (ordered(path / "index.json") for path in (folder, copied))
    assert own == blenders


def ordered(index: Path) -> dict[str, Any]:
    content = json.loads(index.read_text("utf-8"))
    content["data"].sort(key=lambda entry: entry["archive_url"])
    return content


def test_blender_installs_from_it(blender: Blender, address: str, tmp_path: Path) -> None:
    alone = blender.elsewhere(tmp_path / "resources")
    done = alone.run("from_repository.py", address, tmp_path / "facts.json")
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads((tmp_path / "facts.json").read_text("utf-8"))
    assert facts["outcomes"] == ["FINISHED", "FINISHED"], done.stdout + done.stderr
    assert facts["enabled"]
    assert facts["operator"]
    assert all(facts["wheels"].values())


def test_zips_can_be_served_from_elsewhere(zips: dict[str, Path], tmp_path: Path) -> None:
    pythons = pythons_of(list(zips.values()))
    index = make_repository(pythons, tmp_path, "https://files.example.org/blazerig/")
    urls = [entry["archive_url"] for entry in json.loads(index.read_text("utf-8"))["data"]]
    assert urls == [f"https://files.example.org/blazerig/{path.name}" for path in pythons]


def test_zips_of_before_do_not_stay_and_an_address_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "blazerig-0.0.1.zip").touch()
    make_repository({}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.json"]
    with pytest.raises(BlazeRigError, match="'files' is no address"):
        make_repository({}, tmp_path, "files")
