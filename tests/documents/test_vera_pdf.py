"""veraPDF finds nothing against PDF/UA-1 in a page with every kind of block."""

import shutil
import subprocess
from pathlib import Path

import pytest

from hipss_desktop.documents.drawing import pdf
from tests.documents.every_block import EVERY_BLOCK

VERA_PDF = shutil.which("verapdf")


@pytest.mark.skipif(VERA_PDF is None, reason="veraPDF is not on the path, and neither Debian nor PyPI has it")
def test_vera_pdf_finds_nothing_against_pdf_ua_1(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf(EVERY_BLOCK))
    command = [str(VERA_PDF), "--flavour", "ua1", "--format", "text", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout.split()[0]) == (0, "PASS"), done.stdout
