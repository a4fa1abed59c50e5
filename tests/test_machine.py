"""What the system tells of the machine, and nothing that it does not tell."""

import shutil
from pathlib import Path

import psutil

from hipss_desktop.machine import is_on_encrypted, measure


def device(folder: Path, name: str, identifier: str = "", *parts: Path) -> Path:
    """A block device as Linux describes it: its identifier, and the devices that it is made of."""
    described = folder / name
    (described / "slaves").mkdir(parents=True)
    if identifier:
        (described / "dm").mkdir()
        (described / "dm" / "uuid").write_text(identifier + "\n", encoding="utf-8")
    for part in parts:
        (described / "slaves" / part.name).symlink_to(part)
    return described


def test_a_disk_is_encrypted_where_the_device_below_it_is_or_all_devices_that_it_is_made_of(tmp_path: Path) -> None:
    partition = device(tmp_path, "vda1")
    locked = device(tmp_path, "dm-0", "CRYPT-LUKS2-8f2c", partition)
    volume = device(tmp_path, "dm-1", "LVM-4aa1", locked)
    half = device(tmp_path, "dm-2", "LVM-4aa2", locked, partition)
    assert [is_on_encrypted(folder) for folder in (partition, locked, volume, half)] == [False, True, True, False]


def test_what_is_measured_is_what_the_system_says_and_none_where_it_says_nothing(tmp_path: Path) -> None:
    machine, battery = measure(tmp_path), psutil.sensors_battery()
    assert machine.free is not None
    assert abs(machine.free - shutil.disk_usage(tmp_path).free) < 2**30
    assert (machine.percent is None) is (battery is None)
    assert machine.encrypted in (True, None)
    assert measure(tmp_path / "gone").free is None
