"""Text that a Chinese program wrote as GBK where UTF-8 is declared."""

from __future__ import annotations

import re

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_COMMON = 0.9
"""The share of characters, at least, that the common part of GBK has: a guess is none then."""


def read_gbk(content: bytes) -> str | None:
    """The text of bytes that are no UTF-8 and, beyond doubt, GBK; None where there is doubt.

    Bytes of another encoding are GBK now and then, but then of rare characters: GB 2312, the
    common part, needs two bytes in a row that are beyond ASCII.

    Examples
    --------
    >>> read_gbk("工业,宽带".encode("gbk")), read_gbk("Málaga,Köln".encode("latin-1"))
    ('工业,宽带', None)
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = _FOREIGN.findall(text)
    common = [each for each in foreign if _is_common(each)]
    is_chinese = len(foreign) > 1 and len(common) >= _COMMON * len(foreign)
    return text if is_chinese and text.encode("gb18030") == content else None


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
