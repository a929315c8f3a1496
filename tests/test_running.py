"""The files for operators: the commands in them have options that exist, and name files that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from indexer.cli import main

RUNNING = Path(__file__).parent.parent / ".github" / "running"
#: `factsheets COMMAND ...` in a line of a file, and as a list in a Containerfile.
COMMAND = re.compile(r"factsheets\"?\]?\s+(?:CMD \[)?\"?(build|serve|rollback|gaps)\b(.*)")


@pytest.mark.parametrize("name", sorted(file.name for file in RUNNING.iterdir()))
def test_every_option_of_a_command_exists(name: str) -> None:
    text = (RUNNING / name).read_text(encoding="utf-8")
    found = {command: re.findall(r"--[a-z-]+", rest) for command, rest in COMMAND.findall(text)}
    assert found or name in ("nginx.conf", "Caddyfile")
    for command, options in found.items():
        known = {option for parameter in main.commands[command].params for option in parameter.opts}
        assert set(options) <= known
        assert isinstance(main.commands[command], click.Command)


def test_the_readme_links_to_every_file() -> None:
    readme = (RUNNING / "README.md").read_text(encoding="utf-8")
    assert {file.name for file in RUNNING.iterdir()} - {"README.md"} == set(re.findall(r"\]\((\w+[.\w]*)\)", readme))


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    unit = (RUNNING / "factsheets.service").read_text(encoding="utf-8")
    file = tmp_path / "factsheets.service"
    file.write_text(unit.replace("/opt/factsheets/bin/factsheets", "/bin/true"), encoding="utf-8")
    result = subprocess.run([analyze, "verify", str(file)], capture_output=True, text=True, check=False)
    assert "factsheets.service" not in result.stderr
