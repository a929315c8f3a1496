"""What the engine does with a site file: kinds of its own, synonyms and pinned answers; builds notice each change."""

from pathlib import Path

import pytest

from indexer import Query, build_index, open_index
from indexer.site import PinnedAnswer, Site, SiteFacet, SiteKind, SiteSynonym

SHEETS = {
    "breaks": "## Who is covered?\n\nNurses and drivers.\n\n## Which penalties are due?\n\nA fine.\n",
    "travel": "## Who is covered?\n\nDrivers.\n\n## How long is a wage statement kept?\n\nThree years.\n",
}
KINDS = (
    SiteKind("who", "Who is covered", ("coverage",), ("who is covered",), usual=True),
    SiteKind("penalties", "Penalties", (), ("penalty", "fine"), usual=True),
    SiteKind("records", "Records", (), ("kept",)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SHEETS.items():
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name.title()} time\n---\n\n{text}", encoding="utf-8")
    return tmp_path


def test_answers_and_questions_have_the_kinds_of_the_site_and_no_others(folder: Path, address: str) -> None:
    build_index([folder], address, site=Site(KINDS))
    with open_index(address) as engine:
        assert [kind.label for kind in engine.kinds()] == ["Who is covered", "Penalties", "Records"]
        results = engine.search(Query("breaks time penalties"))
        assert results.understood.type == "penalties"
        assert (results.hits[0].document.question, results.hits[0].document.question_type) == (
            "Which penalties are due?", "penalties",
        )  # fmt: skip
        assert [(value.label, value.count) for value in engine.search(Query()).facets["type"]] == [
            ("Who is covered", 2), ("Penalties", 1), ("Records", 1),
        ]  # fmt: skip
        assert engine.search(Query("type:records")).total == 1
        assert engine.search(Query("treatment of breaks time")).understood.type is None
        missing = engine.search(Query("penalties for travel time"))
        assert missing.understood.covered is False
        assert {hit.not_covered for hit in missing.hits if "Travel" in hit.header.title} == {("penalties",)}


@pytest.mark.parametrize("site", [Site(KINDS, not_covered=False), Site("none"), Site()])
def test_nothing_is_said_to_be_missing_where_the_site_does_not_want_it_or_has_no_kinds(
    folder: Path, address: str, site: Site
) -> None:
    build_index([folder], address, site=site)
    with open_index(address) as engine:
        results = engine.search(Query("penalties for travel time"))
        assert results.understood.covered is None
        assert {hit.not_covered for hit in results.hits} == {()}
        assert (engine.kinds() == ()) == (site.kinds != KINDS)


def test_health_kinds_can_be_asked_for_however_few_answers_have_one(folder: Path, address: str) -> None:
    build_index([folder], address, site=Site("health"))
    with open_index(address) as engine:
        assert "treatment" in {kind.id for kind in engine.kinds()}


def test_synonyms_find_what_the_sheets_call_it_in_their_direction_only(folder: Path, address: str) -> None:
    build_index([folder], address, site=Site(synonyms=(SiteSynonym("pay slip", ("wage statement",)),)))
    with open_index(address) as engine:
        results = engine.search(Query("pay slip"))
        assert results.hits[0].document.question == "How long is a wage statement kept?"
        assert [(one.typed, one.used) for one in results.understood.synonyms] == [("pay slip", ("wage statement",))]
        assert engine.search(Query("wage statement")).understood.synonyms == ()
        assert engine.search(Query("pay slip", exact=True)).total == 0


def test_pinned_answers_come_first_in_their_order_whatever_the_words_say(folder: Path, address: str) -> None:
    build_index([folder], address)
    with open_index(address) as engine:
        fine, kept = (engine.search(Query(text)).hits[0].document.id for text in ("penalties", "kept"))
    pins = (PinnedAnswer("Drivers", (fine, "gone.1", kept)),)
    report = build_index([folder], address, site=Site(pinned=pins))
    assert (report.unchanged, report.rebuilt) == (2, None)
    with open_index(address) as engine:
        for text in ("drivers", "DRIVERS?"):
            results = engine.search(Query(text, explain=True))
            assert [hit.document.id for hit in results.hits][:2] == [fine, kept]
            assert len({hit.document.id for hit in results.hits}) == results.total == 4
            for hit in results.hits:
                assert hit.explanation is not None
                assert sum(part.value for part in hit.explanation.parts) == pytest.approx(hit.score, abs=0.001)
        assert engine.search(Query("drivers nurses")).hits[0].document.id not in (fine, kept)
        assert engine.search(Query("drivers", subjects=("Breaks time",))).hits[0].document.id == fine


def test_each_change_of_the_site_is_published_and_the_same_site_is_not(folder: Path, address: str) -> None:
    generations = []
    for site in (Site(), Site(), Site(KINDS), Site(KINDS), Site(KINDS, not_covered=False), Site()):
        report = build_index([folder], address, site=site)
        generations.append(report.generation.number if report.generation else None)
    assert generations == [1, 1, 2, 2, 3, 4]


def test_a_key_of_front_matter_is_a_facet_and_a_filter(tmp_path: Path, address: str) -> None:
    for name, front in {
        "a": "category: Wages",
        "b": "category: [wages, Hours]",
        "c": "category: Hours",
        "d": "",
    }.items():
        text = f"---\ntitle: {name} pay\nlayout: page\n{front}\n---\n\n## What is {name} pay?\n\nMoney for work.\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    build_index([tmp_path], address, site=Site(facets=(SiteFacet("category", "Category"),)))
    with open_index(address) as engine:

        def counts(*facets: tuple[str, str]) -> tuple[int, list[tuple[str, int, bool]]]:
            results = engine.search(Query("pay", facets=facets))
            return results.total, [(one.value, one.count, one.selected) for one in results.facets["category"]]

        assert counts() == (4, [("Hours", 2, False), ("Wages", 2, False)])
        assert counts(("category", "wages")) == (2, [("Hours", 2, False), ("Wages", 2, True)])
        assert counts(("category", "Wages"), ("category", "Hours"))[0] == 3
        assert counts(("category", "Taxes"))[0] == 0
        nothing = engine.search(Query("pay", facets=(("category", "Taxes"),))).nothing
        assert nothing is not None
        assert [(one.parameter, one.value, one.total) for one in nothing.filters] == [("category", "Taxes", 4)]
        assert engine.search(Query()).hits[0].header.facets == (("category", ("Wages",)),)
