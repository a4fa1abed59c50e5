"""Structs are read in several threads at once: by the readers of the window, the sync, and the council's requests."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = """
import sys, threading
import msgspec
from hipss_desktop.decoding import decoded

sys.setswitchinterval(1e-6)
for number in range(200):
    fields = [(f"answer_{place}", int | None, None) for place in range(30)]
    row = msgspec.defstruct(f"Row{number}", fields)
    record = msgspec.defstruct(f"Record{number}", [("rows", list[row]), *fields])
    together = threading.Barrier(4)

    def read():
        together.wait()
        assert decoded(b'{"rows": [{"answer_1": 1}], "answer_29": 3}', record).rows[0].answer_1 == 1

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print("read")
"""
"""Reads new structs in four threads that are switched at every step."""
READS = ("msgspec.json.decode", "msgspec.json.Decoder", "msgspec.convert")


def test_a_struct_is_read_for_the_first_time_by_several_threads_at_once() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "read\n", "")


@pytest.mark.parametrize("folder", ["hipss_desktop", "ui", "db", "sync"])
def test_every_struct_is_made_readable_where_it_is_read(folder: str) -> None:
    unprepared = []
    for file in sorted((ROOT / folder).rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in READS:
                continue
            types = [keyword.value for keyword in call.keywords if keyword.arg == "type"]
            types += call.args[-1:] if ast.unparse(call.func) != READS[0] else []
            unprepared += [
                f"{file.relative_to(ROOT)}:{call.lineno}"
                for read_type in types
                if not ast.unparse(read_type).startswith(("readable(", "dict["))
                and (file.name, ast.unparse(call.func)) != ("decoding.py", "msgspec.json.Decoder")
            ]
    assert unprepared == []
