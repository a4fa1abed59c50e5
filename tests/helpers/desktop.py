"""A desktop for pictures: a virtual screen with a window manager, which draws title bars, and a task bar at the bottom."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPixmap

PROGRAMS = ("Xvfb", "openbox", "tint2")
TASK_BAR = "\n".join(
    (
        "panel_items = TC",
        "panel_size = 100% 40",
        "panel_position = bottom center horizontal",
        "panel_dock = 0",
        "strut_policy = follow_size",
        "panel_layer = top",
        "rounded = 0",
        "background_color = #c8ccd0 100",
        "panel_background_id = 1",
        "taskbar_mode = single_desktop",
        "task_text = 1",
        "task_font = Inter 10",
        "task_font_color = #202020 100",
        "time1_format = ",
        "",
    )
)
"""The settings of the task bar, which is as high as Windows' own at 100 %."""
ACROSS = 4
"""The number of pictures in a row of a sheet."""


@contextmanager
def desktop(width: int, height: int, folder: Path) -> Iterator[None]:
    """Start a desktop of a size in pixels; programs started inside the block open their windows there.

    Raises FileNotFoundError if one of ``PROGRAMS`` is not installed.
    """
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        raise FileNotFoundError(f"Install {', '.join(missing)} first")
    settings = folder / "task-bar"
    settings.write_text(TASK_BAR, encoding="utf-8")
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM")}
    with ExitStack() as ended:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        server = _start(command, os.environ, ended, out=subprocess.PIPE)
        assert server.stdout is not None
        os.environ["DISPLAY"] = f":{server.stdout.readline().decode().strip()}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        _start(["openbox"], os.environ, ended)
        _start(["tint2", "-c", str(settings)], os.environ, ended)
        time.sleep(1)  # neither program reports when it is ready
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                os.environ.update({name: value} if value is not None else {})


def _start(
    command: list[str], around: Mapping[str, str], ended: ExitStack, out: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(command, env=dict(around), stdout=out, stderr=subprocess.DEVNULL)
    ended.callback(process.wait)
    ended.callback(process.terminate)
    return process


def photograph() -> QPixmap:
    """Return a picture of the whole screen, including everything around the window."""
    return QGuiApplication.primaryScreen().grabWindow(0)


def contact_sheet(pictures: list[Path], width: int, path: Path) -> None:
    """Write many pictures on one sheet, each ``width`` pixels wide, as a JPEG."""
    gap = 8
    images = [
        QImage(str(picture)).scaledToWidth(width, Qt.TransformationMode.SmoothTransformation) for picture in pictures
    ]
    height = max(image.height() for image in images)
    rows = -(-len(images) // ACROSS)
    size = QSize(ACROSS * (width + gap) + gap, rows * (height + gap) + gap)
    sheet = QImage(size, QImage.Format.Format_RGB32)
    sheet.fill(QColor("gray"))
    painter = QPainter(sheet)
    for place, image in enumerate(images):
        painter.drawImage(gap + place % ACROSS * (width + gap), gap + place // ACROSS * (height + gap), image)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(str(path), quality=55)
