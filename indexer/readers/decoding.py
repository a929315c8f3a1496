"""Bytes -> text. What is neither plain UTF-8 nor what the file itself declares is said; what cannot be told is refused.

Every page goes through `decode` once, so that all readers see the same text: no byte order mark, line feeds only, no
invisible characters, composed accents (NFC).
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator

from charset_normalizer import from_bytes

from indexer.errors import PageError
from indexer.language.detection import is_english_text
from indexer.model import PageWarning

#: Byte order marks. That of UTF-32 comes first, for it opens with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be", codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
#: How files of other kinds open, which have been given the suffix of a page: PDF, pictures, archives and Office, RTF.
_OTHER_FILES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\3\4", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"{\\rtf")
#: What may be detected: the encodings of the web (WHATWG, Encoding) that differ in more than a few characters, by
#: Python's name and the name that people know.
_NAMES = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "iso8859_2": "ISO-8859-2",
    "iso8859_5": "ISO-8859-5", "iso8859_7": "ISO-8859-7", "iso8859_15": "ISO-8859-15", "koi8_r": "KOI8-R",
    "cp866": "IBM866", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "gb18030": "GB18030", "big5": "Big5",
    "cp949": "EUC-KR",
}  # fmt: skip
#: What may be declared besides.
_RARE = ("cp1257", "cp1258", "cp874", "iso8859_3", "iso8859_4", "iso8859_6", "iso8859_8", "iso8859_10", "iso8859_13",
         "iso8859_14", "iso8859_16", "koi8_u", "mac_roman", "iso2022_jp")  # fmt: skip
#: What browsers take a label for (the same standard): the larger set that was meant, by Python's name of the label.
_MEANT = {
    "ascii": "cp1252", "iso8859_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5hkscs": "big5",
}  # fmt: skip
_XML_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?P<label>[\w.:-]+)""")
_META_DECLARED = re.compile(rb"""<meta\s[^>]*?\bcharset\s*=\s*["']?\s*(?P<label>[\w.:-]+)""", re.IGNORECASE)
#: A declaration stands in the first 1,024 bytes (HTML standard, 4.2.5.4); scripts before it push some further down.
_DECLARED_BYTES = 4096
_TAG = re.compile(rb"<[^<>]*>")
#: Western text has its accents and quotation marks one by one: 1.3 bytes in a row on average at most in pages of nine
#: languages in Latin letters, and in MedQuAD's; pages in eight other scripts have 2.3 or more.
_WESTERN_RUN_BYTES = 1.75
#: A reading with so little more mess, or so little less likeness to a language, is a rival (charset-normalizer's
#: measures, 0 to 1). On 28 pairs of language and encoding, cut after 40, 80 and 1,000 letters: 48 right, 36 unsure,
#: none wrong; with .05 for the mess one was wrong.
_MESS_MARGIN, _LIKENESS_MARGIN = 0.1, 0.2
#: In windows-1252 no word goes on with a capital or a low quotation mark: that was another encoding, or a mixture.
_NO_WORD = re.compile("[a-z][\u00c0-\u00d6\u00d8-\u00de\u201a\u201e\u0192\u02c6\u0160\u017d]")
#: UTF-8 that was once read as windows-1252 or Latin-1: "A-tilde, copyright" for "e acute", and the like.
_TWICE = re.compile(
    "\u00c3[\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2[\u20ac\u0080]|\u00c2[\u0080-\u00bf]"
)
#: Zero-width characters and soft hyphens of saved web pages, which separate the letters of words that look whole.
UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_INVISIBLE = UNSEEN | dict.fromkeys([*range(9), *range(14, 32), *range(127, 160)])


def decode(data: bytes, path: str) -> tuple[str, tuple[PageWarning, ...]]:
    """Return the text of a file, and warnings about its encoding.

    A byte order mark decides, then whether it is UTF-8, then what it declares, then what it looks like. Raises
    PageError for a file that is empty, binary, or in an encoding that cannot be told for sure.
    """
    if data.startswith(_OTHER_FILES):
        raise PageError(path, "a binary file, not text")
    mark, codec = next(((mark, codec) for mark, codec in _MARKS.items() if data.startswith(mark)), (b"", ""))
    said = None
    if not codec:
        codec, said = _without_a_mark(data, path)
    text = _strict(data.removeprefix(mark), codec, path)
    tidy = tidied(text)
    if not tidy.strip():
        raise PageError(path, "the file is empty")
    return tidy, (*([said] if said else []), *_damage(text))


def tidied(text: str) -> str:
    """Return a text in Unicode's composed form (NFC), so that an accent is saved in one way, with line feeds only."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE)
    return unicodedata.normalize("NFC", text)


def _damage(text: str) -> Iterator[PageWarning]:
    """Yield what shows that a text was broken before it was saved. It is not mended: nobody knows how far it went."""
    if lost := text.count("\ufffd"):
        line = _line(text, text.index(chr(0xFFFD)))
        yield PageWarning(f"{lost} characters were lost before the file was saved", line)
    if twice := _TWICE.search(text):
        looks = f"{twice[0]!r} looks like UTF-8 that was once read as another encoding"
        yield PageWarning(looks, _line(text, twice.start()))


def _without_a_mark(data: bytes, path: str) -> tuple[str, PageWarning | None]:
    """Return the codec of a file without a byte order mark, and a warning if it is not what the file declares."""
    if b"\0" in data:
        return _utf16(data, path)
    label, declared = _declared(data)
    if b"\x1b$" in data and _decoded(data, "iso2022_jp"):  # its seven bits would pass for UTF-8
        undeclared = PageWarning("nothing is declared; read as ISO-2022-JP")
        return "iso2022_jp", None if declared == "iso2022_jp" else undeclared
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"byte 0x{data[error.start]:02x}", data.count(b"\n", 0, error.start) + 1
    else:
        wrong = label and declared != "utf_8" and not data.isascii()
        return "utf-8", PageWarning(f"declared as {label}, but it is UTF-8, and read as that") if wrong else None
    prose = _TAG.sub(b" ", data)
    if declared and _fits(data, prose, declared):
        return declared, None
    codec = _detected(data, prose)
    if codec is None:
        raise PageError(path, f"not UTF-8: {where[0]}; its encoding is unknown", where[1])
    instead = f"declared as {label}, which it is not" if label else f"not UTF-8 ({where[0]}), and nothing is declared"
    return codec, PageWarning(f"{instead}; read as {_NAMES[codec]}", where[1])


def _utf16(data: bytes, path: str) -> tuple[str, PageWarning | None]:
    """Return the byte order of UTF-16 without a mark: that in which the text has spaces and line ends."""
    texts = {codec: data.decode(codec, "replace") for codec in ("utf-16-le", "utf-16-be")}
    codec = max(texts, key=lambda codec: texts[codec].count(" ") + texts[codec].count("\n"))
    used = set(texts[codec])
    sparse = data.replace(b"\0", b"").isascii() and data.count(b"\0") < 0.4 * len(data)  # nearly half, if it is English
    strange = any(c in "\0\ufffd" or unicodedata.category(c) in ("Cn", "Co") for c in used)
    if sparse or strange or used.isdisjoint(" \n"):
        raise PageError(path, "a binary file, not text")
    return codec, PageWarning(f"nothing is declared; read as {codec.upper()}")


def _declared(data: bytes) -> tuple[str, str | None]:
    """Return the encoding that a file declares, as it is written and as Python's codec: None for one unknown here."""
    head = data[:_DECLARED_BYTES]
    match = _XML_DECLARED.match(head) or (_META_DECLARED.search(head) if head.lstrip().startswith(b"<") else None)
    label = match["label"].decode("ascii", "replace").lower() if match else ""
    try:
        codec = codecs.lookup(label.removeprefix("x-")).name.replace("-", "_")
    except LookupError:
        return label, None
    codec = _MEANT.get(codec, codec)
    return label, codec if codec in (*_NAMES, *_RARE, "utf_8") else None


def _fits(data: bytes, prose: bytes, codec: str) -> bool:
    """Tell whether bytes can be in an encoding. Nearly all can be in a Western one, so its look is asked too."""
    text = _decoded(data, codec)
    return text is not None and (codec not in ("cp1252", "iso8859_15") or _is_western(prose))


def _detected(data: bytes, prose: bytes) -> str | None:
    """Return the codec in which a file is for sure, or None. `prose` is the file without its tags."""
    as_utf8 = data.decode("utf-8", "replace")
    if as_utf8.count("\ufffd") < sum(not c.isascii() for c in as_utf8) / 2:
        return None  # it is UTF-8 for the most part: cut off inside a letter, or a mixture
    if _is_western(prose) and is_english_text(prose.decode("ascii", "ignore")):
        # The currency sign of windows-1252 is never seen; where it stands ISO-8859-15 has the euro.
        codec = "iso8859_15" if b"\xa4" in data and not re.search(rb"[\x80-\x9f]", data) else "cp1252"
        text = _decoded(data, codec)
        return None if text is None or _NO_WORD.search(text) or _TWICE.search(text) else codec
    found = from_bytes(prose, cp_isolation=list(_NAMES), preemptive_behaviour=False, enable_fallback=False)
    matches = [match for match in found if _decoded(data, match.encoding) is not None]
    for best in matches[:1]:
        others = [match for match in matches if str(match) != str(best)]
        as_clean = [match for match in others if match.chaos < best.chaos + _MESS_MARGIN]
        if all(match.coherence <= best.coherence - _LIKENESS_MARGIN for match in as_clean):
            return best.encoding
    return None


def _is_western(prose: bytes) -> bool:
    runs = re.findall(rb"[\x80-\xff]+", prose)
    return sum(map(len, runs)) <= _WESTERN_RUN_BYTES * len(runs)


def _decoded(data: bytes, codec: str) -> str | None:
    """Return the text of bytes in an encoding, or None where they are not: control characters are no text."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if re.search("[\u0080-\u009f]", text) else text


def _strict(data: bytes, codec: str, path: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        reason = f"not {codec.upper()}: byte 0x{data[error.start]:02x}"
        raise PageError(path, reason, data.count(b"\n", 0, error.start) + 1) from error


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
