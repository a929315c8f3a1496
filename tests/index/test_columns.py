"""Columns: codes stand for values, in their order, whatever the values are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.columns import Column, Columns, SegmentColumns, read_columns, write_columns
from indexer.index.records import Record
from indexer.model import Document, Listed, PartialDate, Provenance, SheetHeader

VALUES = st.lists(st.sampled_from(["", "a", "b", "é", "z"]) | st.text(max_size=3), max_size=20)


def record(name: str, place: int, *others: str, kind: str | None = None, date: str | None = None) -> Record:
    updated = PartialDate(date) if date else None
    document = Document(f"{name}-{place}", f"Why {name}?", kind, "So.", (), (), updated)
    return Record(SheetHeader(name, name.title(), others, Provenance(f"From {name}")), (), document, place, (), b"")


def columns_of(*records: Record) -> SegmentColumns:
    columns = SegmentColumns()
    for one in records:
        columns.add(one)
    return columns


@given(VALUES)
def test_codes_are_the_places_of_the_values_in_their_order(values: list[str]) -> None:
    column = Column(values)
    assert [column[number] for number in range(len(values))] == values
    assert column.values == sorted(set(values))
    assert np.argsort(column.codes, kind="stable").tolist() == sorted(range(len(values)), key=values.__getitem__)


@given(VALUES, st.lists(st.sampled_from(["", "a", "é", "never"])))
def test_documents_with_one_of_some_values_are_told(values: list[str], wanted: list[str]) -> None:
    assert Column(values).among(wanted).tolist() == [value in wanted for value in values]


@given(VALUES, st.data())
def test_values_are_counted_and_none_is_no_value(values: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(values) - 1), unique=True)) if values else []
    some = [values[number] for number in numbers]
    expected = [(value, some.count(value)) for value in sorted(set(some)) if value]
    assert Column(values).counts(np.array(numbers, dtype=np.int64)) == expected


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 3), max_size=20))
def test_documents_have_places_in_the_order_of_sheet_ids_and_on_a_sheet_of_reading(sheets: dict[str, int]) -> None:
    segment = SegmentColumns()
    for number, (sheet, size) in enumerate(sheets.items()):
        segment.names[len(segment.id)] = [("", "")]
        segment.sheet_id.extend([sheet] * size)
        segment.id.extend(f"{sheet}.{number - place}" for place in range(size))
    in_order = [id for sheet in sorted(sheets) for id in segment.id if id.rpartition(".")[0] == sheet]
    columns = Columns([segment])
    assert [id for _, id in sorted(zip(columns.reading_order.tolist(), segment.id, strict=True))] == in_order


def test_segments_follow_each_other_and_subjects_are_folded() -> None:
    first = columns_of(record("heart", 0, kind="treatment", date="2013-05"), record("heart", 1))
    columns = Columns([first, columns_of(record("HEART", 0, date="2019"))])
    assert columns.ids == ["heart-0", "heart-1", "HEART-0"]
    assert columns.subject.values == ["heart"]
    assert [columns.sheet[number] for number in range(3)] == ["heart", "heart", "HEART"]
    assert [columns.year[number] for number in range(3)] == ["2013", "", "2019"]
    assert [columns.type[number] for number in range(3)] == ["treatment", "", ""]


def test_a_question_may_ask_for_more_kinds_than_the_type_that_it_has() -> None:
    document = replace(
        record("gout", 0).document, question="What causes it, how is it treated?", question_type="causes"
    )
    columns = Columns([columns_of(record("heart", 0)), columns_of(replace(record("gout", 0), document=document))])
    assert [columns.kinds(number) for number in (0, 1)] == [("",), ("causes", "treatment")]


def test_documents_are_listed_by_what_their_columns_have() -> None:
    columns = Columns([columns_of(record("heart", 0)), columns_of(record("ash", 0, kind="causes", date="2019"))])
    assert columns.listed(0) == Listed("heart-0", "Why heart?", None, None, "From heart")
    assert columns.listed(1) == Listed("ash-0", "Why ash?", "causes", PartialDate("2019"), "From ash")


@given(st.lists(st.lists(st.integers(1, 4), max_size=5), max_size=3))
def test_a_document_stands_on_its_own_sheet_with_all_the_others_of_it(sizes: list[list[int]]) -> None:
    """`sizes` are those of the sheets of each segment."""
    names = [[f"s{segment}-{at}" for at in range(len(sheets))] for segment, sheets in enumerate(sizes)]
    segments = [
        columns_of(*(record(name, place) for name, size in zip(named, sheets, strict=True) for place in range(size)))
        for named, sheets in zip(names, sizes, strict=True)
    ]
    columns = Columns(segments)
    for number in range(len(columns.ids)):
        name, sheet = columns.sheet[number], columns.sheet_of(number)
        assert list(sheet) == [one for one in range(len(columns.ids)) if columns.sheet[one] == name]
        assert columns.provenance[sheet.start].source == f"From {name}"
        assert columns.names[sheet.start][0][0] == columns.titles[number] == name.title()


def test_the_first_document_of_a_sheet_brings_its_names_and_their_words() -> None:
    columns = columns_of(record("heart diseases", 0, "HD"), record("heart diseases", 1, "HD"), record("batten", 0))
    assert columns.names == {0: [("Heart Diseases", "heart diseas"), ("HD", "hd")], 2: [("Batten", "batten")]}
    assert columns.name_words == {"heart": "heart", "diseases": "diseas", "hd": "hd", "batten": "batten"}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for columns in (columns_of(), columns_of(record("é", 0, "α", kind="causes"))):
        write_columns(tmp_path / "columns", columns)
        assert read_columns(tmp_path / "columns") == columns
