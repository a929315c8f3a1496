"""Indexes whose answers the tests know, and clients that let an unexpected error through to the test."""

from pathlib import Path
from string import ascii_lowercase

import pytest
from flask.testing import FlaskClient

from indexer import build_index
from tests.conftest import PAGES, THREE_SHEETS
from tests.webui.reading import client_of

#: Two sources about one condition, another condition that shares a name with it, and what each of them leaves out.
ZINC_FEVER = """---
title: Zinc fever
also_known_as: [Brass founder's ague, Zinc chills]
last_updated: 2013-05-01
source: Alpha Institute
url: https://alpha.example/zinc
retrieved: 2020-02-03
licence: CC BY 4.0
---

## What is zinc fever?

Zinc fever is an invented chill.[1] It follows the fumes of zinc.[2][1]

## What causes zinc fever?

Fumes cause it.[2]

## How is zinc fever treated?

- Rest.[1]
- Warm milk.

Last updated: June 2015

## References

1. Alpha Institute. Chills. https://alpha.example/chills. Accessed 2020-02-03.
2. Quill A. Fumes. 2014; https://doi.org/10.1234/fumes.
3. Ember B. Milk. 2012.
"""
ZINC_FEVER_AGAIN = """---
title: Zinc fever
last_updated: 2019
source: Beta Press
---

## What is zinc fever?

A chill that comes with zinc fumes.

## Is zinc fever inherited?

Zinc fever is not inherited.
"""
BRASS_CHILL = """---
title: Brass chill
also_known_as: [Brass founder's ague]
last_updated: 2014-02
source: Beta Press
---

## How is brass chill treated?

Brass chill is treated with soup. It is not zinc fever.
"""


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three starter sheets, which have a source, and of a page that has none."""
    directory = tmp_path_factory.mktemp("webui-index")
    build_index([*THREE_SHEETS, PAGES / "lakeside-tremor.txt"], directory)
    return directory


@pytest.fixture(scope="session")
def client(index: Path) -> FlaskClient:
    """A client of the web application over that index."""
    return client_of(index)


@pytest.fixture(scope="session")
def starter_client(starter_index: Path) -> FlaskClient:
    """A client of the web application over the starter corpus."""
    return client_of(starter_index)


@pytest.fixture(scope="session")
def library_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sheets above, and of 64 whose names begin with M: more than one list or one page shows."""
    folder = tmp_path_factory.mktemp("library")
    sheets = {"zinc": ZINC_FEVER, "zinc-again": ZINC_FEVER_AGAIN, "brass": BRASS_CHILL}
    for name in (f"M{vowel}r{letter} ache" for vowel in "aeio" for letter in ascii_lowercase[:16]):
        sheets[name] = f"---\ntitle: {name}\n---\n\n## What is {name}?\n\n{name} is an invented pain of the elbow.\n"
    for name, text in sheets.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    build_index([folder], folder / ".index")
    return folder / ".index"


@pytest.fixture(scope="session")
def library(library_index: Path) -> FlaskClient:
    """A client of the web application over that index."""
    return client_of(library_index)
