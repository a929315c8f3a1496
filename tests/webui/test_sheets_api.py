"""The list of sheets and one sheet, for programs: whole, in order, and as everything else here says."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import SearchEngine, build_index
from indexer.model import BuildReport
from tests.conftest import CORPUS, PAGES
from tests.webui.conftest import BRASS_CHILL, ZINC_FEVER
from tests.webui.reading import ask, client_of, every_result

SHEETS = "/api/v1/sheets"


@pytest.mark.parametrize("per_page", [1, 7, 100])
def test_following_the_links_lists_every_sheet_once_from_a_to_z(library: FlaskClient, per_page: int) -> None:
    pages = [ask(library, SHEETS, per_page=per_page)]
    while following := pages[-1]["links"]["next"]:
        pages.append(ask(library, following))
        assert pages[-1]["links"]["prev"] == pages[-2]["links"]["self"]
    sheets = [sheet for page in pages for sheet in page["sheets"]]
    names = [sheet["subject"]["name"] for sheet in sheets]
    assert names == sorted(names)
    assert (names[0], names[-2:]) == ("Brass chill", ["Zinc fever", "Zinc fever"])
    assert len({sheet["id"] for sheet in sheets}) == len(sheets) == 67
    assert {page["total"] for page in pages} == {67}
    assert {page["pages"] for page in pages} == {len(pages)}
    assert sum(sheet["answers"] for sheet in sheets) == pages[0]["index"]["documents"]


def test_a_page_behind_the_last_is_empty_and_leads_back(library: FlaskClient) -> None:
    body = ask(library, SHEETS, page=1_000_000)
    assert (body["sheets"], body["links"]["next"]) == ([], None)
    assert body["links"]["prev"] == body["links"]["last"] == f"{SHEETS}?page=7"


def test_a_sheet_has_its_origin_its_questions_in_order_what_it_lacks_and_all_references(library: FlaskClient) -> None:
    (listed,) = [one for one in ask(library, SHEETS, per_page=100)["sheets"] if one["source"] == "Alpha Institute"]
    sheet = ask(library, f"{SHEETS}/{listed['id']}")
    assert listed == {
        "id": sheet["id"],
        "url": f"/sheets/{sheet['id']}",
        "subject": {"name": "Zinc fever", "also_known_as": ["Brass founder's ague", "Zinc chills"]},
        "source": "Alpha Institute",
        "answers": 3,
        "last_updated": "2015-06",
    }
    assert {key: sheet[key] for key in ("url", "subject", "source", "source_url", "retrieved", "licence")} == {
        "url": listed["url"],
        "subject": listed["subject"],
        "source": "Alpha Institute",
        "source_url": "https://alpha.example/zinc",
        "retrieved": "2020-02-03",
        "licence": "CC BY 4.0",
    }
    assert [(one["question"], one["type"], one["last_updated"]) for one in sheet["questions"]] == [
        ("What is zinc fever?", "information", "2013-05-01"),
        ("What causes zinc fever?", "causes", "2013-05-01"),
        ("How is zinc fever treated?", "treatment", "2015-06"),
    ]
    assert sheet["not_covered"] == ["inheritance"]
    assert [entry["number"] for entry in sheet["references"]] == [1, 2, 3]


def test_a_sheet_says_what_its_answers_and_a_search_say(starter_client: FlaskClient) -> None:
    client = starter_client
    results = every_result(client)
    sheets = ask(client, SHEETS, per_page=100)["sheets"]
    assert {sheet["id"] for sheet in sheets} == {result["sheet_id"] for result in results}
    for listed in sheets:
        sheet = ask(client, f"{SHEETS}/{listed['id']}")
        found = {result["id"]: result for result in results if result["sheet_id"] == sheet["id"]}
        assert {one["id"] for one in sheet["questions"]} == set(found)
        assert listed["answers"] == len(sheet["questions"]) == len(found)
        for place, question in enumerate(sheet["questions"]):
            answer, result = ask(client, f"/api/v1{question['url']}"), found[question["id"]]
            assert question == {key: answer[key] for key in question}
            assert (answer["previous"], answer["next"]) == (
                sheet["questions"][place - 1] if place else None,
                sheet["questions"][place + 1] if place + 1 < len(found) else None,
            )
            assert result["not_covered"] == sheet["not_covered"]
            assert all(entry in sheet["references"] for entry in answer["references"])


def test_a_sheet_is_found_by_an_id_from_before_its_title_was_corrected(client: FlaskClient) -> None:
    for sheet in ask(client, SHEETS)["sheets"]:
        body = ask(client, f"{SHEETS}/{sheet['id']}")
        assert ask(client, f"{SHEETS}/earlier-title-{sheet['id'].rpartition('-')[2]}") == body


def test_a_list_is_of_one_generation_though_another_is_published_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"zinc": ZINC_FEVER, "brass": BRASS_CHILL}.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    build_index([tmp_path], tmp_path / ".index")
    sheets = SearchEngine.sheets
    builds: list[BuildReport] = []

    def published_meanwhile(engine: SearchEngine, first: int, count: int) -> object:
        found = sheets(engine, first, count)
        if not builds:
            (tmp_path / "zinc.md").unlink()
            builds.append(build_index([tmp_path, CORPUS, PAGES], tmp_path / ".index"))
        return found

    monkeypatch.setattr(SearchEngine, "sheets", published_meanwhile)
    client = client_of(tmp_path / ".index")
    began, after = (ask(client, SHEETS, per_page=100) for _ in range(2))
    assert (began["index"]["generation"], after["index"]["generation"]) == (1, 2)
    assert began["total"] == len(began["sheets"]) == 2
    assert after["total"] == len(after["sheets"]) > 2
    assert ["Zinc fever" in {sheet["subject"]["name"] for sheet in body["sheets"]} for body in (began, after)] == [
        True,
        False,
    ]
