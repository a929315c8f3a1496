"""PDF files made by a script, of our own words: sheets in columns, with headers, footers and boxes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from textwrap import wrap

from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT, MARGIN, GUTTER = 612, 792, 54, 24

ENGLISH = {
    "What is {}?": "{} is a dried leaf that people pour hot water on. Shops keep it in tins near the window.",
    "How is it given?": "Pour it into a warm cup and wait four minutes. The well-known scent goes if the lid is open.",
    "What should I do if I miss a cup?": "Drink the next one at the usual hour. Two cups at once taste of nothing.",
    "What are the common side effects?": "Some people hum. Others look out of the window longer than they meant to.",
    "How should it be stored?": "Store it in a dry place, away from coffee and soap, where no child can reach it.",
}
SPANISH = {
    "\u00bfQu\u00e9 es {}?": "{} es una hoja seca sobre la que se vierte agua caliente. Se guarda en latas.",
    "\u00bfC\u00f3mo se administra?": "Vi\u00e9rtala en una taza tibia y espere cuatro minutos. Dos son demasiado.",
    "\u00bfQu\u00e9 debo hacer si olvido una taza?": "Beba la siguiente a la hora de siempre. Dos no saben a nada.",
    "\u00bfCu\u00e1les son los efectos comunes?": "Algunas personas tararean. Otras miran por la ventana mucho tiempo.",
    "\u00bfC\u00f3mo se guarda?": "Gu\u00e1rdela en un lugar seco, lejos del caf\u00e9 y del jab\u00f3n.",
}


@dataclass
class Look:
    """How a file looks: sizes in points, columns, and what is bold or coloured."""

    title: float = 18
    heading: float = 12
    body: float = 10
    columns: int = 2
    bold: bool = True
    blue: bool = False
    box: bool = True
    footer: str = "Leaf Handbook \u00b7 Ask your grocer before you pour \u00b7 {}"
    bookmarks: bool = False


class Writer:
    """Writes text into columns, from the top of each to its bottom."""

    def __init__(self, look: Look) -> None:
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=(WIDTH, HEIGHT))
        self._look, self._page = look, 0
        self._column, self._top, self._y = 0, float(HEIGHT - MARGIN), float(HEIGHT - MARGIN)

    def begin_page(self) -> None:
        if self._page:
            self._end_page()
        self._page += 1
        self._column, self._top, self._y = 0, HEIGHT - MARGIN, HEIGHT - MARGIN

    def line(self, text: str, size: float, *, bold: bool = False, blue: bool = False, x: float | None = None) -> None:
        if self._y < MARGIN + 120:
            self._next_column()
        self._y -= size * 1.25
        self._canvas.setFillColorRGB(*((0, 0.2, 0.7) if blue else (0, 0, 0)))
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(self._left() if x is None else x, self._y, text)

    def space(self, points: float) -> None:
        self._y -= points

    def full_width_ends(self) -> None:
        """Begin the columns here, below what was written so far."""
        self._top = self._y

    def paragraph(self, text: str, size: float) -> None:
        for line in wrap(text, int(self._width() / (size * 0.5))):
            self.line(line, size)

    def heading(self, text: str) -> None:
        look = self._look
        self.space(6)
        for line in wrap(text, int(self._width() / (look.heading * 0.56))):
            self.line(line, look.heading, bold=look.bold, blue=look.blue)
        self.space(2)

    def bookmark(self, title: str) -> None:
        self._canvas.bookmarkPage(title)
        self._canvas.addOutlineEntry(title, title)

    def saved(self) -> bytes:
        self._end_page()
        self._canvas.save()
        return self._file.getvalue()

    def _width(self) -> float:
        return (WIDTH - 2 * MARGIN - (self._look.columns - 1) * GUTTER) / self._look.columns

    def _left(self) -> float:
        return MARGIN + self._column * (self._width() + GUTTER)

    def _next_column(self) -> None:
        if self._column + 1 < self._look.columns:
            self._column, self._y = self._column + 1, self._top
        else:
            self.begin_page()

    def _end_page(self) -> None:
        canvas, look = self._canvas, self._look
        canvas.setFillColorRGB(0, 0, 0)
        if look.box:
            canvas.rect(MARGIN, MARGIN + 16, WIDTH - 2 * MARGIN, 80)
            canvas.setFont("Helvetica-Bold", look.body)
            canvas.drawString(MARGIN + 8, MARGIN + 80, "Special notes")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(MARGIN, MARGIN - 20, look.footer.format(self._page))
        canvas.showPage()


def handbook(sheets: int, look: Look, first: int = 0, changed: int = -1) -> tuple[bytes, list[str]]:
    """Return a file of many sheets, half of them in Spanish, and their titles; one may have another last answer."""
    writer, titles = Writer(look), []
    for number in range(first, sheets):
        title = f"Leaf{'abcdefghij'[number % 10]}{'abcdefghij'[number // 10]}in"
        asked = SPANISH if number % 2 else ENGLISH
        titles.append(title)
        writer.begin_page()
        if look.bookmarks:
            writer.bookmark(title)
        writer.line(f"{title} (leaf-a-BEE-in)", look.title, bold=True)
        writer.line(f"{'Marca' if number % 2 else 'Brand name'}: Cup{title.lower()}", look.body)
        writer.space(8)
        writer.full_width_ends()
        for heading, answer in asked.items():
            writer.heading(heading.format(title))
            writer.paragraph(answer.format(title) + (" " + answer.format("It")) * (number % 7), look.body)
        if number == changed:
            writer.paragraph("It was moved to another shelf.", look.body)
    return writer.saved(), titles
