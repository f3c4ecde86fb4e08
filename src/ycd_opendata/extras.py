"""What the plain install leaves out, asked for before anything is half done."""

from __future__ import annotations

from ycd_opendata.errors import MissingExtraError


def require_publish_extra(what: str) -> None:
    """Say which extra is missing before anything is half done.

    Raises
    ------
    MissingExtraError
        frictionless or pandera is not installed.
    """
    from importlib.util import find_spec

    if find_spec("frictionless") is None or find_spec("pandera") is None:
        raise MissingExtraError(what, "publish")
