"""The files of a release that describe its tables, one module a standard."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.publishing.contents import Contents
from ycd_opendata.publishing.metadata.readme import README, release_readme


def metadata_texts(contents: Contents) -> Iterator[tuple[str, str]]:
    """The path in the release and the text of each file that describes it."""
    yield README, release_readme(contents.package)
