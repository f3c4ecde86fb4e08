"""Reading from the web, for those who allowed it: with patience, and never without end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ycd_opendata.errors import DescriptorError, PackageError
from ycd_opendata.messages import say
from ycd_opendata.package.documents import MOST_BYTES

_PATIENCE = 30  # seconds in which a server has to say something
_BLOCK = 2**16


class NotFetchedError(PackageError):
    """An address gives no file: ``is_missing`` says that the server has none."""

    def __init__(self, message: str, hint: str, *, is_missing: bool = False) -> None:
        super().__init__(message, hint)
        self.is_missing = is_missing


class TooLargeError(PackageError):
    """An address gives more bytes than are taken."""


def fetch_document(url: str) -> bytes:
    """The bytes of a small file, such as a schema; one more than is allowed if there are more.

    Raises DescriptorError where it cannot be fetched.
    """
    content = b""
    try:
        with _blocks(url) as blocks:
            for block in blocks:
                content += block
                if len(content) > MOST_BYTES:
                    break
    except NotFetchedError as error:
        raise DescriptorError(error.message, url, hint=error.hint) from error
    return content


def download(url: str, place: Path, most: int) -> int:
    """Write what an address gives into a file, and say how many bytes that are.

    Raises NotFetchedError where it cannot be fetched; TooLargeError where there are more than
    ``most`` bytes.
    """
    with _blocks(url) as blocks:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as stream:
            for block in blocks:
                if stream.tell() + len(block) > most:
                    raise TooLargeError(
                        say("{url} has more than {most:,} bytes", url=url, most=most),
                        say("fetch it yourself"),
                    )
                stream.write(block)
            return stream.tell()


@contextmanager
def _blocks(url: str) -> Iterator[Iterator[bytes]]:
    import requests

    hint = say("check the address and the network")
    try:
        with requests.get(url, stream=True, timeout=_PATIENCE) as answer:
            if not answer.ok:
                what = say(
                    "the server answers {code} {reason}",
                    code=answer.status_code,
                    reason=answer.reason,
                )
                is_missing = answer.status_code in (404, 410)
                raise NotFetchedError(
                    say("cannot fetch {url}: {what}", url=url, what=what),
                    hint,
                    is_missing=is_missing,
                )
            yield answer.iter_content(_BLOCK)
    except requests.RequestException as error:
        raise NotFetchedError(
            say("cannot fetch {url}: {name}", url=url, name=type(error).__name__), hint
        ) from error
