"""Opening a package wherever it stands; what PACKAGE means for every command and function.

The package that came with this installation is opened here, too.

::

    path/to/folder              a folder with a datapackage.json, .yaml or .yml
    path/to/datapackage.json    the descriptor itself, whatever its name
    package.zip                 a ZIP of either, such as a release's own
    git:v1.0.0                  that revision, of the package at the current folder's place
    git:v1.0.0:path/to/folder   that revision, of the package at a path from the repository's top
    https://example.org/data/   the same things on the web, for those who allow it
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.documents import YAML_ENDINGS
from ycd_opendata.package.files import DESCRIPTOR_NAME, is_web_address, read_document
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import Descriptor, package_of, read_descriptor, read_package

GIT = "git:"

_DESCRIPTIONS = (".json", *YAML_ENDINGS)
_OF_A_RELEASE = ("SHA256SUMS", "csv-metadata.json")
"""Files that each release has, and hardly anything else has both of."""


@contextmanager
def open_package(source: str, *, allow_remote: bool = False) -> Iterator[Package]:
    """Open a package; what has to be fetched or unpacked for it is gone afterwards.

    ``source`` is what the module's text lists; only ``allow_remote`` fetches anything from the web.

    Raises PackageError where it cannot be read; or it is an archive that is broken, too large or
    leaves its folder.
    """
    with open_descriptor(source, allow_remote=allow_remote) as descriptor:
        yield package_of(descriptor)


@contextmanager
def open_descriptor(
    source: str, *, allow_remote: bool = False, schema: str | None = None
) -> Iterator[Descriptor]:
    """Open a package's descriptor, for those who look at it before they trust it; see above.

    With a ``schema``, ``source`` is a single CSV file that this Table Schema describes.
    """
    if schema is not None:
        yield _one_table(Path(source), Path(schema))
        return
    with brought(source, allow_remote=allow_remote) as place:
        if is_in_place(source):
            _refuse_table(place)
        found = read_descriptor(place, allow_remote=allow_remote)
        yield replace(found, is_in_place=is_in_place(source))


@contextmanager
def brought(source: str, *, allow_remote: bool = False) -> Iterator[Path]:
    """Where a package's folder or descriptor is on this disk, unread; see above."""
    if is_web_address(source) and not allow_remote:
        raise PackageError(
            say("{source} is on the web, which was not read", source=source),
            say("--allow-remote reads what is there"),
        )
    if is_in_place(source):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="ycd-") as name:
        yield _brought(source, Path(name))


def package_to_write(source: str) -> Package:
    """A package whose tables can be written.

    Raises PackageError where it cannot be read, does not stand on this disk as it is, or is a
    release, which nobody changes.
    """
    if not is_in_place(source):
        raise PackageError(
            say("{package!r} is no folder, so its tables cannot be written", package=source),
            say("name the folder that the tables are in"),
        )
    path = Path(source)
    _refuse_table(path)
    package = read_package(path)
    if all((package.root / name).is_file() for name in _OF_A_RELEASE):
        raise PackageError(
            say("{package!r} is a release, which is never changed", package=source),
            say("change the package that it was built from, and build the next version"),
        )
    return package


def _one_table(table: Path, schema: Path) -> Descriptor:
    """A single CSV file and its Table Schema as a package of one table."""
    if not table.is_file():
        what = mark("{path!r} is a folder") if table.is_dir() else mark("no such file: {path!r}")
        raise PackageError(
            say(what, path=str(table)),
            say("--schema is for one CSV file: name it where PACKAGE stands"),
        )
    name = re.sub(r"[^a-z0-9._-]+", "-", table.stem.lower()).strip("-") or "table"
    read = read_document(schema, str(schema))
    resource = {"name": name, "path": table.name, "schema": read.value}
    raw = {"name": name, "resources": [resource]}
    return Descriptor(table, raw, {("resources", 0, "schema"): read})


def is_in_place(source: str) -> bool:
    """Whether a package stands on this disk as it is, so that its files can be written too."""
    is_archive = source.lower().endswith(".zip") and Path(source).is_file()
    return not (_is_revision(source) or is_web_address(source) or is_archive)


def names_archive(address: str) -> bool:
    """Whether an address on the web is a ZIP's, by its name."""
    return address.lower().partition("?")[0].endswith(".zip")


def _is_revision(source: str) -> bool:
    """Whether a revision is meant: a folder may be called so too, and then it is what is there."""
    return source.startswith(GIT) and not Path(source).exists()


def _brought(source: str, folder: Path) -> Path:
    """Bring a package into an empty folder, and say where its descriptor is there."""
    # Loaded late: most packages stand in a folder.
    from ycd_opendata.package.fetching import (
        LARGEST_ARCHIVE,
        archive_revision,
        download_package,
        unpack,
    )
    from ycd_opendata.package.web import download

    archive, content = folder / "archive.zip", folder / "content"
    content.mkdir()
    if _is_revision(source):
        wanted = archive_revision(source.removeprefix(GIT), archive)
        return unpack(archive, content, source, wanted)
    if not is_web_address(source):
        return unpack(Path(source), content, source)
    if names_archive(source):
        download(source, archive, LARGEST_ARCHIVE)
        return unpack(archive, content, source)
    return download_package(source, content)


def _refuse_table(path: Path) -> None:
    """Say what to name instead of a file that is no descriptor."""
    if not path.is_file() or path.suffix.lower() in _DESCRIPTIONS:
        return
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError:
        return  # told of by whoever reads it
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    raise PackageError(
        say("{path!r} is no data package: it has no descriptor", path=str(path)),
        say(
            "name the folder or the datapackage.json that describes it; `ycd init FOLDER` "
            "describes the tables in a folder; `ycd validate FILE.csv --schema SCHEMA.json` "
            "checks a single CSV file"
        ),
    )


def installed_folder() -> Path:
    """The folder of the data that came with this installation.

    A wheel carries it inside the Python package; an editable install has it at the top of the
    checkout.

    Raises PackageError where neither place has a descriptor: the installation is damaged.
    """
    python_package = Path(__file__).resolve().parent.parent
    for folder in (python_package / "dataset", python_package.parent.parent):
        if (folder / DESCRIPTOR_NAME).is_file():
            return folder
    raise PackageError(
        say("the installed ycd-opendata has no data in it"),
        say("reinstall it: pip install --force-reinstall"),
    )


@lru_cache(maxsize=1)
def installed_package() -> Package:
    """The package that came with this installation, read once a process."""
    return read_package(installed_folder())
