"""Runs ``hipss`` as ``python -m hipss_desktop.cli``."""

from hipss_desktop.cli import main

if __name__ == "__main__":
    main()
