"""Makes the zips: `python -m blazerig.release [--platform NAME|all] [--python 3.11|all] [--repository]`."""

from __future__ import annotations

import argparse
import sys

from ..errors import BlazeRigError
from .extension import PLATFORMS, ROOT, TAGS, build, this_platform
from .repository import make_repository, pythons_of

PYTHONS = {f"3.{tag.removeprefix('cp3')}": tag for tag in TAGS}


def main() -> int:
    """Do what the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="zip", description="Makes the extension's zips in dist/.")
    parser.add_argument(
        "--platform", action="append", choices=(*PLATFORMS, "all"), help="for others than this; repeatable"
    )
    parser.add_argument(
        "--python",
        action="append",
        choices=(*PYTHONS, "all"),
        help="3.11: Blender 4.2 to 5.0; 3.13: 5.1 and later; 3.14: distributions (default: all)",
    )
    parser.add_argument(
        "--repository", action="store_true", help="put them into a repository, dist/repository, too"
    )
    parser.add_argument("--url-base", metavar="URL", default="", help="where its zips will be served")
    chosen = parser.parse_args()
    pythons = chosen.python or ["all"]
    tags = TAGS if "all" in pythons else tuple(PYTHONS[python] for python in pythons)
    try:
        platforms = PLATFORMS if "all" in (chosen.platform or []) else chosen.platform or [this_platform()]
        zips = build(platforms, tags)
        if chosen.repository:
            print(make_repository(pythons_of(zips), ROOT / "dist" / "repository", chosen.url_base))
    except BlazeRigError as error:
        print(f"zip: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
