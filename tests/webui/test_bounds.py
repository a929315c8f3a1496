"""Very long sheets and answers: every page stays small, and following the pages shows everything once."""

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from tests.webui.reading import ask, client_of, get_page

QUESTIONS = [f"What is part {number}?" for number in range(1_200)]
WORDS = [f"word{number}" for number in range(12_000)]
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client over a sheet of many questions, and one whose only answer is one paragraph of 120,000 characters."""
    folder = tmp_path_factory.mktemp("long")
    parts = "".join(f"## {question}\n\nA part of the engine.\n\n" for question in QUESTIONS)
    (folder / "engine.md").write_text(f"---\ntitle: Engine\n---\n\n{parts}", encoding="utf-8")
    text = f"---\ntitle: Story\n---\n\n## What is the story?\n\n{' '.join(WORDS)} end.\n\n- A last item.\n"
    (folder / "story.md").write_text(text, encoding="utf-8")
    build_index([folder], folder / ".index")
    return client_of(folder / ".index")


def small(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert len(response.data) < MOST_BYTES, (path, len(response.data))
    return response.text


def first(client: FlaskClient, question: str) -> dict[str, str]:
    result: dict[str, str] = ask(client, q=question)["results"][0]
    return result


def test_every_page_of_long_sheets_and_answers_is_small(client: FlaskClient) -> None:
    for question in ("what is part 7", "what is the story"):
        result = first(client, question)
        for path in (result["url"], f"/sheets/{result['sheet_id']}"):
            small(client, path)
            small(client, f"/api/v1{path}")
    for question in ("what+is+part+7", "engine", "story", "part", ""):
        for more in ("", "&group=subject", "&group=none"):
            small(client, f"/?q={question}{more}")
            small(client, f"/api/v1/search?q={question}{more}")


def test_the_pages_of_a_sheet_have_each_answer_once(client: FlaskClient) -> None:
    path, questions = f"/sheets/{first(client, 'what is part 7')['sheet_id']}", []
    following = [path]
    while following:
        page = get_page(client, following[0])
        questions += [section.one("h2").words for section in page.all("section")]
        following = [link["href"] for link in page.all("a", rel="next")]
    assert questions == QUESTIONS
    assert client.get(f"{path}?page=999").headers["Location"] == path
    assert get_page(client, f"{path}?page=x").one("h1").words == "Engine"


def test_the_parts_of_an_answer_join_to_its_text(client: FlaskClient) -> None:
    path, texts = first(client, "what is the story")["url"], []
    following = [path]
    while following:
        page = get_page(client, following[0])
        texts.append(page.one("div", class_="text").words)
        following = [link["href"] for link in page.all("a", rel="next")]
    assert " ".join(texts).replace("end.A", "end. A").split() == [*WORDS, "end.", "A", "last", "item."]
    assert len(texts) > 3
    assert client.get(f"{path}?page=999").headers["Location"] == path


def test_the_api_pages_long_answers_and_sheets_and_counts_what_is_not_listed(client: FlaskClient) -> None:
    story, part = first(client, "what is the story"), first(client, "what is part 7")
    pages = ask(client, f"/api/v1{story['url']}")["pages"]
    bodies = [ask(client, f"/api/v1{story['url']}", page=page) for page in range(1, pages + 1)]
    pieces = ["".join(s["text"] for s in block["segments"]) for body in bodies for block in body["answer"]["blocks"]]
    assert " ".join(pieces).split() == [*WORDS, "end.", "A", "last", "item."]
    assert ask(client, f"/api/v1{story['url']}", page=pages + 1)["answer"]["blocks"] == []
    path = f"/api/v1/sheets/{part['sheet_id']}"
    sheets = [ask(client, path, page=page) for page in (1, 2, 3, 4)]
    assert [question["question"] for sheet in sheets for question in sheet["questions"]] == QUESTIONS
    assert [(sheet["page"], sheet["pages"], sheet["answers"]) for sheet in sheets] == [
        (n, 3, 1_200) for n in (1, 2, 3, 4)
    ]
    result = ask(client, q="what is part 7", group="subject")["results"][0]
    assert (len(result["others"]), result["others_total"]) == (30, 1_199)
    assert (len(result["folded"]), result["folded_total"]) == (30, 1_199)
    card = ask(client, q="engine")["card"]
    assert (len(card["sheets"][0]["questions"]), card["sheets"][0]["total"]) == (30, 1_200)
