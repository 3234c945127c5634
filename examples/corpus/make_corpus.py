#!/usr/bin/env python3
"""Makes the sample corpus: real servers, broken on purpose. See README.md."""

import argparse
import collections
import importlib
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import servers  # noqa: E402

PARTS = ["postgresql", "nginx_requests", "nginx_workers", "redis"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=pathlib.Path(__file__).parent, help="folder to write to (default: beside this script)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full counts, to try the script out")
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all without")
    arguments = parser.parse_args()
    parts = arguments.part or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    servers.install(parts)
    for part in parts:
        truth = importlib.import_module(part).make(arguments.out, arguments.seed, arguments.scale)
        for (file, kind), count in sorted(collections.Counter((row[2], row[1]) for row in truth).items()):
            print(f"  {part:<16}{file:<20}{kind:<30}{count:>6}")


if __name__ == "__main__":
    main()
