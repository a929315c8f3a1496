"""Web archives: which of their records are pages."""

import gzip
import io
import shutil
import subprocess
import sys
import threading
import zipfile
from functools import partial
from hashlib import blake2b
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer import build_index, open_index
from indexer.errors import PageError
from indexer.model import Page
from indexer.readers import read_pages
from indexer.readers.archives import responses

SITE = "https://tea.example"
#: What gzip cannot make smaller.
_NOISE = b"".join(blake2b(bytes([n])).digest() for n in range(80))
PAGE = b"<h1>Tea</h1><h2>What is tea?</h2><p>A leaf that people pour hot water on.</p>"


def record(kind: str, address: str, content: bytes, http: str = "", about: str = "") -> bytes:
    """Return a record of a WARC file, compressed."""
    block = (http.encode() + b"\r\n\r\n" if http else b"") + content
    typed = "application/http; msgtype=response" if http else "text/plain"
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Type: {typed}\r\n"
    head += f"WARC-Date: 2024-03-05T10:00:00Z\r\n{about}Content-Length: {len(block)}\r\n\r\n"
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def answer(address: str, content: bytes, status: str = "200 OK", headers: str = "Content-Type: text/html") -> bytes:
    """Return the record of an answer of a server."""
    return record("response", address, content, f"HTTP/1.1 {status}\r\n{headers}")


def read(
    tmp_path: Path, data: bytes, name: str = "site.warc.gz", most: int = 1_000_000
) -> list[tuple[str, str, bytes]]:
    (tmp_path / name).write_bytes(data)
    return [(one.url, one.suffix, one.content) for one in responses(tmp_path / name, name, most)]


def test_each_page_has_its_address_and_the_day_when_it_was_retrieved(tmp_path: Path) -> None:
    (tmp_path / "site.warc.gz").write_bytes(answer(f"{SITE}/tea#top", PAGE, headers="Content-Type: text/HTML; a=b"))
    (page,) = responses(tmp_path / "site.warc.gz", "site.warc.gz", 1_000)
    assert (page.url, page.suffix) == (f"{SITE}/tea", ".html")
    assert (page.retrieved, page.content) == ("2024-03-05", PAGE)


def test_errors_redirects_requests_robots_and_other_types_are_left_out(tmp_path: Path) -> None:
    records = (
        answer(f"{SITE}/gone", PAGE + b"1", "404 Not Found"),
        answer(f"{SITE}/moved", PAGE + b"2", "301 Moved Permanently"),
        answer(f"{SITE}/robots.txt", PAGE + b"3"),
        answer("dns:tea.example", PAGE + b"4"),
        answer(f"{SITE}/leaf", PAGE + b"5", headers="Content-Type: image/png"),
        record("request", f"{SITE}/", b"", "GET / HTTP/1.1\r\nHost: tea.example"),
        record("metadata", f"{SITE}/", PAGE + b"6"),
        record("revisit", f"{SITE}/again", b"", "HTTP/1.1 200 OK\r\nContent-Type: text/html"),
    )
    assert read(tmp_path, b"".join(records)) == []


def test_of_an_address_the_last_answer_is_read_and_of_equal_content_the_first(tmp_path: Path) -> None:
    records = (
        answer(f"{SITE}/a", PAGE),
        answer(f"{SITE}/a", PAGE + b"later"),
        answer(f"{SITE}/b", PAGE),
        answer(f"{SITE}/c", PAGE),
    )
    found = read(tmp_path, b"".join(records))
    assert [(url, content) for url, _, content in found] == [(f"{SITE}/a", PAGE + b"later"), (f"{SITE}/b", PAGE)]


def test_text_of_a_wet_file_is_plain_text(tmp_path: Path) -> None:
    wet = record("conversion", f"{SITE}/tea", b"What is tea?")
    assert read(tmp_path, wet, "site.wet.gz") == [(f"{SITE}/tea", ".txt", b"What is tea?")]


@pytest.mark.parametrize(
    ("content", "headers", "most"),
    [
        (gzip.compress(b"x" * 10_000_000), "Content-Encoding: gzip", 5_000),
        (gzip.compress(PAGE * 3_000), "Content-Encoding: gzip", 1_000_000),
        (b"5\r\nxxxxx\r\n3\r\nyyy\r\n0\r\n\r\n", "Transfer-Encoding: chunked", 1_000_000),
    ],
)
def test_compressed_and_chunked_answers_are_unpacked_up_to_their_bound(
    tmp_path: Path, content: bytes, headers: str, most: int
) -> None:
    data = answer(f"{SITE}/tea", content, headers=f"Content-Type: text/html\r\n{headers}")
    whole = b"xxxxxyyy" if "chunked" in headers else gzip.decompress(content)
    assert [found for _, _, found in read(tmp_path, data, most=most)] == [whole[: most + 1]]


def test_the_encoding_that_the_server_names_comes_first(tmp_path: Path) -> None:
    page = "<meta charset=utf-8><h1>Th\u00e9</h1><h2>What is th\u00e9?</h2><p>A leaf.</p>"
    data = answer(f"{SITE}/tea", page.encode("cp1252"), headers="Content-Type: text/html; charset=windows-1252")
    (tmp_path / "site.warc.gz").write_bytes(data)
    (found,) = read_pages(tmp_path / "site.warc.gz", tmp_path)
    assert isinstance(found, Page)
    assert (found.title, found.warnings) == ("Th\u00e9", ())


def test_links_are_those_of_the_page_at_its_address(tmp_path: Path) -> None:
    page = PAGE.replace(b"water", b"<a href=../pot.html>water</a>") + b"<p><a href=#more>More</a>, below.</p>"
    (tmp_path / "site.warc.gz").write_bytes(answer(f"{SITE}/a/tea.html", page))
    (found,) = read_pages(tmp_path / "site.warc.gz", tmp_path)
    assert isinstance(found, Page)
    assert (found.inside, found.provenance.url) == (f"#{SITE}/a/tea.html", f"{SITE}/a/tea.html")
    assert [link.url for block in found.blocks for link in block.links] == [f"{SITE}/pot.html", "#more"]


def test_a_date_that_is_none_is_not_known(tmp_path: Path) -> None:
    data = gzip.compress(
        gzip.decompress(answer(f"{SITE}/tea", PAGE)).replace(b"2024-03-05T10:00:00Z", b"yesterday at noon")
    )
    (tmp_path / "site.warc.gz").write_bytes(data)
    (page,) = responses(tmp_path / "site.warc.gz", "site.warc.gz", 1_000)
    assert page.retrieved is None


def test_a_wacz_file_is_read_as_the_archives_in_it(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("archive/data.warc.gz", answer(f"{SITE}/a", PAGE))
        packed.writestr("archive/more.warc.gz", answer(f"{SITE}/b", PAGE + b"b"))
        packed.writestr("pages/pages.jsonl", "{}")
    found = read(tmp_path, file.getvalue(), "site.wacz")
    assert [address for address, _, _ in found] == [f"{SITE}/a", f"{SITE}/b"]


@pytest.mark.parametrize("name", ["site.warc", "site.warc.gz", "site.wacz"])
@pytest.mark.parametrize("data", [b"no archive", b"WARC/1.0\r\nno header", b"\x1f\x8bno gzip", b"PK\3\4no zip"])
def test_what_is_no_archive_is_refused_by_name(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PageError, match=rf"^{name}: (?:a damaged web archive|no page in it)"):
        list(read_pages(tmp_path / name, tmp_path))


def test_pages_before_the_damage_are_read_and_the_damage_is_reported(tmp_path: Path) -> None:
    whole = answer(f"{SITE}/a", PAGE) + answer(f"{SITE}/b", _NOISE)
    (tmp_path / "site.warc.gz").write_bytes(whole[:-2_000])
    pages = responses(tmp_path / "site.warc.gz", "site.warc.gz", 10_000)
    assert next(pages).url == f"{SITE}/a"
    with pytest.raises(PageError, match=r"^site.warc.gz: a damaged web archive"):
        list(pages)


@pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")
def test_a_site_is_brought_in_by_wget(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "more").mkdir(parents=True)
    (site / "index.html").write_bytes(PAGE + b'<a href="more/pot.html">Pots</a> <a href="gone.html">Gone</a>')
    (site / "more" / "pot.html").write_bytes(PAGE.replace(b"Tea", b"Pots"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    command = ["wget", "--quiet", "--mirror", "--warc-file=site", f"--directory-prefix={tmp_path}", f"{address}/"]
    subprocess.run(command, cwd=tmp_path, check=False, timeout=60)
    server.shutdown()
    server.server_close()
    found = {one.url for one in responses(tmp_path / "site.warc.gz", "site.warc.gz", 10_000)}
    assert found == {f"{address}/", f"{address}/more/pot.html"}


def test_an_archive_that_is_made_anew_keeps_the_ids_of_its_answers(tmp_path: Path) -> None:
    def written(*names: str) -> None:
        data = b"".join(answer(f"{SITE}/{name}", PAGE.replace(b"Tea", name.encode())) for name in names)
        (tmp_path / "pages" / "site.warc.gz").write_bytes(data)

    def ids() -> dict[str, str]:
        with open_index(tmp_path / "index") as engine:
            return {sheet.title: sheet.id for sheet in engine.sheets(0, 9)[0]}

    (tmp_path / "pages").mkdir()
    written("leaf", "mint", "sage")
    assert build_index([tmp_path / "pages"], tmp_path / "index").new == 3
    before = ids()
    written("anise", "sage", "leaf")
    report = build_index([tmp_path / "pages"], tmp_path / "index")
    assert (report.new, report.unchanged, report.removed) == (1, 2, 1)
    assert ids() == {"anise": ids()["anise"], "sage": before["sage"], "leaf": before["leaf"]}


def test_without_warcio_an_archive_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    with pytest.raises(PageError, match=r"pip install 'factsheets\[archives\]'"):
        read(tmp_path, answer(f"{SITE}/tea", PAGE))
