"""The texts among the files: decoded, taken apart where they are notebooks, shown in one line."""

import codecs
import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from seminar_utils.language import tr

__all__ = ["Refused", "decode", "message", "one_line", "pieces", "refuse_if", "table"]

ROOM = Path(__file__).parents[1]
MAX_NOTEBOOK = 10_000_000  # characters; taken apart, a larger one would fill the memory
BINARY_BYTES = 8_000  # git looks for a zero byte in so many to tell pictures from texts

# Parts of an output that are texts, and those that are none.
TEXTS = {"text", "traceback"}
PIXELS = re.compile("image/(?!svg)|audio/|video/|application/pdf|application/octet-stream")
COLOUR = re.compile(r"\x1b\[[\d;]*m")  # codes between the words of an error message
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def table(name: str | Path) -> list[list[str]]:
    """Return the rows below the head of a table of this room; a line end in a cell is ⏎."""
    lines = (ROOM / name).read_text(encoding="utf-8").splitlines()[1:]
    return [line.replace("⏎", "\n").split("\t") for line in lines]


MESSAGES = dict(table("reading/messages.tsv"))


class Refused(ValueError):
    """What is not taken, and why."""


def refuse_if(condition: object, key: str, /, **fields: object) -> None:
    """Raise ``Refused`` with a message of ``messages.tsv`` where the condition holds."""
    if condition:
        raise Refused(message(key, **fields))


def message(key: str, /, **fields: object) -> str:
    """Return a message of ``messages.tsv`` in the reader's language."""
    return tr(MESSAGES[key], **fields)


def decode(raw: bytes) -> tuple[str, str]:
    """Return a file's text with line ends as LF, and the encoding it was read in.

    Windows in Korea writes CP949. Bytes that fit no encoding become replacement characters.

    Returns:
        The text; "UTF-8", "UTF-8 with a byte-order mark", "UTF-16", "CP949" or "unknown".
    """
    if raw.startswith(codecs.BOM_UTF8):
        text, encoding = raw.decode("utf-8-sig", "replace"), "UTF-8 with a byte-order mark"
    elif raw.startswith(UTF16):
        text, encoding = raw.decode("utf-16", "replace"), "UTF-16"
    else:
        text, encoding = raw.decode("utf-8", "replace"), "unknown"
        for known in ("CP949", "UTF-8"):  # the last that fits is taken
            with contextlib.suppress(UnicodeDecodeError):
                text, encoding = raw.decode(known), known
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def one_line(text: str, longest: int = 60) -> str:
    """Return a student's text as it may stand in a sentence: one short line, no control codes.

    A name may hold codes that move a terminal's cursor or turn the direction of writing.
    """
    line = " ".join(text[: longest + 1].split())
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
    return plain if len(text) <= longest else plain[:longest] + "..."


def pieces(name: str, raw: bytes) -> list[tuple[str, str]]:
    """Return the parts of a text file, each with its place; nothing for pictures and the like.

    The place is the file's name, and for a notebook the cell (from 1) and what of it.
    """
    if b"\0" in raw[:BINARY_BYTES] and not raw.startswith(UTF16):
        return []
    text, _ = decode(raw)
    if name.lower().endswith(".ipynb") and len(text) <= MAX_NOTEBOOK:
        # No notebook, or nested as deep as Python's parser just allows.
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return list(_parts(name, json.loads(text)))
    return [(name, text)]


def _parts(name: str, notebook: dict) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook["cells"], 1):
        yield f"{name}, cell {number}", _said(cell.pop("source", ""))
        outputs = cell.pop("outputs", [])
        for output in outputs if isinstance(outputs, list) else [outputs]:
            yield f"{name}, output of cell {number}", COLOUR.sub("", _said(output))
        yield f"{name}, metadata of cell {number}", _said(cell)
    yield f"{name}, metadata", _said({**notebook, "cells": ""})


def _said(value: object, between: str = "") -> str:
    """Return what a notebook's part says in words; only the bytes of pictures say nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return between.join(value)
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    texts, others = [], {}
    for key, part in value.items():
        if key in TEXTS or "/" in key or isinstance(part, dict):
            between = "\n" if key == "traceback" else ""
            texts += [] if PIXELS.match(key) else [_said(part, between)]
        else:
            others[key] = part
    return "\n".join([*texts, json.dumps(others, ensure_ascii=False)])
