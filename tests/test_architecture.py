"""The laws of the tree: who may import whom, one home for each dependency, and what the wheel and the READMEs say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from indexer import Query, SearchEngine
from indexer.exchange.parameters import PARAMETERS

ROOT = Path(__file__).parent.parent
PRODUCT = sorted([*(ROOT / "indexer").rglob("*.py"), *(ROOT / "webui").rglob("*.py")])

#: The one place of each third-party package. msgspec is how JSON is written, wherever it is.
HOMES = {
    "Stemmer": "indexer/language/analysis.py",
    "charset_normalizer": "indexer/readers/decoding.py",
    "click": "indexer/(cli|printing).py",
    "flask": "webui/",
    "flask_compress": "webui/__init__.py",
    "granian": "webui/server.py",
    "ir_measures": "indexer/evaluate.py",
    "jellyfish": "indexer/search/spelling.py",
    "lxml": "indexer/readers/medquad.py",
    "mammoth": "indexer/readers/word.py",
    "markdown_it": "indexer/readers/markdown.py",
    "markupsafe": "webui/markup.py",
    "mdit_py_plugins": "indexer/readers/markdown.py",
    "msgspec": "",
    "numpy": "indexer/(cluster/|evaluate.py|index/|meaning/|search/)",
    "onnx": "indexer/meaning/bert.py",
    "onnxruntime": "indexer/meaning/networks.py",
    "opensearchpy": "indexer/cluster/",
    "pypdfium2": "indexer/readers/pdf_words.py",
    "rapidfuzz": "indexer/search/(spelling|suggest).py",
    "selectolax": "indexer/readers/html",
    "threadpoolctl": "indexer/meaning/networks.py",
    "tokenizers": "indexer/meaning/model.py",
    "warcio": "indexer/readers/archives.py",
    "werkzeug": "webui/",
    "whoosh": "indexer/index/",
    "yaml": "indexer/readers/front_matter.py",
}


def imports_of(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_third_party_package_is_imported_in_its_home_only(path: Path) -> None:
    foreign = imports_of(path) - set(sys.stdlib_module_names) - {"indexer", "webui"}
    here = path.relative_to(ROOT).as_posix()
    assert not {name for name in foreign if not re.match(HOMES.get(name, "nowhere"), here)}


def test_the_front_end_knows_the_engine_protocol_and_not_the_class() -> None:
    for path in (ROOT / "webui").glob("*.py"):
        assert "SearchEngine" not in path.read_text(encoding="utf-8"), path.name


def test_every_link_to_a_file_in_a_readme_leads_somewhere() -> None:
    for readme in [*ROOT.glob("*.md"), *(ROOT / room / "README.md" for room in ("indexer", "webui", "corpus"))]:
        for target in re.findall(r"\]\(([^)#\s]+)", readme.read_text(encoding="utf-8")):
            assert "://" in target or (readme.parent / target).exists(), f"{readme.name}: {target}"


def test_every_file_that_a_contributor_is_sent_to_exists() -> None:
    text = (ROOT / ".github/CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:indexer|webui|corpus|tests)/[\w./]+)`", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_top_level_holds_what_the_user_chose_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("not a git checkout")
    shown = {name.partition("/")[0] for name in listed.stdout.split("\n") if name and not name.startswith(".")}
    assert shown == {"indexer", "webui", "corpus", "tests", "pyproject.toml", "README.md", "LICENSE"}


def test_the_readme_shows_what_the_engine_answers(starter: SearchEngine) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix(">").strip() for line in readme.split("\n") if line.startswith(">"))
    hit = starter.search(Query("how is multifocal motor neuropathy treated")).hits[0]
    assert f"**{hit.document.question}** " in quoted
    assert f" {hit.snippets[0].text} … " in quoted
    for reference in hit.document.references():
        assert f" {reference.number}. {reference.text} <{reference.url}>" in quoted


def test_the_readme_names_every_parameter_and_no_other() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("| parameter |")[2].partition("\n\n")[0]
    rows = [row.partition("|")[2].partition("|")[0] for row in section.split("\n")[2:]]
    assert re.findall(r"`(\w+)`", " ".join(rows)) == list(PARAMETERS)


def test_the_wheel_holds_both_packages_and_the_starter_sheets_and_nothing_else(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {
        "indexer",
        "webui",
        wheel.name.partition("-py3")[0] + ".dist-info",
    }
    packed = {name.rpartition("/")[2] for name in names if name.startswith("indexer/starter_corpus/")}
    assert packed == {path.name for path in (ROOT / "corpus").iterdir()}
    for needed in ("webui/templates/results.html", "webui/static/site.css", "indexer/language/question_types.toml"):
        assert needed in names
