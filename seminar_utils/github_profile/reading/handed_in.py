"""Read what was handed in, a folder or a zip, as names and bytes, and refuse what is unsafe.

Nothing is unpacked to the disk, no link is followed and nothing is run. Every limit holds for what
is really read, not only for what a zip says of itself.
"""

import io
import os
import posixpath
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path

from seminar_utils.github_profile.reading.texts import Refused, decode, message, one_line, refuse_if
from seminar_utils.language import N_

__all__ = ["COMMITS", "read"]

MAX_FILES = 5_000  # a profile has a dozen; a virtual environment tens of thousands
MAX_FILE_BYTES = 25 * 2**20  # GitHub takes no larger file through the browser
MAX_BYTES = 50 * 2**20  # of all files, and of the zip itself: it is read into memory

# What git and macOS add for themselves; GitHub shows none of it on the page. Of git's own files
# one is read, a text that tells who committed: git itself would obey the settings beside it.
SKIPPED = {".git", "__MACOSX", ".DS_Store"}
COMMITS = ".git/logs/HEAD"

ZIP_ENTRY = b"PK\x01\x02"  # begins each entry in a zip's table of contents
UTF8_NAME = 0x800  # flag of a zip entry: its name is UTF-8
ENCRYPTED = 0x1
# Python unpacks other methods (bzip2, LZMA) in unbounded pieces; systems and GitHub use only these.
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What Python raises for a damaged zip: of 230,000 that we damaged, none ended in another kind.
DAMAGED = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error)
OUTSIDE = re.compile(r"(^|/)\.\.(/|$)|^/|(^|/)[A-Za-z]:|[\x00-\x1f]")


def read(path: str | Path) -> tuple[str | None, dict[str, bytes]]:
    """Read a repository's folder or a zip of it.

    What learning platforms hand out is unwrapped: a folder that holds nothing but one folder or
    one zip stands for what it holds.

    Returns:
        The folder's name, None where a zip has none, and its files by path with forward slashes.

    Raises:
        FileNotFoundError: There is nothing at ``path``.
        ValueError: It cannot be read, or is refused; the sentence says why.
    """
    path = Path(path)
    try:
        if path.is_dir():
            name, files = _unwrapped(_clean(path.resolve().name), _folder(path.resolve()))
        elif not path.exists():
            raise FileNotFoundError(message("not_there", path=path))
        elif not path.is_file() or not zipfile.is_zipfile(path):
            raise ValueError(message("no_zip", path=path))
        else:
            with path.open("rb") as file:
                name, files = _unwrapped(None, _zip(_limited(file, N_("the zip"), MAX_BYTES)))
        inner, *others = files or [""]
        if not others and inner.lower().endswith(".zip"):  # once: a zip in it stays an archive
            name, files = _unwrapped(None, _zip(files[inner]))
        small = [each for each in files if each.lower() == "readme.md"]
        if small and "README.md" not in files:  # GitHub shows it whatever its letters
            files["README.md"] = files.pop(small[0])
        return name, files
    except FileNotFoundError:
        raise
    except Refused as reason:
        raise ValueError(message("not_read", reason=one_line(str(reason), 200))) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        reason = getattr(error, "strerror", None) or one_line(str(error))
        where = one_line(str(getattr(error, "filename", None) or path), 200)
        raise ValueError(message("cannot_read", where=where, reason=reason)) from error


def _folder(root: Path) -> dict[str, bytes]:
    """Read a folder's files; links inside it are left out, for they are no files of their own."""
    files, waiting, number, room = {}, [str(root)], 0, MAX_BYTES
    commits = root / COMMITS
    if commits.is_file() and commits.resolve() == commits:
        with commits.open("rb") as file:
            files[COMMITS] = file.read(MAX_FILE_BYTES)
    while waiting:
        for entry in os.scandir(waiting.pop()):
            if entry.name in SKIPPED:
                continue
            number += 1
            refuse_if(number > MAX_FILES, "too_many", n=MAX_FILES)
            name = _clean(entry.path[len(str(root)) :].replace(os.sep, "/").lstrip("/"))
            # A junction of Windows is no symbolic link, but has a tag.
            status = entry.stat(follow_symlinks=False)
            if entry.is_symlink() or getattr(status, "st_reparse_tag", 0):
                is_outside = not Path(entry.path).resolve().is_relative_to(root)
                refuse_if(is_outside, "link_out", name=name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                with open(entry.path, "rb") as file:
                    files[name] = _limited(file, name, min(room, MAX_FILE_BYTES))
                room -= len(files[name])
    return files


def _zip(raw: bytes) -> dict[str, bytes]:
    # Counted before Python reads the table, which may have a million lines.
    refuse_if(raw.count(ZIP_ENTRY) > MAX_FILES, "too_many", n=MAX_FILES)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return _unpacked(packed)
    except Refused:
        raise
    except DAMAGED as error:
        reason = one_line(str(error) or type(error).__name__, 100)
        raise ValueError(message("damaged_zip", reason=reason)) from error


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    files, room = {}, MAX_BYTES
    for entry in packed.infolist():
        stored = _stored_name(entry)
        refuse_if(OUTSIDE.search(stored), "path_out", name=stored)
        name = _clean(posixpath.normpath(stored))
        is_commits = f"/{name}".endswith(f"/{COMMITS}")
        is_skipped = not SKIPPED.isdisjoint(name.split("/")) and not is_commits
        if stored.endswith(("/", "/.")) or name == "." or is_skipped:
            continue
        refuse_if(entry.flag_bits & ENCRYPTED, "locked", name=name)
        refuse_if(entry.compress_type not in METHODS, "unusual", name=name)
        with packed.open(entry) as file:
            content = _limited(file, name, min(room, MAX_FILE_BYTES), entry.file_size)
        if stat.S_ISLNK(entry.external_attr >> 16):
            link = posixpath.join(posixpath.dirname(name), content.decode("utf-8", "replace"))
            refuse_if(OUTSIDE.search(posixpath.normpath(link)), "link_out", name=name)
        else:
            files[name] = content
            room -= len(content)
    return files


def _unwrapped(name: str | None, files: dict[str, bytes]) -> tuple[str | None, dict[str, bytes]]:
    """Leave out the folder around a zip, and those around a README.md."""
    while COMMITS not in files and len({path.partition("/")[0] for path in files}) == 1:
        has_readme = any(path.lower().endswith("/readme.md") for path in files)
        if not all("/" in path for path in files) or not (has_readme or name is None):
            break
        name = next(iter(files)).partition("/")[0]
        files = {path.partition("/")[2]: content for path, content in files.items()}
    return name, files


def _stored_name(entry: zipfile.ZipInfo) -> str:
    """Return a zip entry's name; Windows in Korea writes CP949 where no flag says UTF-8."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8_NAME:
        text, encoding = decode(name.encode("cp437"))  # as Python read it
        name = name if encoding == "unknown" else text
    return name.replace("\\", "/")


def _clean(name: str) -> str:
    """Return a name in composed form (macOS takes Hangul apart), without undecodable bytes."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))


def _limited(file: io.BufferedIOBase, name: str, limit: int, stated: int = 0) -> bytes:
    """Read a file that neither says it is larger than the limit, in bytes, nor is."""
    is_large = stated > limit or len(content := file.read(limit + 1)) > limit
    sizes = {"one": MAX_FILE_BYTES // 2**20, "all": MAX_BYTES // 2**20}
    refuse_if(is_large, "too_large", name=name, **sizes)
    return content
