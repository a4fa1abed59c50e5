"""The import contracts of pyproject.toml speak of all that there is."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHOLE = ("ui", "db", "resources")
"""Packages that stand on one layer as a whole."""


def test_every_module_belongs_to_one_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    named = {name for layer in layers for name in layer.replace("|", ":").replace(" ", "").split(":")}
    parts = {
        f"{package}.{part.stem}"
        for package in set(settings["root_packages"]) - set(WHOLE)
        for part in (ROOT / package).iterdir()
        if (part.suffix == ".py" and part.stem != "__init__") or (part / "__init__.py").exists()
    }
    assert named == parts | set(WHOLE)
