"""The start page, the A to Z and what is here: every name once, and numbers that lead to as many answers."""

from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.language.analysis import terms as split_terms
from indexer.site_file import SITE_FILE, read_site_file
from tests.conftest import CORPUS
from tests.webui.reading import Element, HtmlPage, ask, client_of, every_result, get_page

LETTERS = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0-9"]


def entries(page: HtmlPage) -> list[Element]:
    """Return the lines of a letter."""
    return [entry for part in page.all("div", class_="names-list") for entry in part.all("li")]


def terms(name: str) -> str:
    """Return what a name is made of, as the index has it."""
    return " ".join(split_terms(name))


def counted(page: HtmlPage) -> list[tuple[str, int]]:
    """Return the address of each link of a list with the number that stands behind it."""
    lines = [line for part in page.all("ul", class_="kinds") for line in part.all("li") if line.all("a")]
    return [(line.all("a")[0]["href"], int(line.one("span").words.replace(",", ""))) for line in lines]


# A to Z


@pytest.mark.parametrize("which", ["client", "library", "starter_client"])
def test_every_name_of_every_subject_stands_once_in_the_a_to_z(request: pytest.FixtureRequest, which: str) -> None:
    client: FlaskClient = request.getfixturevalue(which)
    subjects = [(one["name"], one["also_known_as"]) for one in (result["subject"] for result in every_result(client))]
    printed = {title for title, _ in subjects} | {f"{one}, see {title}" for title, others in subjects for one in others}
    lines = [entry.words for letter in LETTERS for entry in entries(get_page(client, f"/a-to-z/{letter}"))]
    assert printed.issuperset(lines)
    # Names of the same terms are one: what differs by no more than "'s" stands there once, as a title if one is.
    names = {(terms(name), terms(title)) for title, others in subjects for name in (title, *others)}
    parts = [line.partition(", see ") for line in lines]
    listed = Counter((terms(name), terms(title or name)) for name, _, title in parts)
    assert listed == Counter(names)
    assert f"{len(names)} names, including other names." in get_page(client, "/a-to-z").words


@pytest.mark.parametrize("which", ["client", "library", "starter_client"])
def test_every_name_leads_to_its_sheet_or_to_a_search_for_its_sheets(
    request: pytest.FixtureRequest, which: str
) -> None:
    client: FlaskClient = request.getfixturevalue(which)
    for letter in "BHLMZ":
        for entry in entries(get_page(client, f"/a-to-z/{letter.lower()}")):
            ((subject, address),) = entry.links.items()
            page = get_page(client, address)
            if address.startswith("/sheets/"):
                assert page.one("h1").words == subject
                assert entry.words.partition(", see ")[0] in page.words
            else:
                assert page.one("section", class_="card").one("h2").words == subject
                assert len(page.one("section", class_="card").one("p", class_="sheets").all("a")) > 1


def test_a_letter_without_names_is_text_and_its_page_says_so(client: FlaskClient) -> None:
    page = get_page(client, "/a-to-z")
    letters = page.one("nav", class_="letters").all("li")
    assert [letter.words for letter in letters] == LETTERS
    for letter in letters:
        listed = get_page(client, f"/a-to-z/{letter.words}")
        assert bool(letter.all("a")) == bool(entries(listed))
        assert ("There are currently no conditions listed under" in listed.words) != bool(entries(listed))
        assert listed.one("h1").words == f"Conditions: {letter.words}"
        current = listed.one("nav", class_="letters").all("a", aria_current="page")
        assert [link.words for link in current] == [letter.words for link in letter.all("a")]


def test_all_titles_are_listed_before_a_letter_is_chosen_unless_they_are_too_many(
    starter_client: FlaskClient, library: FlaskClient
) -> None:
    titles = {result["subject"]["name"] for result in every_result(starter_client)}
    listed = entries(get_page(starter_client, "/a-to-z"))
    assert [entry.words for entry in listed] == sorted(titles)
    for entry in listed:
        assert get_page(starter_client, entry.links[entry.words]).one("h1").words == entry.words
    assert not entries(get_page(library, "/a-to-z"))


@pytest.mark.parametrize("letter", ["ä", "ab", "-", "0", "%00", "\N{LATIN SMALL LETTER SHARP S}", "9-0"])
def test_what_is_no_letter_is_not_found(client: FlaskClient, letter: str) -> None:
    assert "There is no letter" in get_page(client, f"/a-to-z/{letter}", 404).words


def test_a_letter_with_many_names_has_a_heading_for_each_two_letters(library: FlaskClient) -> None:
    page = get_page(library, "/a-to-z/m")
    parts = page.all("div", class_="names-list")
    assert [part.one("h2").words for part in parts] == ["Ma", "Me", "Mi", "Mo"]
    assert all(entry.words.startswith(part.one("h2").words) for part in parts for entry in part.all("li"))
    assert len(entries(page)) == 64
    assert not get_page(library, "/a-to-z/b").one("main").all("h2")


# What is here


@pytest.mark.parametrize("which", ["client", "library", "starter_client"])
def test_each_number_of_what_is_here_is_what_a_search_finds(request: pytest.FixtureRequest, which: str) -> None:
    client: FlaskClient = request.getfixturevalue(which)
    page, total = get_page(client, "/coverage"), ask(client)["total"]
    results = every_result(client)
    assert f"{total} answers from {len({result['sheet_id'] for result in results})} fact sheets" in page.words
    rows = page.one("tbody").all("tr")
    assert sum(int(row.all("td")[1].words) for row in rows) == total
    for row in rows:
        sheets, answers = (int(cell.words) for cell in row.all("td")[:2])
        of_source = [one for one in results if (one["source"] or "not known") == row.one("th").words]
        assert (sheets, answers) == (len({result["sheet_id"] for result in of_source}), len(of_source))
        for address in row.one("th").links.values():
            assert get_page(client, address).count == answers
    numbers = counted(page)
    assert len(numbers) > 5
    for address, number in numbers:
        assert get_page(client, address).count == number
    undated = sum(result["last_updated"] is None for result in results)
    assert (f"no date {undated}" in page.words) == bool(undated)


def test_what_is_here_says_from_when_and_on_which_terms(library: FlaskClient) -> None:
    rows = get_page(library, "/coverage").one("tbody").all("tr")
    assert [[cell.words for cell in (row.one("th"), *row.all("td"))] for row in rows] == [
        ["Alpha Institute", "1", "3", "1 May 2013 to June 2015", "3 February 2020", "CC BY 4.0"],
        ["Beta Press", "2", "3", "February 2014 to 2019", "not given", "not given"],
        ["not known", "64", "64", "not given", "not given", "not given"],
    ]


def test_what_is_here_says_when_the_index_was_built_and_how_to_ask(client: FlaskClient) -> None:
    page = get_page(client, "/coverage")
    built = ask(client)["index"]["built_at"][:10]
    assert f"The index was built on {int(built[8:])} " in page.words
    assert page.one("h2", id="how-to-ask")
    assert page.links["How to ask"] == "/coverage#how-to-ask"


# The start page


def test_the_start_page_leads_to_kinds_of_answers_and_to_letters(library: FlaskClient) -> None:
    page = get_page(library, "/")
    assert len(counted(page)) > 3
    for address, number in counted(page):
        assert get_page(library, address).count == number
    assert [letter.words for letter in page.one("nav", class_="letters").all("li")] == LETTERS


def test_the_start_page_of_the_starter_sheets_counts_them_and_offers_all_its_examples(starter_index: Path) -> None:
    starter_client = client_of(starter_index, examples=read_site_file(CORPUS / SITE_FILE).examples)
    page, results = get_page(starter_client, "/"), every_result(starter_client)
    subjects = {result["subject"]["name"] for result in results}
    assert f"{len(results)} answers about {len(subjects)} conditions, last updated from 2013 to 2019." in page.words
    found = {words: ask(starter_client, q=words)["results"][0]["question"]
             for words in page.one("div", class_="examples").links}  # fmt: skip
    assert found == {
        "how is multifocal motor neuropathy treated": "How is multifocal motor neuropathy treated?",
        "is moyamoya disease inherited": "Is moyamoya disease inherited?",
        "stabbing pain in the face": "What are the symptoms of trigeminal neuralgia, and what sets off the pain?",
    }


@pytest.mark.parametrize(
    ("examples", "shown"),
    [(("zebra", "elbow"), ["elbow"]), (("elbow", "fumes"), ["elbow", "fumes"])],
)
def test_only_examples_that_find_something_are_shown(
    library_index: Path, examples: tuple[str, ...], shown: list[str]
) -> None:
    client = client_of(library_index, examples=examples)
    offered = {
        words: address
        for block in get_page(client, "/").all("div", class_="examples")
        for words, address in block.links.items()
    }
    assert [*offered] == shown
    assert all(get_page(client, address).count for address in offered.values())


@pytest.mark.parametrize("examples", [(), ("zebra",)])
def test_without_examples_that_find_something_a_name_and_questions_of_the_collection_are_offered(
    library_index: Path, examples: tuple[str, ...]
) -> None:
    client = client_of(library_index, examples=examples)
    offered = get_page(client, "/").one("div", class_="examples").links
    assert [*offered] == ["Marp ache", "What is Mira ache?", "What is Morb ache?"]
    for words, address in offered.items():
        assert get_page(client, address).all("article")[0].one("h2").words in (words, f"What is {words}?")
