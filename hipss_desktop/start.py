"""Starts the window again from the program folder that contains this file, when the program restarts itself.

Python runs this file with ``-I``, so neither the working directory nor the environment decides which program is imported. Must not
do anything else.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hipss_desktop.app import main

sys.exit(main())
