"""PDF files written object by object, to have in them what no program writes."""

from collections.abc import Mapping

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    b" /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def text(*lines: str, size: int = 11, mode: int = 0) -> bytes:
    """Return the drawing of some lines, from the top of a page; `mode` 3 draws nothing that is seen."""
    shown = b" ".join(b"(" + line.encode("latin-1") + b") Tj T*" for line in lines)
    return b"BT /F %d Tf %d Tr 14 TL 72 720 Td " % (size, mode) + shown + b" ET"


def stream(content: bytes, about: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), about, content)


def pdf(content: bytes = b"", others: Mapping[int, bytes] | None = None, trailer: bytes = b"") -> bytes:
    """Return a file of one page that draws `content`. `others` take the place of its objects, or come beside them."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE, 4: stream(content), 5: FONT} | dict(others or {})
    file, offsets = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        offsets[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(
        b"%010d %05d %s \n" % ((offsets[n], 0, b"n") if n in offsets else (0, 65535, b"f"))
        for n in range(max(objects) + 1)
    )
    size = max(objects) + 1
    end = b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n" % (
        size,
        table,
        size,
        trailer,
        len(file),
    )
    return file + end + b"%%EOF\n"
