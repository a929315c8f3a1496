"""No regular expression takes hours: a tool finds none that would, and each reads text of its own parts in linear time.

Expressions are those of the source, so that a new one is tried at once. Time is limited by the processor's, a hundred
times as much as is needed, in a process of its own: nothing else ends a search of Python's `re`.
"""

import ast
import importlib
import json
import re
import resource
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the tool reads expressions with `sre_parse`, an old name
    import sre_parse

    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

TOP = Path(__file__).parent.parent
#: What names mean in expressions that functions make of what they are given.
LOCAL = {"printed": r"\[[\d,;\u2013 -]*\b7\b", "name": "moss (a)", "key": "site_name"}
#: Expressions of short texts, and the longest that they are given: quadratic time is no time there.
SHORT = {
    "indexer/language/asking.py": 100,  # lines of our own data
    "indexer/readers/decoding.py _META_DECLARED": 4096,
    "indexer/readers/decoding.py _XML_DECLARED": 4096,
    "indexer/readers/formats.py _HTML": 4096,
    "indexer/sheets/citations.py": 40,  # of what stands before a marker; the others are linear anyway
    "indexer/sheets/dates.py": 160,
}
#: Characters of a text that an expression is tried on, and seconds: where time is linear it takes milliseconds.
LENGTH, SECONDS = 100_000, 2


class Expression(NamedTuple):
    """An expression, where it stands, and how it is used."""

    where: str
    pattern: str
    flags: int
    used: tuple[str, ...]


def expressions() -> Iterator[Expression]:
    """Yield every expression of the product."""
    files = [file for folder in ("indexer", "webui") for file in sorted((TOP / folder).rglob("*.py"))]
    trees = {str(file.relative_to(TOP)): ast.parse(file.read_text(encoding="utf-8")) for file in files}
    for path, tree in trees.items():
        module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        yield from of_tree(path, tree, module)


def of_tree(path: str, tree: ast.Module, module: ModuleType) -> Iterator[Expression]:
    """Yield those that a module compiles when it is loaded, by their names, and those in its functions."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for name, value in vars(module).items():
        some = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
        for one in some:
            if isinstance(one, re.Pattern) and (line := assigned(tree, name)):
                used = {call.func.attr for call in calls if ast.unparse(call.func.value) == name}  # type: ignore[attr-defined]
                pattern = one.pattern if isinstance(one.pattern, str) else one.pattern.decode("latin-1")
                flags = int(one.flags) if isinstance(one.pattern, str) else int(one.flags) & ~re.UNICODE
                yield Expression(f"{path}:{line} {name}", pattern, flags, tuple(sorted(used)) or ("search",))
    for call in calls:
        function = ast.unparse(call.func)
        if re.fullmatch(r"re\.\w+", function) and function not in ("re.compile", "re.escape"):
            pattern, *more = (meaning(one, module) for one in (call.args[0], *call.args[1:], *call.keywords))
            flags = sum(one for one in more if isinstance(one, re.RegexFlag))
            text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
            yield Expression(f"{path}:{call.lineno}", text, flags, (function.removeprefix("re."),))


def assigned(tree: ast.Module, name: str) -> int:
    """Return the line on which a module gives a name its value, 0 where it has it from another module."""
    lines = (
        node.lineno
        for node in tree.body
        for target in (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(target))
    )
    return next(lines, 0)


def meaning(node: ast.AST, module: ModuleType) -> Any:
    """Return the value of an expression of Python in a module, None for what depends on the function around it."""
    inner = node.value if isinstance(node, ast.keyword) else node
    try:
        return eval(ast.unparse(inner), {**vars(module), **LOCAL})  # noqa: S307 - our own source
    except NameError:
        return None


class Reader(SreOpParser):  # type: ignore[misc]
    """The tool's reader of expressions, with what Python 3.11 brought: what takes all it can, and never gives back.

    Such a repetition is read as one of a fixed length, for it ends in one place.
    """

    def from_POSSESSIVE_REPEAT(self, data: Any) -> Any:  # noqa: N802 - the tool's names
        least, _, repeated = data
        return self.from_MAX_REPEAT((least, max(least, 1), repeated))

    def from_ATOMIC_GROUP(self, data: Any) -> Any:  # noqa: N802
        return self.sequence_or_singleton(data)


def backtracking(one: Expression) -> str | None:
    """Return a text for which the tool says that an expression takes more than quadratic time, None if it says none."""
    sequence = Reader().parse_sre(one.pattern, one.flags & ~re.UNICODE)
    found = find(sequence) if sequence is not None else []
    return next((flaw.example() for flaw in found if flaw.starriness > 1), None)


def parts(pattern: str, flags: int) -> set[str]:
    """Return texts that fit the parts of an expression: each element, and each beginning and end of a sequence."""
    found: set[str] = set()

    def example(sequence: Any) -> str:
        texts = [one(str(operator), data) for operator, data in sequence]
        for place in range(len(texts)):
            found.update(("".join(texts[: place + 1]), "".join(texts[place:]), texts[place]))
        return "".join(texts)

    def one(operator: str, data: Any) -> str:
        if operator == "LITERAL":
            return chr(int(data))
        if operator == "IN":
            return next(char for char in map(chr, [*range(32, 127), *range(0x2000)]) if fits(data, char))
        if operator in ("NOT_LITERAL", "ANY"):
            return "a"
        if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            return example(data[2]) * max(int(data[0]), 1)
        if operator == "SUBPATTERN":
            return example(data[3])
        if operator == "ATOMIC_GROUP":
            return example(data)
        if operator == "BRANCH":
            return "".join([*map(example, data[1])][:1])  # all are met
        return ""  # what stands around the text and is no part of it, and what was there before

    example(sre_parse.parse(pattern, flags))
    return found - {""}


def fits(members: Any, char: str) -> bool:
    """Return whether a character is one of a set, as the parser of expressions has it."""
    categories: dict[str, Callable[[str], bool]] = {
        "DIGIT": str.isdecimal,
        "SPACE": str.isspace,
        "WORD": lambda one: one.isalnum() or one == "_",
    }
    negated, holds = False, False
    for operator, data in members:
        kind = str(operator)
        negated = negated or kind == "NEGATE"
        if kind == "CATEGORY":
            name = str(data).removeprefix("CATEGORY_")
            holds = holds or categories[name.removeprefix("NOT_")](char) != name.startswith("NOT_")
        holds = holds or (kind == "LITERAL" and chr(data) == char)
        holds = holds or (kind == "RANGE" and data[0] <= ord(char) <= data[1])
    return holds != negated


def slow(some: list[Expression]) -> str | None:
    """Return where the first expression stands that takes more than the time for a text of its own parts, or None."""
    asked = json.dumps([[*one, longest(one)] for one in some])
    run = subprocess.run([sys.executable, __file__], input=asked, capture_output=True, text=True, check=False)
    return None if run.returncode == 0 else run.stdout.rpartition("\n")[2] + run.stderr


def longest(one: Expression) -> int:
    """Return how long a text is that an expression is tried on."""
    path, name = one.where.partition(":")[0], one.where.partition(" ")[2]
    return SHORT.get(f"{path} {name}", SHORT.get(path, LENGTH))


def main() -> None:
    """Use expressions on texts of their own parts; the process ends where one takes too long."""
    for where, pattern, flags, used, length in json.load(sys.stdin):
        compiled = re.compile(pattern, flags)
        for part in sorted(parts(pattern, flags)):
            for end in ("", "\0"):
                text = (part * (length // len(part) + 1))[:length] + end
                for method in used:
                    print(f"\n{where}: .{method}({part!r} * {length // len(part)} + {end!r})", end="", flush=True)
                    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime
                    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + SECONDS, resource.RLIM_INFINITY))
                    use(compiled, method, text)


def use(compiled: re.Pattern[str], method: str, text: str) -> None:
    """Use an expression as the product does."""
    if method in ("sub", "subn"):
        compiled.sub("", text)
    elif method == "finditer":
        for _ in compiled.finditer(text):
            pass
    elif method in ("search", "match", "fullmatch", "findall", "split"):
        getattr(compiled, method)(text)


ALL = [] if __name__ == "__main__" else list(expressions())


def test_every_expression_of_the_source_is_found() -> None:
    assert len(ALL) > 100
    counted = sum(file.read_text(encoding="utf-8").count("re.compile(") for file in TOP.glob("[iw]*/**/*.py"))
    assert counted <= sum(" " in one.where for one in ALL)
    assert {longest(one) for one in ALL} == {*SHORT.values(), LENGTH}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.where)
def test_a_tool_finds_no_backtracking(one: Expression) -> None:
    assert backtracking(one) is None


def test_no_expression_takes_more_than_linear_time_for_its_own_parts() -> None:
    assert slow(ALL) is None


def test_the_tool_finds_an_expression_that_takes_hours() -> None:
    assert backtracking(Expression("x:1", r"(?:\w+\s?)*$", 0, ("match",)))
    assert backtracking(Expression("x:1", r"\s*\w*\s*\w*\s*\w*$", 0, ("match",)))


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s+[|:]{1,2}\s+", "split"),
        (r"\{%\s*comment\b[\s\S]*?endcomment", "sub"),
        (r"(?:\[\d{1,3}\]|[\u00b9\u00b2])+$", "sub"),
        (r"[\s\d]*\d[\s\d]*", "fullmatch"),
        (r"(?<=[.!?])\s+|\s*\n\s*", "finditer"),
    ],
)
def test_an_expression_that_takes_quadratic_time_is_named(pattern: str, method: str) -> None:
    said = slow([Expression("a.py:1 _GOOD", "ab+", 0, ("search",)), Expression("a.py:7 _BAD", pattern, 0, (method,))])
    assert said is not None
    assert said.startswith(f"a.py:7 _BAD: .{method}(")


if __name__ == "__main__":
    main()
