"""`python -m guanxi`."""

import sys

from guanxi.app.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
