"""Plain English: how often words that readers stumble over occur in docstrings, comments, templates and READMEs.

`python -m tests.test_plain_english` prints the count for each file, the worst first.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
READMES = ("README.md", "indexer/README.md", "webui/README.md", "corpus/README.md", "webui/THREATS.md")

#: Words that this project used for others: "stands" for "is" or "occurs", "told" for "reported", "parted" for "split",
#: "blank" for "space", "sign" for "character", "keeper" for "site owner", "put right" and "mend" for "correct".
STUMBLED_OVER = re.compile(
    r"\b(?:stands?|stood|tells?|told|keepers?|mend(?:s|ed|ing)?|part(?:ed|s|ing)? (?:by|with|from|at)\b|parted|blanks?"
    r"|put(?:s|ting)? right|pass(?:es|ed)? over|but for|of which|of those|at all events|by itself|by themselves)\b",
    re.IGNORECASE,
)
#: Of a thousand words. Five model codebases have 0.0 to 0.3 of each of these words.
MOST = 0.8
#: A shorter string in the code is a key or a name, not a text.
LEAST_WORDS = 5


def texts(path: Path) -> Iterator[str]:
    """Yield what people read in a file: docstrings, comments and long strings of Python, else all of it."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>|```.*?```|`[^`]*`", " ", source, flags=re.DOTALL)
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) >= LEAST_WORDS:
            yield node.value


def files() -> list[Path]:
    """Return the files that people read: the product's Python, its templates, and the READMEs."""
    code = [path for room in ("indexer", "webui") for path in sorted((TOP / room).rglob("*.py"))]
    return [*code, *sorted((TOP / "webui/templates").iterdir()), *(TOP / name for name in READMES)]


def counts() -> list[tuple[int, int, str]]:
    """Return for each file how many of the words it has, how many words, and its name; the worst first."""
    rows = []
    for path in files():
        read = list(texts(path))
        hits = sum(len(STUMBLED_OVER.findall(text)) for text in read)
        rows.append((hits, sum(len(text.split()) for text in read), str(path.relative_to(TOP))))
    return sorted(rows, reverse=True)


def test_the_project_is_written_in_words_that_are_understood_at_first_reading() -> None:
    rows = counts()
    rate = 1000 * sum(hits for hits, _, _ in rows) / sum(words for _, words, _ in rows)
    worst = "\n".join(f"{hits:4} of {words:6} words  {name}" for hits, words, name in rows[:15])
    assert rate <= MOST, f"{rate:.1f} of a thousand words, {MOST} at most. The worst files:\n{worst}"


if __name__ == "__main__":
    for hits, words, name in counts():
        print(f"{hits:4} of {words:6} words  {name}")


@pytest.mark.parametrize("readme", ["README.md", "indexer/README.md", "webui/README.md", ".github/CONTRIBUTING.md"])
def test_no_stretch_of_a_readme_has_more_than_30_words_without_a_stop(readme: str) -> None:
    text = re.sub(r"```.*?```", "", (TOP / readme).read_text(encoding="utf-8"), flags=re.DOTALL)
    pieces = re.split(r"\n\s*\n|\n(?=[-|#*>])|\|", text)
    stretches = [part for piece in pieces for part in re.split(r"(?<=[.!?:;])\s", " ".join(piece.split()))]
    assert [part for part in stretches if len(part.split()) > 30] == []
