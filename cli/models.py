"""`blazerig models`: the nets that there are; `blazerig models add`: MediaPipe's lite or heavy pose model."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import BlazeRigError
from .arguments import Commands


def add(commands: Commands) -> None:
    """The command and its options."""
    models = commands.add_parser("models", help="the nets that there are; add MediaPipe's other pose models")
    models.set_defaults(run=run)
    actions = models.add_subparsers(metavar="ACTION", title="actions")
    adding = actions.add_parser("add", help="convert a pose landmark net and keep it")
    adding.set_defaults(run=run_add)
    adding.add_argument("file", metavar="FILE", type=Path, help="a .tflite model or a .task bundle")


def run(_options: argparse.Namespace) -> int:
    """List the nets."""
    from ..models.installed import POSE_NETS, installed

    models = {name: model for model, name in POSE_NETS.items()}
    for net in installed():
        name = net.path.stem
        model = f" ({models[name]})" if name in models else ""
        origin = f"added: {net.path}" if net.added else "comes with BlazeRig"
        print(f"{name + model:32} {net.path.stat().st_size / 1e6:6.1f} MB  {origin}")
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Convert the pose nets of a file and put them where they are looked for."""
    from ..models.installed import add_pose_net

    for model, data in _converted(options.file).items():
        if model == "full":
            print("full: comes with BlazeRig; nothing was added")
        else:
            path = add_pose_net(model, data)
            print(f"{model}: {path}, {len(data) / 1e6:.1f} MB; use it with: blazerig track --model {model}")
    return 0


def _converted(path: Path) -> dict[str, bytes]:
    """The conversion has packages of its own, which Blender's extension does without."""
    try:
        from ..models.conversion.bundles import convert_pose_nets
    except ModuleNotFoundError as error:
        raise BlazeRigError(
            f"adding a net needs the package {error.name}, which is not here; add it with BlazeRig's sources "
            "(python3 build.py setup): Blender's extension finds it too"
        ) from error
    return convert_pose_nets(path)
