"""Writing a file for a person: completely or not at all, readable only by its owner, replacing another only if asked.

Must not know what the file contains, and must not put the file's name into an error.
"""

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hipss_desktop.errors import HipssError, Unavailable, UserError

KEEP_SAFE = (
    "What was written is not encrypted and may hold children’s data: "
    "it is readable by you alone, so keep it so, and delete it when it is no longer needed."
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def refuse_existing(file: Path, *, overwrite: bool) -> None:
    """Raise UserError if the path is a folder, or if the file exists and must not be overwritten."""
    try:
        is_folder, is_there = file.is_dir(), os.path.lexists(file)
    except OSError as error:
        raise _refusal(error) from None
    if is_folder:
        raise UserError("This is a folder. Say a file with --to.")
    if is_there and not overwrite:
        raise UserError("There is a file of that name already. Say another one, or use --overwrite.")


def write_whole(file: Path, pieces: Iterable[bytes], *, overwrite: bool) -> None:
    """Write a file completely or not at all, readable only by its owner; make its folder if it does not exist.

    Raises:
        UserError: there is such a file and it may not be written over, or its folder cannot be made or written to.
        Unavailable: the disk is full or failed.
    """
    try:
        _write(file, pieces, overwrite=overwrite)
    except OSError as error:
        raise _refusal(error) from None


def _write(file: Path, pieces: Iterable[bytes], *, overwrite: bool) -> None:
    refuse_existing(file, overwrite=overwrite)
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
    except (FileNotFoundError, FileExistsError, NotADirectoryError):
        raise UserError("There is no such folder to write to. Make it first, or say another one.") from None
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", suffix=".part", delete=False) as written:
        unfinished = Path(written.name)  # made for its owner alone
        try:
            written.writelines(pieces)
            written.flush()
            os.fsync(written.fileno())
        except BaseException:
            with suppress(OSError):
                written.close()  # tries once more what a full disk did not take
            unfinished.unlink()
            raise
    try:
        refuse_existing(file, overwrite=overwrite)
        unfinished.replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            unfinished.unlink()
        raise


def _refusal(error: OSError) -> HipssError:
    """Make the error that tells a person why a file could not be written."""
    if error.errno in FULL:
        return Unavailable("The disk is full. Nothing was written. Free some space, or save it somewhere else.")
    if error.errno in FORBIDDEN:
        return UserError("You may not write in that folder. Nothing was written. Save it somewhere else.")
    return Unavailable("The file could not be written, and nothing was left of it. Save it somewhere else.")
