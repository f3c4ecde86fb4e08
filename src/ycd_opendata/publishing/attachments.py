"""Resources that are no tables: their files are copied into the release as they are.

They lie below ``files/``, at the paths that they have in the package, so that no two meet and
none leaves the release.
"""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import is_web_address, resolve_inside
from ycd_opendata.package.model import Package, Resource

FOLDER = "files"

_UNKNOWN = "application/octet-stream"
_CHUNK = 2**20


@dataclass(frozen=True)
class Attachment:
    """A file of a resource that is no table: where it is, and its path in the release."""

    resource: Resource
    source: Path
    path: str

    @property
    def media_type(self) -> str:
        """What the descriptor says, or what the file's name tells."""
        said = self.resource.raw.get("mediatype")
        return str(said or mimetypes.guess_type(self.path)[0] or _UNKNOWN)


def attachments(package: Package, resource: Resource) -> tuple[Attachment, ...]:
    """The files of one resource that is no table.

    Raises ReleaseError where a file is not there, or lies on the web.
    """
    found = []
    for path in resource.paths:
        if is_web_address(path):
            raise ReleaseError(
                say(
                    "resource {resource!r} lies on the web, at {path!r}, and a release holds "
                    "all that it lists",
                    resource=resource.name,
                    path=path,
                ),
                say('download it into the package, or name it under "sources"'),
            )
        source = resolve_inside(package.root, path, package.descriptor_path.name)
        if not source.is_file():
            template = mark("resource {resource!r} cannot be published: no file {path!r}")
            raise ReleaseError(
                say(template, resource=resource.name, path=path),
                say("put the file there, or take the resource out of the descriptor"),
            )
        found.append(Attachment(resource, source, f"{FOLDER}/{posixpath.normpath(path)}"))
    return tuple(found)


def copy_attachment(attachment: Attachment, folder: Path) -> None:
    """Copy a file into a release's folder."""
    place = folder / attachment.path
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(attachment.source, place)


def released_attachment(resource: Resource, files: tuple[Attachment, ...]) -> dict[str, Any]:
    """A resource's descriptor with the places, size and hash of its files in the release."""
    raw = {key: value for key, value in resource.raw.items() if key != "extrapaths"}
    if not files:
        return raw
    paths = [each.path for each in files]
    size, found = 0, hashlib.sha256()
    for each in files:
        with each.source.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                found.update(chunk)
    place = paths if len(paths) > 1 else paths[0]
    return raw | {"path": place, "bytes": size, "hash": f"sha256:{found.hexdigest()}"}
