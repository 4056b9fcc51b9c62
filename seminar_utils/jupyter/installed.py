"""Say whether an environment that was made by hand has what the course needs.

``make`` runs this file with that environment's Python, in the course's folder, before it uses it.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

__all__ = ["differences"]


def differences(requirements: str) -> tuple[list[str], list[str]]:
    """Return what is missing, and what is there in another version than the pinned one."""
    missing, other = [], []
    for name, pinned in re.findall(r"^([\w-]+)==(\S+)", requirements, re.MULTILINE):
        try:
            found = version(name).partition("+")[0]  # 2.14.1+cpu is 2.14.1
        except PackageNotFoundError:
            missing.append(name)
        else:
            if found != pinned:
                other.append(f"{name} {found} instead of {pinned}")
    package = find_spec("seminar_utils")
    if package is None or not Path(package.origin).parent.samefile("seminar_utils"):
        missing.append("seminar_utils from this folder")
    return missing, other


if __name__ == "__main__":
    missing, other = differences(Path("requirements.txt").read_text(encoding="utf-8"))
    if other:
        print(f"The environment has {', '.join(other)}; the course was not tried with that.")
    if missing:
        print(f"The environment lacks {', '.join(missing)}.")
    sys.exit(bool(missing))
