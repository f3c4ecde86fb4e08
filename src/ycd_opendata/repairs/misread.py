"""Text that a Chinese program wrote as GBK where UTF-8 is declared."""

from __future__ import annotations

import re

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_COMMON = 0.75
"""The share of characters, at least, that are of the common part of GBK."""


def read_gbk(content: bytes) -> str | None:
    """The text of bytes that are no UTF-8 and, beyond doubt, GBK; None where there is doubt.

    Bytes of another encoding may be GBK too. Those of Western texts are rare characters then; for
    Japanese and Korean ones the frequencies of characters speak, which chardet knows.

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
    if len(foreign) < 2 or len(common) < _COMMON * len(foreign):
        return None
    import chardet

    guess = str(chardet.detect(content)["encoding"]).upper()
    is_chinese = guess.startswith("GB") and text.encode("gb18030") == content
    return text if is_chinese else None


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
