"""Word files made from pieces of XML, of our own words."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = ("Title", "heading 1", "heading 2", "toc 1", "Normal")


def paragraph(text: str, style: str = "", bold: bool = False, size: float = 0, item: bool = False) -> str:
    """Return a paragraph: `size` in points, `item`: of the numbered list."""
    about = f'<w:pStyle w:val="{style.replace(" ", "")}"/>' if style else ""
    about += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if item else ""
    return f"<w:p><w:pPr>{about}</w:pPr>{run(text, bold, size)}</w:p>"


def run(text: str, bold: bool = False, size: float = 0, raised: bool = False) -> str:
    """Return some text of a paragraph."""
    about = "<w:b/>" * bold + (f'<w:sz w:val="{int(size * 2)}"/>' if size else "")
    about += '<w:vertAlign w:val="superscript"/>' * raised
    return f'<w:r><w:rPr>{about}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def table(*rows: Sequence[str]) -> str:
    """Return a table."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word_file(
    *body: str, title: str = "", modified: str = "", notes: Sequence[str] = (), links: Sequence[str] = ()
) -> bytes:
    """Return a Word file. Link number n is `<w:hyperlink r:id="link-n">`, note n `<w:footnoteReference w:id="n"/>`."""
    ids = {style: style.replace(" ", "") for style in _STYLES}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>' for name, id in ids.items()
    )
    default = '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>'
    footnotes = "".join(f'<w:footnote w:id="{n}">{paragraph(text)}</w:footnote>' for n, text in enumerate(notes, 1))
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    parts = {"styles": default + styles, "footnotes": footnotes, "numbering": numbering}
    related = "".join(f'<Relationship Id="{n}" Type="{_TYPES}/{n}" Target="{n}.xml"/>' for n in parts)
    related += "".join(
        f'<Relationship Id="link-{n}" Type="{_TYPES}/hyperlink" Target="{escape(url)}" TargetMode="External"/>'
        for n, url in enumerate(links, 1)
    )
    core = f'<c xmlns:dc="a" xmlns:dcterms="b"><dc:title>{escape(title)}</dc:title>'
    core += f"<dcterms:modified>{modified}</dcterms:modified></c>"
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        write = archive.writestr
        xml = '<Default Extension="xml" ContentType="application/xml"/>'
        xml += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        write("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{xml}</Types>')
        write(
            "_rels/.rels", _related(f'<Relationship Id="d" Type="{_TYPES}/officeDocument" Target="word/document.xml"/>')
        )
        write("word/_rels/document.xml.rels", _related(related))
        write("word/document.xml", f"<w:document {_W} {_R}><w:body>{''.join(body)}</w:body></w:document>")
        for name, content in parts.items():
            write(f"word/{name}.xml", f"<w:{name} {_W}>{content}</w:{name}>")
        write("docProps/core.xml", core)
    return file.getvalue()


def _related(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'
