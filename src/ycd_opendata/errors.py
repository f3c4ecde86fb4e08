"""Every exception this package raises on purpose.

Each message says what is wrong and where, and ``hint`` what to do next. The command line prints
both on one line each and turns the class into an exit code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ycd_opendata.messages import say

_FEW = 30


class YcdError(Exception):
    """Base of all errors of this package: a message, and a hint that says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class PackageError(YcdError):
    """A package, descriptor or file cannot be read at all."""


class DescriptorError(PackageError):
    """One file of the description (descriptor, schema, dialect) is not usable.

    ``path`` is relative to the package's folder, ``line`` None where it is not known.
    """

    def __init__(self, message: str, path: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line


class UnsafePathError(DescriptorError):
    """A path in a descriptor leaves the package's folder, or is no path on this machine."""


class DataError(YcdError):
    """A table does not match its schema, so it cannot be loaded as typed data."""


class DateError(YcdError, ValueError):
    """A text is no date."""


class ExtensionError(YcdError):
    """What an owner adds to the tool cannot be loaded."""


class EngineError(YcdError):
    """What was to check the tables cannot be reached, or was lost on the way."""


class ReleaseError(YcdError):
    """A release cannot be written, or is not what its checksums say."""


class MissingExtraError(YcdError, ImportError):
    """A library is needed that the plain install leaves out."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            say("{what} needs libraries that are not installed", what=say(what)),
            f"pip install 'ycd-opendata[{extra}]'",
        )


class UnknownNameError(YcdError, LookupError):
    """A name that does not exist, with the nearest that do, and all of them if they are few."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names = list(known)
        few = len(names) <= _FEW
        close = difflib.get_close_matches(str(name), names, n=1 if few else 3, cutoff=0.5)
        nearest = (
            say("did you mean {close}? ", close=say(" or ").join(map(repr, close))) if close else ""
        )
        listed = (
            say("known: {names}", names=", ".join(names) or say("none"))
            if few
            else say("{number} are known", number=len(names))
        )
        super().__init__(
            say("unknown {kind} {name!r}", kind=say(kind), name=name), nearest + listed
        )


class RetiredIdError(YcdError, LookupError):
    """An id is no longer used, and no other took its place."""

    def __init__(self, table: str, record: str, since_version: str, reason: str) -> None:
        super().__init__(
            say(
                "{table} id {record!r} was retired in version {version}: {reason}",
                table=table,
                record=record,
                version=since_version,
                reason=reason,
            ),
            say("nothing took its place; an older release has the record: load(..., version=...)"),
        )


class DeprecatedFieldWarning(FutureWarning):
    """A field goes in a later version."""


def require_publish_extra(what: str) -> None:
    """Say which extra is missing before anything is half done.

    Raises MissingExtraError where frictionless or pandera is not installed.
    """
    from importlib.util import find_spec

    if find_spec("frictionless") is None or find_spec("pandera") is None:
        raise MissingExtraError(what, "publish")
