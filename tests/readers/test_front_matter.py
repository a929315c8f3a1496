"""Front matter: what people and other programs write above a page, as YAML or TOML."""

import tracemalloc
from contextlib import suppress
from itertools import pairwise

import pytest

from indexer.errors import PageError
from indexer.readers.front_matter import split_front_matter


def front(text: str) -> dict[str, object]:
    return split_front_matter(text, "page.md")[0]


def body(text: str) -> str:
    return split_front_matter(text, "page.md")[1]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Tea\nlast_updated: 2013-05\nalso_known_as: [Chai, Leaf]\n---\nText",
        "---   \ntitle: 'Tea'\nlast_updated: '2013-05'\nalso_known_as:\n  - Chai\n  - Leaf\n---\t\nText",
        '+++\ntitle = "Tea"\nlast_updated = "2013-05"\nalso_known_as = ["Chai", "Leaf"]\n+++\nText',
        "---\nTitle: Tea\nLast-Updated: 2013-05\nALSO_KNOWN_AS: [Chai, Leaf]\n---\nText",
    ],
)
def test_yaml_and_toml_say_the_same(text: str) -> None:
    known = {"title": "Tea", "last_updated": "2013-05", "also_known_as": ("Chai", "Leaf")}
    assert {key: front(text).get(key) for key in known} == known
    assert body(text).strip() == "Text"


@pytest.mark.parametrize(
    "text", ["Tea\n---\ntitle: x\n---\n", "----\nTea\n----\n", "---\nTea, and no end", "--- Tea ---\n", "+++\nx\n---\n"]
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert split_front_matter(text, "page.md") == ({}, text)


@pytest.mark.parametrize("text", ["---\n---\nText", "---\n# a comment\n---\nText", "+++\n+++\nText"])
def test_empty_front_matter_says_nothing(text: str) -> None:
    assert front(text) == {}
    assert body(text).strip() == "Text"


def test_front_matter_may_be_all_of_a_file() -> None:
    assert split_front_matter("---\ntitle: Tea\n---", "page.md") == ({"title": "Tea"}, "\n\n")


def test_the_text_keeps_its_lines() -> None:
    lines = body("---\ntitle: Tea\n---\nOne\n{% comment %}\nno\n{% endcomment %}\nTwo\n").split("\n")
    assert (lines.index("One"), lines.index("Two")) == (3, 7)


def test_a_rule_in_the_text_does_not_end_the_front_matter_late() -> None:
    text = "---\ntitle: Tea\n---\nOne\n\n---\n\nTwo\n"
    assert (front(text), body(text)) == ({"title": "Tea"}, "\n\n\nOne\n\n---\n\nTwo\n")


def test_values_stay_as_they_are_written() -> None:
    assert front("---\ntitle: no\nlast_updated: 2013\nsource: 010\n---\n") == {
        "title": "no", "last_updated": "2013", "source": "010",
    }  # fmt: skip


def test_short_texts_under_keys_of_other_programs_are_kept_for_facets_and_the_rest_is_left_alone() -> None:
    text = f"---\nlayout: page\ntags: [a, b, a, [c]]\nparams: {{a: 1}}\nabout: {'x' * 101}\n---\n"
    assert front(text) == {"front": (("layout", ("page",)), ("tags", ("a", "b")))}
    many = front(f"---\ntags: {list(map(str, range(99)))}\n---\n")["front"]
    assert many == (("tags", tuple(map(str, range(20)))),)


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("lang: en-GB", "language", "en-GB"),
        ("locale: de", "language", "de"),
        ("license: CC0", "licence", "CC0"),
        ("canonical_url: https://example.org/tea", "url", "https://example.org/tea"),
    ],
)
def test_other_names_of_a_key_are_known(line: str, key: str, value: str) -> None:
    assert front(f"---\n{line}\n---\n") == {key: value}


@pytest.mark.parametrize(
    "key", ["lastmod", "lastupdate", "lastUpdated", "last-modified-at", "last_reviewed", "updated", "modified", "date"]
)
@pytest.mark.parametrize("value", ["2017-06-28", "2017-06-28T09:00:00Z", "June 28, 2017", "soon"])
def test_the_date_of_another_program_is_kept_as_it_is_written(key: str, value: str) -> None:
    assert front(f"---\n{key}: {value}\n---\n") == {"dated": value}


def test_a_date_of_toml_is_a_date() -> None:
    assert front("+++\ndate = 2017-06-28T09:00:00Z\nlast_updated = 2017-06-28\n+++\n") == {
        "dated": "2017-06-28 09:00:00+00:00",
        "last_updated": "2017-06-28",
    }


def test_the_date_of_a_change_counts_more_than_that_of_the_first_writing() -> None:
    assert front("---\ndate: 2010-01-01\nlastmod: 2013-05-01\n---\n") == {"dated": "2013-05-01"}


def test_our_own_key_counts_more_than_that_of_another_program() -> None:
    assert front("---\nlang: de\nlanguage: en\n---\n") == {"language": "en"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: Tea\nurl: a: b\n---\n", "line 3: front matter: mapping values are not allowed"),
        ("---\ntitle: 'Tea\n---\n", "front matter: found unexpected end of stream"),
        ("---\n- Tea\n---\n", "line 1: front matter: must be `key: value` lines"),
        ("---\nTea\n---\n", "line 1: front matter: must be `key: value` lines"),
        ("+++\ntitle = Tea\n+++\n", "front matter: Invalid value"),
        ("---\nlast_updated: May 2013\n---\n", "front matter: 'May 2013' is not a date like 2013, 2013-05 or"),
        ("---\nday_first: maybe\n---\n", "front matter: day_first must be true or false"),
        ("---\ntitle: [Tea]\n---\n", "front matter: title must be one text"),
        (f"---\ntitle: {'[' * 3_000}\n---\n", "front matter: "),
    ],
)
def test_front_matter_that_is_not_what_it_should_be_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        front(text)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "line",
    ["{% include nav.html %}", "  {%- assign a = 1 -%}  ", "{: .lead #top}", "{% comment %} x\ny {% endcomment %}"],
)
def test_lines_of_a_site_generator_are_no_text(line: str) -> None:
    assert body(f"---\n---\nOne\n{line}\nTwo").split() == ["One", "Two"]


@pytest.mark.parametrize("line", ["About {% 5 of them", "{ a: b }", "It is {: here.", "{{ page.title }}"])
def test_text_with_braces_is_text(line: str) -> None:
    assert body(f"---\n---\n{line}").strip() == line


#: Each line is a list of nine times the one above: what `e` stands for has 59,049 words.
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{above}'] * 9)}]\n" for above, name in pairwise("abcde")
)


def test_aliases_of_yaml_that_nobody_needs_are_left_alone() -> None:
    assert front(f"---\n{BOMB}---\n") == {"front": (("a", ("x",)),)}


@pytest.mark.parametrize("key", ["title", "also_known_as", "last_updated", "lastmod"])
def test_aliases_of_yaml_make_no_large_page_of_a_small_one(key: str) -> None:
    tracemalloc.start()
    try:
        with suppress(PageError):
            front(f"---\n{BOMB}{key}: *e\n---\n")
        assert tracemalloc.get_traced_memory()[1] < 250_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["---\n" + "a: b\n" * 10_000 + "---\n", "+++\n" + "a." * 25_000 + "b = 1\n+++\n"])
def test_front_matter_of_a_book_is_refused(text: str) -> None:
    assert split_front_matter(f"---\ntitle: {'a ' * 20_000}\n---\n", "page.md")[0]["title"]
    with pytest.raises(PageError, match=r"page.md:1: front matter of more than 50,000 characters"):
        split_front_matter(text, "page.md")
