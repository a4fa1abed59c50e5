"""What every test folder shares."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.store_fixtures", "tests.council_fixtures"]
