"""Files of tables at addresses, read by ranges: in object stores, HDFS, and on web servers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from ycd_opendata.messages import say
from ycd_opendata.package.files import is_web_address
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.zipped import Bytes, ZippedFile
from ycd_opendata.shown import visible

_BLOCK = 2**23
_PATIENCE = 30  # seconds in which a server has to say something
_LONGEST_REASON = 200


class Size(NamedTuple):
    """What is known of a file, by the name that a local one's size has."""

    st_size: int


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address, with what a table asks of a ``Path``."""

    address: str
    size: int

    def __str__(self) -> str:
        return self.address

    @property
    def name(self) -> str:
        """The last part of its path."""
        return Path(urlsplit(self.address).path).name

    @property
    def suffix(self) -> str:
        """What its name ends with."""
        return Path(self.name).suffix

    def exists(self) -> bool:
        """It was there when it was found."""
        return True

    def stat(self) -> Size:
        """Its size."""
        return Size(self.size)

    def open(self, _: str = "rb") -> io.BufferedReader:
        """Its bytes, fetched block by block."""
        return io.BufferedReader(_Blocks(self), _BLOCK)


File: TypeAlias = Path | RemoteFile | ZippedFile
"""A file of a table."""


def find_remote(address: str) -> RemoteFile | None:
    """The file at an address; None where a web server has none, or does not give parts of it.

    Raises
    ------
    RefusedError
        It cannot be reached.
    """
    if is_web_address(address):
        return _on_the_web(address)
    with _saying_why(address):
        system, path = _system(address)
        return RemoteFile(address, int(system.size(path)))


def read_remote(address: str, start: int, end: int) -> bytes:
    """The bytes of a range of a file; errors as in ``find_remote``."""
    if start >= end:
        return b""
    with _saying_why(address):
        if is_web_address(address):
            with _asked(address, start, end) as answer:
                answer.raise_for_status()
                content = bytes(answer.content)
        else:
            system, path = _system(address)
            content = bytes(system.cat_file(path, start=start, end=end))
        if len(content) != end - start:
            got = len(content)
            raise OSError(say("{got:,} bytes instead of {size:,}", got=got, size=end - start))
        return content


class _Blocks(Bytes):
    def __init__(self, file: RemoteFile) -> None:
        self._file, self._at = file, 0

    def take(self, size: int) -> bytes:
        end = min(self._at + size, self._file.size)
        content = read_remote(self._file.address, self._at, end)
        self._at = end
        return content


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    import fsspec

    system, path = fsspec.core.url_to_fs(address)
    return system, path


def _on_the_web(address: str) -> RemoteFile | None:
    import requests

    try:
        with _asked(address, 0, 1) as answer:
            size = answer.headers.get("Content-Range", "").rpartition("/")[2]
            is_part = answer.status_code == 206 and size.isdecimal()
            return RemoteFile(address, int(size)) if is_part else None
    except requests.RequestException:
        # Whoever reads it next says why.
        return None


def _asked(address: str, start: int, end: int) -> Any:
    import requests

    headers = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
    return requests.get(address, headers=headers, stream=True, timeout=_PATIENCE)


@contextmanager
def _saying_why(address: str) -> Iterator[None]:
    """Turn whatever a driver raises, each of which has classes of its own, into one line."""
    try:
        yield
    except Exception as error:
        # Arrow's driver of HDFS is there, and looks for Java and for Hadoop's library.
        is_missing = isinstance(error, ImportError) or "Unable to load lib" in str(error)
        raise RefusedError(
            _unread(address, error),
            say(
                "pip install 'ycd-opendata[remote]', and fsspec's driver of that kind of address: "
                "s3fs, gcsfs, adlfs; hdfs:// needs Java and Hadoop's libhdfs, webhdfs:// neither"
            )
            if is_missing
            else say("check the address, the network, and the rights that the environment gives"),
        ) from error


def _unread(address: str, error: Exception) -> str:
    said = [*str(error).splitlines(), type(error).__name__]
    reason = visible(said[0][:_LONGEST_REASON] or said[-1])
    return say("{address} cannot be read ({reason})", address=address, reason=reason)
