"""What is here, from when and from whom: exact counts of what is not deleted."""

import gc
import weakref
from collections import Counter
from pathlib import Path

from indexer import build_index, open_index, question_types
from indexer.index.snapshot import Snapshot
from indexer.model import PartialDate, SourceCoverage
from indexer.search.coverage import coverage
from tests.conftest import data
from tests.search.library import ANSWERS, Library, Sheet, edited_collection


def write(library: Library, name: str, front: str, updated: tuple[str | None, ...]) -> None:
    """Write a page whose answers have dates of their own."""
    body = "".join(
        f"## What is it, {number}?\n\nIt is invented.\n\n" + (f"Last updated: {date}\n\n" if date else "")
        for number, date in enumerate(updated)
    )
    (library.pages / f"{name}.md").write_text(f"---\ntitle: {name}\n{front}\n---\n{body}", encoding="utf-8")


def test_each_source_says_what_it_has_from_when_and_under_which_licence(tmp_path: Path) -> None:
    library = Library(tmp_path)
    lauc = "source: LAUC\nlicence: CC BY 4.0\nretrieved: "
    write(library, "Zinc fever", f"{lauc}2021-03", ("2013-05-01", None, "2019"))
    write(library, "Tin ache", f"{lauc}2020", ("2012-11",))
    write(library, "Brass chill", "source: Archive\nlicence: public domain", (None,) * 2)
    write(library, "Copper cough", "source: Archive\nlicence: by hand", (None,))
    write(library, "Iron itch", "retrieved: 2019-01-02", ("2020-01-31",) * 7)
    library.build()
    with open_index(library.index) as engine:
        found = engine.coverage()
        generation = engine.generation()
    dates = ("2012-11", "2019", "2020", "2021-03", "2020-01-31", "2019-01-02")
    oldest, newest, first, last, january, read = map(PartialDate, dates)
    assert found.sources == (
        SourceCoverage("LAUC", 2, 4, oldest, newest, 1, first, last, ("CC BY 4.0",)),
        SourceCoverage("Archive", 2, 3, None, None, 3, None, None, ("by hand", "public domain")),
        SourceCoverage(None, 1, 7, january, january, 0, read, read, ()),
    )
    assert found.years == (("2020", 7), ("2019", 1), ("2013", 1), ("2012", 1))
    assert (found.sheets, found.answers, found.undated, found.generation) == (5, 14, 4, generation)
    assert (found.kinds, found.untyped) == ((("information", 14),), 0)


def test_counts_are_those_of_the_documents_one_by_one_without_the_deleted(tmp_path: Path) -> None:
    snapshot = edited_collection(tmp_path).open()
    assert snapshot.impacts.documents < snapshot.impacts.size
    found, records = coverage(snapshot), [snapshot.record(number) for number in snapshot.everything.tolist()]
    assert (found.answers, found.sheets) == (len(records), len({record.header.id for record in records}))
    kinds, years = (
        Counter(record.document.question_type for record in records),
        Counter((record.document.last_updated or "")[:4] for record in records),
    )
    assert found.untyped == kinds.pop(None, 0)
    assert dict(found.kinds) == kinds
    assert [kind for kind, _ in found.kinds] == [kind.id for kind in question_types() if kind.id in kinds]
    assert found.undated == years.pop("", 0) > 0
    assert found.years == tuple(sorted(years.items(), reverse=True))
    by_source = Counter(record.header.provenance.source for record in records)
    assert {one.source: one.answers for one in found.sources} == by_source
    for one in found.sources:
        own = [record for record in records if record.header.provenance.source == one.source]
        assert one.sheets == len({record.header.id for record in own})
        assert one.undated == sum(record.document.last_updated is None for record in own)
    snapshot.close()


def test_it_is_counted_once_a_generation(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.write("a", Sheet("Zinc fever", (), "LAUC", "2013", ANSWERS))
    library.build()
    with open_index(library.index) as engine:
        before = engine.coverage()
        assert engine.coverage() is before
        library.write("b", Sheet("Tin ache", (), None, None, ANSWERS))
        library.build()
        after = engine.coverage()
    assert (before.sheets, before.undated, before.generation.number) == (1, 0, 1)
    assert (after.sheets, after.undated, after.generation.number) == (2, 2, 2)


def test_counts_go_with_their_snapshot(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.write("a", Sheet("Zinc fever", (), None, None, ANSWERS))
    library.build()
    snapshot: Snapshot | None = library.open()
    assert snapshot is not None
    assert coverage(snapshot).answers == 2
    snapshot.close()
    gone = weakref.ref(snapshot)
    snapshot = None
    gc.collect()
    assert gone() is None


def test_what_medquad_does_not_say_is_not_known(tmp_path: Path) -> None:
    build_index([data("medquad", "6_NINDS_QA")], tmp_path)
    with open_index(tmp_path) as engine:
        found = engine.coverage()
    assert found.sources == (SourceCoverage("NINDS", 277, 1104, None, None, 1104, None, None, ()),)
    assert (found.years, found.undated) == ((), 1104)
