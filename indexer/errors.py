"""Every error that this package raises on purpose. `FactSheetError` catches them all."""

from pathlib import Path

from indexer.model import BuildReport


class FactSheetError(Exception):
    """The root of the tree."""


class PageError(FactSheetError):
    """A page that cannot be used. `str()` reads "path:line: reason"."""

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.reason = f"line {line}: {reason}" if line else reason


class QueryError(FactSheetError):
    """Parameters that make no sense; `problems` are (parameter, what it must be), every one, safe to show."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {detail}" for name, detail in problems))
        self.problems = problems


class QueryTooSlowError(FactSheetError):
    """A question that takes longer than the keeper of the site lets it, and would again."""


class JudgementError(FactSheetError):
    """A file of topics, judgements or rankings that cannot be used. `str()` reads "path:line: reason"."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class IndexStateError(FactSheetError):
    """The index cannot serve; the message says which command helps."""


class NoIndexError(IndexStateError):
    """No generation has been published in this directory."""


class ModelError(FactSheetError):
    """A model that cannot give vectors. `str()` reads "path: reason"."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class BuildError(FactSheetError):
    """A build that cannot go on. The published index stays as it was."""


class NothingToPublishError(FactSheetError):
    """No page gave an answer, or far fewer than serve now, or pages that serve are out of reach.

    The published index stays as it was; `report` says why, page by page.
    """

    def __init__(self, report: BuildReport, why: str, serves: bool) -> None:
        forced = "; --force publishes it all the same" if serves else ""
        super().__init__(f"{why}, so nothing was published{forced}")
        self.report = report
