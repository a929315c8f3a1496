"""What ten times the documents cost: the same pages, each nine times more with other names.

A copy's names are spelt with other letters, wherever they stand on the page. Words that many names have in common
("syndrome", "disease") stay as they are.
"""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.benchmarks.bench import Bench, Ours, percentile, ratio, table
from tests.benchmarks.building import copied_pages
from tests.benchmarks.fresh import run_fresh
from tests.benchmarks.query import Ask, interleaved

TIMES = 10
#: A word is a common one when it is in the names of this part of the sheets, and of so many.
COMMON_PART, COMMON_SHEETS = 1 / 200, 5
_WORD = re.compile(r"\w+")


def measure(bench: Bench) -> Iterator[str]:
    """Yield the lines of the report."""
    with tempfile.TemporaryDirectory(dir=bench.work) as aside:
        once = copied_pages(bench.every, Path(aside, "once"))
        many = Path(aside, "many")
        _repeat(once, many)
        indexes = {1: Path(aside, "index-1"), TIMES: Path(aside, f"index-{TIMES}")}
        builds = {n: run_fresh("build", str(index), str(once if n == 1 else many)) for n, index in indexes.items()}
        ours = {n: Ours(index) for n, index in indexes.items()}
        calls: list[dict[str, Ask]] = [
            {f"{what} {n}": getattr(one, what) for what in ("ranking", "search") if one.rank or what == "search"}
            for n, one in ours.items()
        ]
        asked = [topic.text for topic in bench.questions()]
        times = interleaved(calls, [topic.text for topic in bench.questions("natural")], asked)
    sizes = {n: int(build["documents"]) for n, build in builds.items()}
    yield f"{sizes[TIMES]:,} answers beside {sizes[1]:,}, {sizes[TIMES] / sizes[1]:.1f} times as many:\n"
    seconds = {n: build["seconds"] for n, build in builds.items()}
    rows = [["build", *(f"{one:.2f} s" for one in seconds.values()), f"{seconds[TIMES] / seconds[1]:.1f}"]]
    for what in dict.fromkeys(name.rpartition(" ")[0] for name in times):
        small, large = (list(times[f"{what} {n}"].values()) for n in indexes)
        for part in (0.5, 0.95):
            figures = [f"{percentile(one, part) * 1000:.2f} ms" for one in (small, large)]
            rows.append([f"{what}, p{part * 100:.0f}", *figures, ratio(large, small, part)])
    yield from table(["Factsheets", "once", f"{TIMES} times", "ratio"], rows)


def _repeat(once: Path, many: Path) -> None:
    """Copy the pages, and write each again under other names."""
    shutil.copytree(once, many / "0")
    pages = sorted(once.rglob("*.xml"))
    trees = [etree.parse(str(page)) for page in pages]
    counts = Counter(word for tree in trees for word in set(_WORD.findall(" ".join(_names(tree)).lower())))
    common = {word for word, count in counts.items() if count > max(COMMON_SHEETS, COMMON_PART * len(pages))}
    for page, tree in zip(pages, trees, strict=True):
        names = sorted(_names(tree), key=len, reverse=True)
        pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names) or "(?!)", re.IGNORECASE)
        texts = [(element, element.text) for element in tree.iter("Focus", "Synonym", "Question", "Answer")]
        for number in range(1, TIMES):
            letters = _other_letters(number)

            def other(word: re.Match[str], letters: dict[int, int] = letters) -> str:
                return word[0] if word[0].lower() in common else word[0].translate(letters)

            for element, text in texts:
                element.text = pattern.sub(lambda name: _WORD.sub(other, name[0]), text or "")
            root = tree.getroot()
            root.set("url", f"{root.get('url', '').partition('&copy=')[0]}&copy={number}")
            copy = many / str(number) / page.relative_to(once)
            copy.parent.mkdir(parents=True, exist_ok=True)
            tree.write(str(copy), encoding="utf-8")


def _names(tree: "etree._ElementTree") -> list[str]:
    return [text for element in tree.iter("Focus", "Synonym") if (text := (element.text or "").strip())]


def _other_letters(number: int) -> dict[int, int]:
    """Return for each letter the one so many further on among the vowels or the consonants."""
    turned: dict[int, int] = {}
    for letters in ("aeiouy", "bcdfghjklmnpqrstvwxz"):
        others = letters[number % len(letters) :] + letters[: number % len(letters)]
        turned |= str.maketrans(letters + letters.upper(), others + others.upper())
    return turned
