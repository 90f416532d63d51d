"""`python -m bench [name …] [--rows 100000]`: run the benchmarks and print their figures."""

import argparse
import subprocess
import sys
from importlib import import_module

BENCHES = ("records", "pages", "imports", "memory", "script")
BY_NAME = ("mail", "load")
"""What takes long, or promises what few processors do not keep."""
ROWS = 100_000
"""How many are usual where a benchmark does not say so itself (`USUAL`)."""


def main() -> int:
    """Run the chosen benchmarks, each in a process of its own; the exit code tells whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", default=BENCHES, choices=[*BENCHES, *BY_NAME, []])
    parser.add_argument("--rows", type=int)
    args = parser.parse_args()
    if len(args.names) == 1:
        bench = import_module(f"bench.{args.names[0]}")
        return 0 if bench.run(rows=args.rows or getattr(bench, "USUAL", ROWS)) else 1
    given = ["--rows", str(args.rows)] if args.rows else []
    return max(subprocess.call([sys.executable, "-m", "bench", name, *given]) for name in args.names)


if __name__ == "__main__":
    sys.exit(main())
