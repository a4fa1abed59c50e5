"""Starts the window out of the folder that this file is in, for a program that starts itself anew.

Python is called with this file and ``-I``: neither the folder that the process stands in nor its environment says where the
program is found. Must not do anything else.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hipss_desktop.app import main

sys.exit(main())
