#!/usr/bin/env python3
"""The one command of BlazeRig: environments, weights, demo, tests, the extension's zip.

Standard library only, and any Python from 3.8 on can start it; the work is done by `.venv`, whose
Python is 3.11 or 3.13. Every verb does first what it needs, may be repeated, and is quick when
there is nothing left to do.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from requirements.environments import (
    MAIN,
    ROOT,
    BuildError,
    choose_python,
    find_python,
    make_environment,
    run,
    say,
)

BLENDERS = {"4.2": "3.11", "4.5": "3.11", "5.0": "3.11", "5.2": "3.13"}
"""The Blenders that the extension is tested in, and their Pythons."""
PLATFORMS = ("linux-x64", "macos-arm64", "macos-x64", "windows-x64", "all")
PYTHONS = ("3.11", "3.13", "3.14", "all")
PINS = ROOT / "requirements"
BENCHES = {
    "bench-truth": (
        "how near the solver comes to clips with truth",
        "name the folder of synth/ and media/",
        "synth/dev",
    ),
    "bench-rigs": ("which bones of which rigs are found", "name the folder of media/", "media"),
    "bench-retarget": (
        "how far IK keys agree with FK keys",
        "name a motion of `blazerig solve`, or several",
        "",
    ),
    "bench-live": (
        "how far a live character is behind the performer",
        "name the folder of synth/ and media/",
        "media/video",
    ),
    "bench-face": (
        "how near head, gaze and weights of the face come to rendered heads",
        "name the folder that tests/calibration/face_rendered.py wrote",
        "shapes.npz",
    ),
    "bench-faces": (
        "what of your own characters shows a face",
        "name a folder with characters: .blend, .glb, .gltf, .vrm, .fbx",
        "",
    ),
    "bench-interface": ("how long the window is held while tracking", "name footage, 1080p say", ""),
}
"""Verbs that measure: what, what they are to be given, and what has to be in that."""


def setup() -> Path:
    """The environment that everything runs in; its Python's path."""
    return make_environment(MAIN, *choose_python(), PINS / "development.txt")


def models() -> Path:
    """The weights, where the code looks for them; the environment's Python."""
    python = setup()
    run_module(python, ["blazerig.models.conversion"], "making the weights")
    return python


def reference() -> None:
    """MediaPipe itself, in an environment of its own, for the tests that compare with it."""
    setup()
    pins = ROOT / "tests" / "reference" / "requirements.txt"
    side_environment(".venv-reference", "3.11", pins, "the tests against the reference are skipped")


def blenders() -> None:
    """One bare environment for each Blender that the extension is tested in."""
    setup()
    for blender, version in BLENDERS.items():
        folder = ".venv-bpy" + blender.replace(".", "")
        pins = PINS / f"blender-{blender}.txt"
        side_environment(folder, version, pins, f"the tests in Blender {blender} are skipped")


def side_environment(folder: str, version: str, pins: Path, otherwise: str) -> None:
    """An environment beside the main one; where its Python is missing, a line that says what is lost."""
    executable = find_python(version)
    if executable:
        make_environment(folder, version, executable, pins)
    else:
        say(f"{folder}: Python {version} was not found, so {otherwise}")


def run_module(python: Path, module_and_arguments: list[str | Path], what: str) -> None:
    """Run a module of `.venv`; `-P` keeps the folder that we are in off its path."""
    run([python, "-P", "-m", *module_and_arguments], what)


def test(arguments: list[str]) -> None:
    """All tests, or those that `arguments`, which are pytest's, choose."""
    python = models()
    reference()
    blenders()
    os.chdir(str(ROOT))
    run_module(python, ["pytest", *arguments], "testing")


def check() -> None:
    """Format, lint and types, each told of, and then the tests."""
    python = setup()
    os.chdir(str(ROOT))
    steps = {
        "format": ["ruff", "format", "--check"],
        "lint": ["ruff", "check"],
        "types": ["basedpyright", "-p", "pyproject.toml", "--pythonpath", str(python)],
    }
    failed = []
    for name, command in steps.items():
        say(name)
        try:
            run_module(python, list(command), name)
        except BuildError:
            failed.append(name)
    if failed:
        raise BuildError(f"checking failed: {', '.join(failed)} (what is wrong stands above)")
    test([])


def demo(options: argparse.Namespace) -> None:
    """The sample clip, or a video of one's own, onto a character."""
    video = options.video or next(iter(sorted((ROOT / "tests" / "sample").glob("*.mp4"))), None)
    if video is None or not video.is_file():
        raise BuildError(f"{video or 'the sample clip'} is no file; name a video that is there")
    choices = ["--no-render"] if options.no_render else []
    if options.seconds is not None:
        choices += ["--seconds", str(options.seconds)]
    run_module(models(), ["blazerig", "demo", video, "--out", options.out, *choices], "the demo")


def make_zip(options: argparse.Namespace) -> None:
    """The extension for the platforms and Pythons of `options` into `dist/`."""
    choices = [part for platform in options.platform for part in ("--platform", platform)]
    choices += [part for python in options.python for part in ("--python", python)]
    run_module(models(), ["blazerig.release", *choices], "making the zip")


def make_repository(options: argparse.Namespace) -> None:
    """The zips of all platforms with the index that Blender reads, into `dist/repository/`."""
    choices = [part for platform in options.platform or ["all"] for part in ("--platform", platform)]
    choices += ["--url-base", options.url_base] if options.url_base else []
    run_module(models(), ["blazerig.release", "--repository", *choices], "making the repository")


def bench(options: argparse.Namespace, rest: list[str]) -> None:
    """Run the bench in `tests/` that the verb names, on what is to be measured."""
    _, subject, needed = BENCHES[options.verb]
    if not (options.subject / needed).exists():
        raise BuildError(f"{options.subject / needed} does not exist; {subject}")
    script = ROOT / "tests" / options.verb.replace("-", "_")
    run([models(), "-P", script, options.subject.resolve(), *rest], "measuring")


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value


def parser() -> argparse.ArgumentParser:
    """The verbs and their options."""
    root = argparse.ArgumentParser(
        prog="build.py",
        description="Sets BlazeRig up, runs it, tests it and packs it.",
        epilog="Start with: python3 build.py demo",
    )
    verbs = root.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    show = verbs.add_parser(
        "demo", help="set up, then turn the sample clip or a video into an animated character"
    )
    show.add_argument(
        "video", metavar="VIDEO", nargs="?", type=Path, help="footage (default: the sample clip)"
    )
    show.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("demo"), help="where to (default: demo)"
    )
    show.add_argument("--seconds", metavar="N", type=seconds, help="only the first N seconds")
    show.add_argument("--no-render", action="store_true", help="leave out the film of the character")
    verbs.add_parser("setup", help="the environment alone (.venv)")
    verbs.add_parser("models", help="the weights alone (models/weights)")
    verbs.add_parser("reference", help="the environment of the reference implementation, for tests")
    verbs.add_parser("blenders", help="the environments of the supported Blenders, for tests")
    verbs.add_parser("test", help="set up, then all the tests; options are pytest's", add_help=False)
    verbs.add_parser("check", help="format, lint, types, tests")
    for name, (what, subject, _) in BENCHES.items():
        measure = verbs.add_parser(name, help=f"{what}, as a table; options are the bench's own")
        measure.add_argument("subject", metavar="PATH", type=Path, help=subject)
    pack = verbs.add_parser("zip", help="the extension for this platform into dist/")
    pack.add_argument("--platform", action="append", choices=PLATFORMS, default=[], help="repeatable")
    pack.add_argument(
        "--python", action="append", choices=PYTHONS, default=[], help="repeatable (default: all)"
    )
    serve = verbs.add_parser("repository", help="the zips as a repository that Blender reads")
    serve.add_argument("--platform", action="append", choices=PLATFORMS, default=[], help="repeatable")
    serve.add_argument(
        "--url-base", metavar="URL", default="", help="where the zips are served (default: beside index.json)"
    )
    return root


def main() -> int:
    """Do what the command line says; the exit code."""
    root = parser()
    options, rest = root.parse_known_args()
    if rest and options.verb not in ("test", *BENCHES):
        root.error("unknown arguments: " + " ".join(rest))
    verbs = {
        "demo": lambda: demo(options),
        "setup": setup,
        "models": models,
        "reference": reference,
        "blenders": blenders,
        "test": lambda: test(rest),
        "check": check,
        "zip": lambda: make_zip(options),
        "repository": lambda: make_repository(options),
        **dict.fromkeys(BENCHES, lambda: bench(options, rest)),
        None: root.print_help,
    }
    try:
        verbs[options.verb]()
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("build.py: stopped; run it again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
