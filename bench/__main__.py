"""`python -m bench [name …] [--rows 100000]`: run the benchmarks and print their figures."""

import argparse
import sys
from importlib import import_module

BENCHES = ("records", "memory", "script")


def main() -> int:
    """Run the chosen benchmarks; the exit code tells whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*", default=BENCHES, choices=[*BENCHES, []])
    parser.add_argument("--rows", type=int, default=100_000)
    args = parser.parse_args()
    kept = [import_module(f"bench.{name}").run(rows=args.rows) for name in args.names or BENCHES]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
