"""Starts the window from the folder that this file is in, for a program that restarts itself.

Python runs this file with ``-I``, so neither the working directory nor the environment decides which program is imported. Must not
do anything else.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hipss_desktop.app import main

sys.exit(main())
