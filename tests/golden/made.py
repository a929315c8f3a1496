"""Makes the golden pages that no editor writes: `python -m tests.golden.made`. Needs chromium and wget.

One sheet of our own words, printed to PDF with and without tags and in two columns, as a Word file with and without
styles, saved as MHTML, and brought in from a site by wget.
"""

import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.golden import PAGES
from tests.readers.docx_files import paragraph, run, word_file

SECTIONS = [
    (
        "What is the kettle hum?",
        "The kettle hum is a low note that some people hear before the water boils. It was first written down by"
        " railway cooks, who tuned their whistles to it. About one kitchen in nine has it, most often a kitchen with a"
        " stone floor.",
    ),
    (
        "How is the kettle hum treated?",
        "A felt pad below the kettle takes most of the note away. A well-fitting lid helps, too. Nobody should pour"
        " cold water into a kettle that hums, for the note only rises.",
    ),
    (
        "When should I call somebody?",
        "Call a plumber if the hum goes on for an hour after the kettle has been emptied.",
    ),
]
STEPS = ("Empty the kettle.", "Wait for two minutes.", "Fill it to the line.")
ENTRIES = (
    "Cook A, Stoker B. Notes from the galley. Railway Press, 2011. https://kettle.example/galley",
    "Felt C. Pads and their uses. Kitchen Review 2014;3:14-19.",
)
DATED = "Last updated: March 5, 2024"
STYLE = "body { font: 11pt sans-serif } h1 { font-size: 22pt } h2 { font-size: 14pt }"
COLUMNS = STYLE + " main { columns: 2; text-align: justify; hyphens: auto } h2 { font-size: 11pt }"


def html(style: str) -> str:
    """Return the sheet as a web page."""
    body = ""
    for number, (question, answer) in enumerate(SECTIONS):
        marker = f'<sup><a href="#r{number + 1}">{number + 1}</a></sup>' if number < len(ENTRIES) else ""
        body += f"<h2>{question}</h2><p>{answer}{marker}</p>"
        body += f"<ol>{''.join(f'<li>{step}</li>' for step in STEPS)}</ol>" if number == 1 else ""
    entries = "".join(f'<li id="r{number}">{entry}</li>' for number, entry in enumerate(ENTRIES, 1))
    return (
        f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>The kettle hum</title><style>{style}</style>"
        f"<h1>The kettle hum</h1><main>{body}<h2>References</h2><ol>{entries}</ol><p>{DATED}</p></main></html>"
    )


def word(styled: bool) -> bytes:
    """Return the sheet as a Word file."""
    title = paragraph("The kettle hum", "Title") if styled else paragraph("The kettle hum", bold=True, size=20)
    parts = [title]
    for number, (question, answer) in enumerate(SECTIONS):
        marker = run(str(number + 1), raised=True) if number < len(ENTRIES) else ""
        parts.append(paragraph(question, "heading 1") if styled else paragraph(question, bold=True))
        parts.append(f"<w:p>{run(answer)}{marker}</w:p>")
        parts += [paragraph(step, item=True) for step in STEPS] if number == 1 else []
    parts.append(paragraph("References", "heading 1") if styled else paragraph("References", bold=True))
    parts += [paragraph(f"{number}. {entry}") for number, entry in enumerate(ENTRIES, 1)]
    return word_file(*parts, paragraph(DATED))


def printed() -> None:
    """Print and save the sheet with a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(html(STYLE))
        page.pdf(path=PAGES / "printed-with-tags.pdf", tagged=True)
        page.pdf(path=PAGES / "printed-without-tags.pdf", tagged=False)
        snapshot = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
        (PAGES / "saved-by-a-browser.mhtml").write_text(snapshot["data"], encoding="utf-8", newline="")
        page.set_content(html(COLUMNS))
        page.pdf(path=PAGES / "printed-in-columns.pdf", tagged=False, format="A5")
        browser.close()


def archived() -> None:
    """Bring in a site of one page with wget."""
    with TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        site.mkdir()
        (site / "kettle.html").write_text(html(STYLE), encoding="utf-8")
        server = ThreadingHTTPServer(("127.0.0.1", 8_765), partial(SimpleHTTPRequestHandler, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/kettle.html"
        command = ["wget", "--quiet", "--warc-file=archived-by-wget", f"--directory-prefix={folder}/copy", address]
        subprocess.run(command, cwd=folder, check=True, timeout=60)
        server.shutdown()
        server.server_close()
        (PAGES / "archived-by-wget.warc.gz").write_bytes((Path(folder) / "archived-by-wget.warc.gz").read_bytes())


if __name__ == "__main__":
    for name, styled in (("word-with-styles", True), ("word-without-styles", False)):
        (PAGES / f"{name}.docx").write_bytes(word(styled))
    printed()
    archived()
