"""Bundled files: read them only when every byte is right, write new ones whole or not at all.

``data/SHA256SUMS`` lists the SHA-256 of every file the package loads, as ``sha256sum`` does.
After an intended change, ``write_atomically(DATA / SUMS, sums())`` brings it up to date.
"""

import contextlib
import csv
import hashlib
import io
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

__all__ = [
    "DATA",
    "SUMS",
    "cannot_write",
    "free_path",
    "keep_copy",
    "read_rows",
    "read_verified",
    "sums",
    "write_atomically",
]

DATA = Path(__file__).resolve().parents[1] / "data"
SUMS = "SHA256SUMS"


def read_verified(name: str) -> bytes:
    """Read a bundled file whose bytes match ``data/SHA256SUMS``.

    Args:
        name: path relative to ``data/`` with forward slashes, such as "paper/resnet_tables.csv".

    Raises:
        FileNotFoundError: the file is missing.
        ValueError: the file is not listed, or was truncated or altered.
    """
    lines = (line.partition("  ") for line in _read(SUMS).decode("utf-8").splitlines())
    expected = {listed: digest for digest, _, listed in lines}.get(name)
    if expected is None:
        raise ValueError(
            f"data/{name} is not listed in data/{SUMS}, so its bytes cannot be checked; "
            "use a listed file, or list this one as the head of seminar_utils/files.py shows."
        )
    content = _read(name)
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        wrong = f"expected SHA-256 {expected}, found {found} in {len(content):,} bytes"
        raise ValueError(_sentence(name, f"is truncated or altered: {wrong}"))
    return content


def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a bundled CSV file as one dict per row, keyed by column; raise as ``read_verified``."""
    return tuple(csv.DictReader(io.StringIO(read_verified(name).decode("utf-8"), newline="")))


def sums() -> str:
    """Return what ``data/SHA256SUMS`` must say: lines ``<sha256>  <path>``, sorted by path.

    READMEs, licences, hidden files and what is recorded (``runs/``, ``checkpoints/``) are left out.
    """
    apart = {"README.md", "LICENSE", SUMS}
    paths = (path for path in DATA.rglob("[!.]*") if path.is_file() and path.name not in apart)
    names = sorted(path.relative_to(DATA).as_posix() for path in paths)
    listed = (name for name in names if not name.startswith(("runs/", "checkpoints/")))
    return "".join(f"{hashlib.sha256(_read(name)).hexdigest()}  {name}\n" for name in listed)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: a reader never meets half of it.

    Text is written as UTF-8 with its line ends as they are (LF on every system). The folder is
    made where there is none.

    Raises:
        OSError: the disk is full, or the folder is not yours to write in.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    # The same folder, because os.replace is atomic only within one file system.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it takes the old one's place
        os.replace(temporary, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):  # the folder may be what is wrong
            temporary.unlink(missing_ok=True)


def free_path(name: Callable[[int], Path]) -> Path:
    """Return the first of ``name(1)``, ``name(2)``, ... that is not taken."""
    return next(path for path in map(name, count(1)) if not path.exists())


def keep_copy(path: Path, folder: Path) -> Path:
    """Copy a file into a folder, with the first free number in its name, and return the copy.

    Raises as ``write_atomically`` does.
    """
    copy = free_path(lambda number: folder / f"{path.stem}.{number}{path.suffix}")
    write_atomically(copy, path.read_bytes())
    return copy


def cannot_write(path: Path, error: OSError) -> OSError:
    """Return an error of the system as a sentence that names the file and says what to do."""
    return OSError(
        f"{path} cannot be written ({error.strerror or error}): see that the disk has room and "
        "that you may write there, then do the same again; what was there before is untouched."
    )


def _read(name: str) -> bytes:
    try:
        return (DATA / name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(_sentence(name, "is missing")) from None


def _sentence(name: str, what: str) -> str:
    return (
        f"data/{name} {what}; restore it with `git checkout -- data/{name}` in the repository's "
        "folder, or download the repository again where there is no git."
    )
