"""The site file: every setting, and mistakes that are reported with their line."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from indexer.errors import SiteFileError
from indexer.settings import Settings, SiteLink, contrast
from indexer.site import PinnedAnswer, Site, SiteFacet, SiteKind, SiteSynonym
from indexer.site_file import find_site_file, read_site_file
from tests.conftest import CORPUS

WHOLE = """\
# Wages and hours
site_name = "Fair pay"
subject_word = "topic"
subject_words = "topics"
examples = ["who pays for travel time"]
accent = "#7a1f5c"
logo = "scales.svg"
port = 8001
not_covered = false

[[header_links]]
text = "Contact"
url = "https://pay.example/contact"

[[kinds]]
id = "who"
label = "Who is covered"
headings = ["coverage"]
phrases = ["who is covered"]
usual = true

[[kinds]]
id = "sick-leave"
label = "Sick leave"

[[synonyms]]
words = ["paycheck", "pay slip"]
means = ["wage statement"]

[[synonyms]]
same = ["FLSA", "Fair Labor Standards Act"]

[[pinned]]
query = "minimum wage"
answers = ["a.1", "b.2"]

[[facets]]
key = "category"
label = "Category"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "factsheets.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_part_of_a_site_file_is_read(tmp_path: Path) -> None:
    assert read_site_file(written(tmp_path, WHOLE)) == Settings(
        site_name="Fair pay",
        subject_word="topic",
        subject_words="topics",
        examples=("who pays for travel time",),
        accent="#7a1f5c",
        logo=tmp_path / "scales.svg",
        port=8001,
        header_links=(SiteLink("Contact", "https://pay.example/contact"),),
        site=Site(
            kinds=(
                SiteKind("who", "Who is covered", ("coverage",), ("who is covered",), usual=True),
                SiteKind("sick-leave", "Sick leave"),
            ),
            synonyms=(
                SiteSynonym("paycheck", ("wage statement",)),
                SiteSynonym("pay slip", ("wage statement",)),
                SiteSynonym("FLSA", ("Fair Labor Standards Act",)),
                SiteSynonym("Fair Labor Standards Act", ("FLSA",)),
            ),
            pinned=(PinnedAnswer("minimum wage", ("a.1", "b.2")),),
            facets=(SiteFacet("category", "Category"),),
            not_covered=False,
        ),
    )


def test_every_setting_can_be_in_the_file_but_the_index(tmp_path: Path) -> None:
    for setting in fields(Settings):  # none of them can be a date
        with pytest.raises(SiteFileError) as caught:
            read_site_file(written(tmp_path, f"{setting.name} = 2020-01-01"))
        assert ("unknown" in str(caught.value)) == (setting.name in ("index", "site"))


@pytest.mark.parametrize(
    ("line", "reason", "text"),
    [
        (2, "not TOML: Expected '=' after a key in a key/value pair", 'port = 1\nsite_name "x"\n'),
        (2, "site_nam: unknown; did you mean site_name?", 'port = 1\nsite_nam = "x"\n'),
        (1, "port: Expected `int`, got `str`", 'port = "1"\n'),
        (2, "port must be at most 65535", "\nport = 70000\n"),
        (3, "base_url must begin with http:// or https://", 'port = 1\n\nbase_url = "pay.example"\n'),
        (1, "accent #ffff00 has a contrast of 1.0 with the page; at least 4.5 is needed", 'accent = "#ffff00"\n'),
        (1, "accent_dark must be a colour like #0a5c66; this is 'teal'", 'accent_dark = "teal"\n'),
        (1, "kinds: Invalid enum value 'medical'", 'kinds = "medical"\n'),
        (5, "kinds.label: Expected `str`, got `int`", '[[kinds]]\nid = "a"\nlabel = "A"\n[[kinds]]\nlabel = 1\n'),
        (4, "kinds: Object missing required field `label`", '[[kinds]]\nid = "a"\nlabel = "A"\n[[kinds]]\nid = "b"\n'),
        (2, "kinds: id must be small letters", '[[kinds]]\nid = "A b"\nlabel = "A"\n'),
        (3, "kinds.lable: unknown; did you mean label?", '[[kinds]]\nid = "a"\nlable = "A"\n'),
        (2, "synonyms: needs `words` and `means`, or `same` alone", 'port = 1\n[[synonyms]]\nwords = ["a"]\n'),
        (1, "header_links.url: Expected `str`, got `int`", 'header_links = [{text = "a", url = 1}]\n'),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_line(tmp_path: Path, line: int, reason: str, text: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SiteFileError) as caught:
        read_site_file(file)
    assert str(caught.value).startswith(f"{file}:{line}: {reason}")


def test_the_example_in_the_readme_is_valid(tmp_path: Path) -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "site_name" in block]
    settings = read_site_file(written(tmp_path, example))
    for name in ("site_name", "accent_dark", "logo", "header_links", "footer_links", "page_type", "sheet_words"):
        assert getattr(settings, name) != getattr(Settings(), name)
    for part in fields(Site):
        assert getattr(settings.site, part.name) != getattr(Site(), part.name)
    assert {"health", "none"} <= set(re.findall(r'kinds = "(\w+)"', readme))


def test_the_first_folder_with_a_site_file_counts(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert find_site_file(tmp_path / "empty", tmp_path) is None
    assert find_site_file(tmp_path / "empty", tmp_path, written(tmp_path, "").parent) == tmp_path / "factsheets.toml"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.005)
