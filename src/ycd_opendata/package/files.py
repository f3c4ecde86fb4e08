"""Reading the files of a package's description, without ever leaving the package's folder."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from ycd_opendata.errors import DescriptorError, PackageError, UnsafePathError
from ycd_opendata.messages import reason_of, say
from ycd_opendata.package.documents import MOST_BYTES, Document, parse_document

DESCRIPTOR_NAME = "datapackage.json"
DESCRIPTOR_NAMES = (DESCRIPTOR_NAME, "datapackage.yaml", "datapackage.yml")
"""What a package's descriptor is called; the first that is there is the one."""

PARQUET_ENDINGS = (".parquet", ".parq")

_FEW = 5

_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
# A path has one slash where an address has two.
_KIND_OF_ADDRESS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+):/")
_DRIVE = re.compile(r"^[a-zA-Z]:")


def find_descriptor(target: Path) -> Path:
    """The ``datapackage.json`` that ``target`` (the file, or a folder that has one) means.

    Raises PackageError where neither is there.
    """
    try:
        if target.is_file():
            return target
        if target.is_dir():
            inside = descriptor_in(target)
            if inside is not None:
                return inside
            folder = (
                say("the folder {target!r}", target=str(target))
                if target.parts
                else say("the current folder")
            )
            raise PackageError(
                say("{folder} has no datapackage.json", folder=folder), _near(target)
            )
    except (OSError, ValueError) as error:
        raise PackageError(
            say("cannot read {target!r}: {error}", target=str(target), error=reason_of(error))
        ) from error
    if kind := _KIND_OF_ADDRESS.match(str(target)):
        raise PackageError(
            say("no package is read at {kind} addresses", kind=f"{kind[1]}://"),
            say(
                "name a folder, a ZIP, git:REVISION, or an http(s) address with --allow-remote; "
                "tables of a package that is here may stand at s3://, gs://, abfs:// and hdfs://"
            ),
        )
    raise PackageError(
        say("no such file or folder: {target!r}", target=str(target)),
        say("check the spelling of the path"),
    )


def descriptor_in(folder: Path) -> Path | None:
    """The descriptor of a folder, if it has one."""
    return next((each for name in DESCRIPTOR_NAMES if (each := folder / name).is_file()), None)


def _near(folder: Path) -> str:
    """What to name instead of a folder without a descriptor."""
    around = [*sorted(each for each in folder.iterdir() if each.is_dir()), folder.resolve().parent]
    near = [str(each) for each in around if descriptor_in(each) is not None]
    if not near:
        return say(
            "name a folder that has one, or the descriptor itself; `ycd init FOLDER` describes the "
            "tables in a folder"
        )
    more = say(" and others") if len(near) > _FEW else ""
    return say("there is one in {near}{more}: name that", near=", ".join(near[:_FEW]), more=more)


def resolve_inside(root: Path, text: str, declared_in: str) -> Path:
    """The file that a descriptor's relative path means, if it stays in the package's folder.

    ``text`` is relative to ``root``, with ``/``; ``declared_in`` is the file that says so, for the
    error.

    Raises UnsafePathError where the path is absolute, climbs out with ``..``, is a URL, or leads
    out through a link.
    """
    reason = ""
    if _URL.match(text):
        reason = say("it is a URL, and only files of the package are read")
    elif text.startswith(("/", "\\", "~")) or _DRIVE.match(text):
        reason = say("it is absolute")
    elif ".." in PurePosixPath(text.replace("\\", "/")).parts:
        reason = say("it leaves the package's folder")
    elif not text or "\0" in text:
        reason = say("it is empty or holds a NUL character")
    else:
        path = root / text
        try:
            if path.resolve().is_relative_to(root.resolve()):
                if not path.exists() or path.is_file() or path.is_dir():
                    return path
                raise OSError(say("it is a pipe or device"))
        except (OSError, RuntimeError) as error:
            reason = say("it cannot be followed ({error})", error=reason_of(error))
        else:
            reason = say("a link in it leads out of the package's folder")
    raise UnsafePathError(
        say("path {text!r} is refused: {reason}", text=text, reason=reason),
        declared_in,
        hint=say("use a path relative to the package's folder, inside it"),
    )


def is_address(text: object) -> bool:
    """Whether a profile or path is an address, for which frictionless goes to the network."""
    return isinstance(text, str) and "://" in text


def is_web_address(text: str) -> bool:
    """Whether a path is an address on the web, and not of a file or of another kind of server."""
    return text.startswith(("http://", "https://"))


STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "hdfs", "webhdfs"})
"""The kinds of addresses, beside those of the web, that tables may have."""


def is_readable_address(text: str) -> bool:
    """Whether a path is an address that a table is read from, where that is allowed."""
    return is_web_address(text) or text.partition("://")[0] in STORES


def read_document(path: Path, shown_as: str) -> Document:
    """Read one JSON or YAML object of a description.

    Raises DescriptorError where the file is missing, or is not what ``parse_document`` takes.
    """
    return parse_document(read_start(path, shown_as, MOST_BYTES + 1), shown_as)


def read_start(path: Path, shown_as: str, size: int) -> bytes:
    """The first bytes of a file of a description; DescriptorError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(size)
    except OSError as error:
        reason = reason_of(error)
        raise DescriptorError(
            say("cannot read {shown_as!r}: {reason}", shown_as=shown_as, reason=reason),
            shown_as,
            hint=say("create it, or correct the path")
            if isinstance(error, FileNotFoundError)
            else say("is it yours to read?"),
        ) from error


def read_json(path: Path, shown_as: str) -> dict[str, Any]:
    """The value of a document alone; errors as in ``read_document``."""
    return dict(read_document(path, shown_as).value)
