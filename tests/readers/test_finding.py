"""The walk: every real file once, in order, and whatever is no page with its reason; never a hang, never silence."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from indexer.errors import PageError
from indexer.model import Found
from indexer.readers import find_pages, page_digest


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("What is tea?\n\nA leaf.\n", encoding="utf-8")


def walk(*paths: Path) -> dict[str, str | None]:
    """Return what the walk says of each path below the first, None for a page; fails on one that is met twice."""
    found = list(find_pages(paths))
    said = {os.path.relpath(entry.file, paths[0]): entry.refused or entry.skipped for entry in found}
    assert len(said) == len(found)
    return said


def test_a_folder_gives_its_files_in_order_and_says_which_are_no_pages(tmp_path: Path) -> None:
    others = ["README.md", "a.txt.meta.toml", "b/picture.png", "b/readme.txt", "source.toml"]
    touch(tmp_path, "b/page.md", "a.txt", "c.txt", "b/.git/page.txt", ".hidden.txt", *others)
    found = walk(tmp_path)
    assert list(found) == sorted(found)
    assert [name for name, reason in found.items() if reason is None] == ["a.txt", "b/page.md", "c.txt"]
    assert sorted(name for name, reason in found.items() if reason) == others
    assert found["b/picture.png"] == "no reader for .png"
    assert found["source.toml"] == "describes other files"


def test_a_saved_page_is_html_whatever_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "notes", "run.php")
    for name in ("fact-sheet.aspx?id=3", "page.php", "page"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf\n<!-- saved -->\n<!DOCTYPE html><html><p>What is tea?</html>")
    found = walk(tmp_path)
    assert [name for name, reason in found.items() if reason is None] == ["fact-sheet.aspx?id=3", "page", "page.php"]
    assert (found["notes"], found["run.php"]) == ("no reader for files without a suffix", "no reader for .php")


def test_frames_and_pictures_that_a_browser_saved_with_a_page_are_parts_of_it(tmp_path: Path) -> None:
    touch(tmp_path, "tea.html", "tea_files/frame.html", "tea_files/site.css", "coffee_files/page.html")
    found = walk(tmp_path)
    assert found == {"coffee_files/page.html": None, "tea.html": None, "tea_files": "the parts of a saved page"}


@pytest.mark.parametrize("name", ["README.md", ".page.txt", "page.docx"])
def test_a_file_that_is_named_is_always_meant_as_a_page(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    assert list(find_pages([tmp_path / name])) == [Found(tmp_path / name, tmp_path)]


def test_a_file_is_found_once_through_two_paths_and_by_its_own_name(tmp_path: Path) -> None:
    touch(tmp_path, "z/page.txt")
    (tmp_path / "a-link.txt").symlink_to(tmp_path / "z" / "page.txt")
    (tmp_path / "b-link").symlink_to("z")
    paths = [tmp_path, tmp_path / "z" / "page.txt", tmp_path / "z" / ".." / "z" / "page.txt", tmp_path]
    assert walk(*paths) == {"z/page.txt": None}


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").symlink_to("nowhere")
    for name in ("nowhere", "broken.txt"):
        with pytest.raises(PageError, match=rf"{name}: no such file or folder"):
            list(find_pages([tmp_path / name]))
    (tmp_path / "circle.txt").symlink_to("circle.txt")
    with pytest.raises(PageError, match="Too many levels of symbolic links"):
        list(find_pages([tmp_path / "circle.txt"]))


def test_links_are_followed_inside_the_folder_and_refused_where_they_lead_out_or_nowhere(tmp_path: Path) -> None:
    touch(tmp_path, "out/secret.txt", "in/..data/page.txt", "in/.store/1234", "in/sub/page.txt")
    inside = tmp_path / "in"
    (inside / "page.txt").symlink_to("..data/page.txt")  # how a cluster mounts a folder
    (inside / "stored.txt").symlink_to(inside / ".store" / "1234")  # how an archive keeps large files
    (inside / "folder").symlink_to("..data")
    (inside / "secret.txt").symlink_to("../out/secret.txt")
    (inside / "secrets").symlink_to(tmp_path / "out")
    (inside / "broken.txt").symlink_to("nowhere.txt")
    (inside / "self.txt").symlink_to("self.txt")
    (inside / "sub" / "up").symlink_to("..")
    (inside / "sub" / "here").symlink_to(".")
    out, circle = "a link that leads out of the folder that is built", "a link in a circle: it leads to a folder"
    found = walk(inside)
    assert {name: reason and reason[: len(circle)] for name, reason in found.items()} == {
        "sub/page.txt": None,
        "broken.txt": "it cannot be looked at: No such file or dire"[: len(circle)],
        "folder/page.txt": None,
        "secret.txt": out[: len(circle)],
        "secrets": out[: len(circle)],
        "self.txt": "it cannot be looked at: Too many levels of symbolic"[: len(circle)],
        "stored.txt": None,
        "sub/here": circle,
        "sub/up": circle,
    }


def test_a_folder_that_is_itself_a_link_is_built(tmp_path: Path) -> None:
    touch(tmp_path, "real/page.txt")
    (tmp_path / "link").symlink_to("real")
    assert walk(tmp_path / "link") == {"page.txt": None}


def test_what_is_neither_file_nor_folder_is_refused_and_never_opened(tmp_path: Path) -> None:
    touch(tmp_path, "page.txt")
    os.mkfifo(tmp_path / "pipe.txt")  # reading it would wait for ever
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(tmp_path / "socket.txt"))
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    found = walk(tmp_path)
    assert [name for name, reason in found.items() if reason and "a device, a pipe" in reason] == [
        "pipe.txt",
        "socket.txt",
    ]
    assert found["zero.txt"]
    assert found["page.txt"] is None
    (named,) = find_pages([tmp_path / "pipe.txt"])
    assert named.refused


def test_a_name_that_is_no_text_is_refused_under_a_name_that_can_be_printed(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).touch()
    assert walk(tmp_path) == {"caf\\xe9.txt": "its name is not UTF-8; give it another"}
    with pytest.raises(PageError, match="its name is not UTF-8"):
        walk(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")))


def test_a_tree_deeper_than_a_path_may_be_is_refused_where_it_becomes_too_deep(tmp_path: Path) -> None:
    touch(tmp_path, "z.txt")
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):  # two bytes each: past the 4,096 of Linux, and past the recursion limit
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    found = walk(tmp_path)
    assert found.pop("z.txt") is None
    (reason,) = found.values()
    assert reason == "it cannot be looked at: File name too long"
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # noqa: S607 - pytest cannot clean it up


#: What `find_pages`, `read_page` and `page_digest` say of a folder to a user without any rights; root may read all.
AS_NOBODY = """
import os, sys
from pathlib import Path
from indexer.errors import PageError
from indexer.readers import find_pages, page_digest, read_page
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for entry in find_pages([Path(sys.argv[1])]):
    said = entry.refused
    for task in (read_page, page_digest):
        try:
            said = said or (task(entry.file, entry.root) and None)
        except PageError as error:
            said = error.reason
    print(f"{entry.file.name}: {said}")
"""


def test_what_this_user_may_not_read_is_named_and_the_rest_is_found() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        folder = Path(name)
        folder.chmod(0o755)
        touch(folder, "page.txt", "closed.txt", "closed", "locked/page.txt")
        for closed in ("closed.txt", "closed", "locked"):
            (folder / closed).chmod(0)
        command = [sys.executable, "-c", AS_NOBODY, name]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        (folder / "locked").chmod(0o700)
    assert run.stdout.splitlines() == [
        "closed: it cannot be looked at: Permission denied",
        "closed.txt: the file or a sidecar file beside it cannot be read: Permission denied",
        "locked: it cannot be looked at: Permission denied",
        "page.txt: None",
    ]


def test_a_digest_changes_with_all_that_a_page_is_made_of_and_with_nothing_else(tmp_path: Path) -> None:
    touch(tmp_path, "sub/page.txt", "sub/other.txt")
    page, digests = tmp_path / "sub" / "page.txt", []
    for name, text in [
        ("sub/other.txt", "more"),
        ("sub/other.meta.toml", "more"),
        ("sub/page.txt", "What is coffee?"),
        ("sub/page.meta.toml", 'title = "Tea"'),
        ("sub/page.txt.meta.toml", 'title = "Tea"'),
        ("sub/source.toml", 'source = "Lakeside"'),
        ("source.toml", 'source = "Lakeside"'),
    ]:
        before = page_digest(page, tmp_path)
        (tmp_path / name).write_text(text, encoding="utf-8")
        digests.append(page_digest(page, tmp_path) != before)
    assert digests == [False, False, True, True, True, True, True]
    assert page_digest(page, tmp_path / "sub") != page_digest(page, tmp_path)  # nothing above the folder that is built
