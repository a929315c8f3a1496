"""Where a page came from, when it does not say so itself: the nearest word counts, and nothing is guessed."""

from pathlib import Path

import pytest

from indexer.errors import PageError
from indexer.model import Page, Provenance, partial_date
from indexer.readers import read_page


def read(root: Path, files: dict[str, str]) -> Page:
    """Write files beside and above `sub/page.txt`, and read that."""
    (root / "sub").mkdir()
    for name, text in {"sub/page.txt": "What is tea?\n", **files}.items():
        (root / name).write_text(text, encoding="utf-8")
    return read_page(root / "sub" / "page.txt", root)


def test_what_nobody_said_is_not_known(tmp_path: Path) -> None:
    page = read(tmp_path, {})
    assert (page.provenance, page.title, page.also_known_as) == (Provenance(None, None, None, None), None, ())


def test_the_nearest_word_counts_and_dates_keep_their_precision(tmp_path: Path) -> None:
    files = {
        "source.toml": 'url = "u4"\nsource = "s4"\nretrieved = 2014-04-04\nlicence = "l4"',
        "sub/source.toml": 'url = "u3"\nsource = "s3"\nretrieved = "2013-03"',
        "sub/page.txt.meta.toml": 'url = "u2"\nsource = "s2"\ntitle = "Two"',
        "sub/page.meta.toml": 'url = "u1"\nalso_known_as = ["One"]',
    }
    page = read(tmp_path, files)
    assert page.provenance == Provenance("s2", "u1", partial_date("2013-03"), "l4")
    assert (page.title, page.also_known_as) == ("Two", ("One",))
    alone = read_page(tmp_path / "sub" / "page.txt", tmp_path / "sub")
    assert alone.provenance.licence is None  # nothing above the folder that is built


def test_what_a_page_says_of_itself_comes_before_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("---\ntitle: Own\nsource: Mine\n---\n", encoding="utf-8")
    (tmp_path / "page.meta.toml").write_text('title = "Other"\nsource = "Other"\nurl = "u"', encoding="utf-8")
    page = read_page(tmp_path / "page.md", tmp_path)
    assert (page.title, page.provenance.source, page.provenance.url) == ("Own", "Mine", "u")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("sub/page.meta.toml", 'colour = "red"', "unknown key 'colour'"),
        ("sub/page.meta.toml", 'retrieved = "May 2013"', "'May 2013' is not a date"),
        ("sub/page.txt.meta.toml", 'retrieved = "2013-13"', "month"),
        ("sub/page.txt.meta.toml", "url = 7", "url must be one text"),
        ("sub/page.txt.meta.toml", f"{'a.' * 25_000}b = 1", "more than 50,000 characters"),
        ("sub/page.meta.toml", 'also_known_as = "Cup"', "also_known_as must be a list of names"),
        ("sub/source.toml", "source = Lakeside", "line 1"),
        ("sub/source.toml", 'facets = "North"', "facets must be a table of names and texts"),
        ("source.toml", 'title = "All"', "unknown key 'title'"),
    ],
)
def test_a_bad_sidecar_is_named_with_its_reason(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        read(tmp_path, {name: text})
    assert str(caught.value).startswith(f"{name}:")
    assert reason in caught.value.reason


def test_facets_beside_a_page_are_kept_and_the_nearest_word_counts(tmp_path: Path) -> None:
    files = {
        "source.toml": '[facets]\nfloor = "1"\narea = ["North", "South"]',
        "sub/page.meta.toml": '[facets]\nfloor = "2"',
    }
    assert read(tmp_path, files).front == (("floor", ("2",)), ("area", ("North", "South")))


def test_a_sidecar_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, {"source.toml": '\ufeffsource = "Lakeside"'}).provenance.source == "Lakeside"


@pytest.mark.parametrize("name", ["page.meta.toml", "page.txt.meta.toml", "source.toml"])
def test_a_sidecar_that_is_a_link_out_of_the_folder_is_refused_and_one_inside_is_read(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    for place in (tmp_path, folder / "sub"):
        (place / "other.toml").write_text('source = "Other"', encoding="utf-8")
    (folder / "page.txt").write_text("What is tea?\n\nA leaf.\n", encoding="utf-8")
    (folder / name).symlink_to("sub/other.toml")
    assert read_page(folder / "page.txt", folder).provenance.source == "Other"
    (folder / name).unlink()
    (folder / name).symlink_to("../other.toml")
    with pytest.raises(PageError, match=f"{name}: a link that leads out of the folder that is built"):
        read_page(folder / "page.txt", folder)
