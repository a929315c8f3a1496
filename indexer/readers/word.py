"""Word files (.docx) -> pages, through the HTML that mammoth makes of their styles, lists, tables, notes and links."""

import io
import zipfile

import mammoth

from indexer.errors import PageError
from indexer.model import Page
from indexer.readers.html import page_of

#: What a file may hold when it is unpacked. A handbook of 500 pages has 5 MB of text, pictures aside.
_MOST_UNPACKED = 200_000_000
#: Styles that mammoth leaves to its users: Word's own for the title of a document.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
r[style-name='Strong'] => strong
strike => s
"""


def read_word(data: bytes, path: str) -> list[Page]:
    """Return the page of a Word file. Raises PageError for one that is damaged or unpacks to more than it may."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise PageError(path, f"it unpacks to more than {_MOST_UNPACKED:,} bytes")
        html = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(_words_of_image)
        ).value
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        raise PageError(path, f"a damaged Word file: {error}") from error
    return [page_of(html, path)]


def _words_of_image(image: object) -> dict[str, str]:
    """Return the attributes of an image: none, for mammoth adds its words and nothing shows it."""
    return {"src": ""}
