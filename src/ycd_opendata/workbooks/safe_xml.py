"""Reading the XML of workbooks, which may have been made to do harm."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import IO, TYPE_CHECKING

from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import RefusedError

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENTITIES = "<!DOCTYPE"
_MARKS = tuple(_ENTITIES.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST = max(map(len, _MARKS))


class SafeStream:
    """A stream of XML that stops at a definition of entities: no program writes any."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._end = stream, b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises
        ------
        RefusedError
            Entities are defined in them.
        """
        chunk = self._stream.read(size)
        seen = self._end + chunk
        if any(mark in seen for mark in _MARKS):
            raise RefusedError(say("its XML defines entities"))
        self._end = seen[-_LONGEST:]
        return chunk


def elements_of(stream: IO[bytes], names: Collection[str]) -> Iterator[_Element]:
    """The elements of these names, whatever their namespace, each whole; then it is forgotten.

    Raises
    ------
    RefusedError
        Entities are defined in it.
    XMLSyntaxError
        It is no XML.
    """
    from lxml import etree

    found = etree.iterparse(
        SafeStream(stream),
        tag=[f"{{*}}{each}" for each in names],
        resolve_entities=False,
        no_network=True,
    )
    for _, element in found:
        yield element
        element.clear()
        before = element.getprevious()
        parent = element.getparent()
        if before is not None and parent is not None:
            parent.remove(before)


def local(element: _Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
