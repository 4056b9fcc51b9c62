"""What is kept of a net in one file: the state of an unfinished run, or trained weights.

Files are written whole or not at all, and read with ``weights_only=True``, so that nothing in them
is ever executed. ``torch.load`` does not notice a changed byte in a tensor: the checksums inside
the file are compared first.
"""

import io
import json
import zipfile
from pathlib import Path

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from seminar_utils.files import write_atomically

__all__ = ["Checkpoint", "read", "write"]


def write(path: Path, content: dict) -> None:
    """Write tensors, numbers and texts into one file, whole or not at all.

    Raises:
        OSError: The disk is full, or the folder is not yours to write in.
    """
    packed = io.BytesIO()
    torch.save(content, packed)
    write_atomically(path, packed.getvalue())


def read(path: Path) -> dict:
    """Read what ``write`` wrote, onto the CPU.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged.
    """
    raw = path.read_bytes()
    try:
        packed = zipfile.ZipFile(io.BytesIO(raw))
        # An entry marked as a folder would give torch a tensor of whatever is in the memory.
        if packed.testzip() or any(entry.external_attr for entry in packed.filelist):
            raise ValueError("altered")
        content = torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)
        if not isinstance(content, dict):
            raise TypeError("no dict")
        return content
    except Exception as error:  # whatever a damaged file makes the readers stumble over
        # Without the error's own words: torch's are a page, and advise to execute the file.
        raise ValueError(
            f"{path} is damaged ({type(error).__name__}): delete it, and the same command makes it "
            "again from the start; a file that came with the course is restored by `git checkout`."
        ) from error


class Checkpoint:
    """The state of one unfinished run, kept after each epoch.

    Args:
        path: The file.
        run: What is run, as JSON holds it. A file of another run is refused, so that no net is
            ever trained half by one recipe and half by another.
    """

    def __init__(self, path: Path, run: dict):
        self.path, self.run = path, run

    def restore(self, **parts: nn.Module | Optimizer | LRScheduler) -> dict | None:
        """Load the kept state into each part and return the kept history, None without a file."""
        try:
            content = read(self.path)
        except FileNotFoundError:
            return None
        # As texts, because in Python a loss that is not a number differs from itself.
        if json.dumps(content.get("run")) != json.dumps(self.run):
            raise ValueError(
                f"{self.path} was left by another recipe or another edition of the course: delete "
                "it to begin this net anew, or go on with the edition that made it."
            )
        for name, part in parts.items():
            part.load_state_dict(content[name])
        return content["history"]

    def keep(self, history: dict, **parts: nn.Module | Optimizer | LRScheduler) -> None:
        """Replace the file by today's state; only the first of several processes writes."""
        if torch.distributed.is_initialized() and torch.distributed.get_rank() != 0:
            return
        states = {name: part.state_dict() for name, part in parts.items()}
        write(self.path, {"run": self.run, "history": history, **states})
