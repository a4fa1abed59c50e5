"""``python -m hipss_desktop.cli`` is ``hipss``."""

from hipss_desktop.cli import main

if __name__ == "__main__":
    main()
