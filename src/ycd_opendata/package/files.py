"""Reading the files of a package's description, without ever leaving the package's folder."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

from ycd_opendata.errors import DescriptorError, PackageError, UnsafePathError

DESCRIPTOR_NAME = "datapackage.json"

_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
_DRIVE = re.compile(r"^[a-zA-Z]:")

_MOST_BYTES = 2**25
_DEEPEST = 100


def find_descriptor(target: Path) -> Path:
    """The ``datapackage.json`` that ``target`` (the file, or a folder that has one) means.

    Raises
    ------
    PackageError
        Neither is there.
    """
    try:
        if target.is_file():
            return target
        if target.is_dir():
            inside = target / DESCRIPTOR_NAME
            if inside.is_file():
                return inside
            raise PackageError(
                f"the folder {str(target)!r} has no {DESCRIPTOR_NAME}",
                "name a folder that has one, or the descriptor itself",
            )
    except (OSError, ValueError) as error:
        raise PackageError(f"cannot read {str(target)!r}: {error}") from error
    raise PackageError(f"no such file or folder: {str(target)!r}", "check the spelling of the path")


def resolve_inside(root: Path, text: str, declared_in: str) -> Path:
    """The file that a descriptor's relative path means, if it stays in the package's folder.

    Parameters
    ----------
    root : Path
        The package's folder.
    text : str
        The path as the descriptor has it: relative, with ``/``.
    declared_in : str
        The file that says so, for the error.

    Raises
    ------
    UnsafePathError
        The path is absolute, climbs out with ``..``, is a URL, or leads out through a link.
    """
    reason = ""
    if _URL.match(text):
        reason = "it is a URL, and only files of the package are read"
    elif text.startswith(("/", "\\", "~")) or _DRIVE.match(text):
        reason = "it is absolute"
    elif ".." in PurePosixPath(text.replace("\\", "/")).parts:
        reason = "it leaves the package's folder"
    elif not text or "\0" in text:
        reason = "it is empty or holds a NUL character"
    else:
        path = root / text
        try:
            if path.resolve().is_relative_to(root.resolve()):
                if not path.exists() or path.is_file() or path.is_dir():
                    return path
                raise OSError("it is a pipe or device")
        except (OSError, RuntimeError) as error:
            reason = f"it cannot be followed ({error})"
        else:
            reason = "a link in it leads out of the package's folder"
    raise UnsafePathError(
        f"path {text!r} is refused: {reason}",
        declared_in,
        hint="use a path relative to the package's folder, inside it",
    )


def is_web_address(text: str) -> bool:
    """Whether a path is an address on the web, and not of a file or of another kind of server."""
    return text.startswith(("http://", "https://"))


def read_json(path: Path, shown_as: str) -> dict[str, Any]:
    """Read one JSON object.

    Raises
    ------
    DescriptorError
        The file is missing, is not UTF-8, is broken JSON (with the line), is no object, is very
        large or is nested very deep.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES:,} bytes")
        value = json.loads(content.decode("utf-8-sig"))
        _refuse_depth(value)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DescriptorError(
            f"cannot read {shown_as!r}: {reason}", shown_as, hint="create it, or correct the path"
        ) from error
    except UnicodeDecodeError as error:
        raise DescriptorError(
            f"{shown_as!r} is not UTF-8 (byte {error.start})", shown_as, hint="save it as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise DescriptorError(
            f"{shown_as!r} is broken JSON, line {error.lineno} column {error.colno}: {error.msg}",
            shown_as,
            error.lineno,
            hint="a missing or extra comma, quote or bracket is the usual cause",
        ) from error
    except (RecursionError, ValueError) as error:
        raise DescriptorError(f"{shown_as!r} cannot be read as JSON: {error}", shown_as) from error
    if not isinstance(value, dict):
        raise DescriptorError(
            f"{shown_as!r} holds a JSON {type(value).__name__}, not an object", shown_as
        )
    return value


def _refuse_depth(value: Any) -> None:
    """Raise ValueError for JSON so deep that whatever walks through it would fail."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise ValueError(f"it is nested more than {_DEEPEST} deep")
