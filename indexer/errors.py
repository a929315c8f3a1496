"""Every error that this package raises on purpose. `FactSheetError` is the base class of all."""

from pathlib import Path

from indexer.model import BuildReport


class FactSheetError(Exception):
    """The base class."""


class PageError(FactSheetError):
    """A page that cannot be used. `str()` reads "path:line: reason". `inside` is where in a file with several it is.

    `line` is 0 if it is not known.
    """

    inside = ""

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.line, self.bare_reason = line or 0, reason
        self.reason = f"line {line}: {reason}" if line else reason


class QueryError(FactSheetError):
    """Invalid parameters. `problems` lists all of them as (parameter, what it must be), safe to show."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {detail}" for name, detail in problems))
        self.problems = problems


class QueryTooSlowError(FactSheetError):
    """A question that takes longer to search than the site allows. It would again."""


class JudgementError(FactSheetError):
    """A file of topics, judgements or rankings that cannot be used. `str()` reads "path:line: reason"."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class SiteFileError(FactSheetError):
    """A mistake in a site file. `str()` reads "path:line: reason"."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")


class IndexStateError(FactSheetError):
    """The index cannot be searched. The message says which command helps."""


class NoIndexError(IndexStateError):
    """No generation has been published in this directory."""


class ClusterError(IndexStateError):
    """A cluster that cannot answer at the moment, or not completely. It may be able to soon."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the search cluster cannot answer ({why}): try again soon")


class ModelError(FactSheetError):
    """A model that cannot give vectors. `str()` reads "path: reason"."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class BuildError(FactSheetError):
    """A build that cannot continue. The published index is unchanged."""


class NothingToPublishError(FactSheetError):
    """A build with no answers, with far fewer than now, or without pages that cannot be read at the moment.

    The published index is unchanged. `report` has the reason for each page.
    """

    def __init__(self, report: BuildReport, why: str, serves: bool) -> None:
        remedy = ". Use --force to publish it anyway" if serves else ""
        super().__init__(f"{why}, so nothing was published{remedy}")
        self.report = report
