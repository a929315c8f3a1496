"""The command line: what it says, where, and the exit code it documents."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from indexer.cli import has_flag, main, variable
from indexer.exchange import bodies
from indexer.index import schema
from indexer.model import BuildReport
from indexer.settings import Settings
from tests.conftest import CORPUS, PAGES
from tests.webui.reading import ask, client_of, read_as
from webui import create_app

TREMOR = PAGES / "lakeside-tremor.txt"
STARTER = sorted(CORPUS.glob("[!R]*.md"))
GOOD = b"# Oak\n\n## Treatment\n\nWater it.[1][2]\n\n## References\n\n1. A. https://example.org/a. Accessed 2020-01-02."
SUMMARY = r"{} → {} answers?; {};{} \d+\.\d s; {}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a good page and two bad ones in `in`."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name, content in {"good.md": GOOD, "empty.md": b"", "prose.txt": b"Only prose.\n", "photo.jpg": b"x"}.items():
        Path("in", name).write_bytes(content)
    return tmp_path


def run(*args: object) -> Result:
    """Run the command line; an exception that is no exit fails the test."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def program(*args: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the command line as a program of its own."""
    command = [sys.executable, "-m", "indexer.cli", *args]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8", check=False)


def test_build_ends_with_a_line_that_says_what_it_did() -> None:
    for done, generation in (("2 new", 1), ("2 unchanged", 1)):
        result = run("build", "in/good.md", TREMOR)
        line = SUMMARY.format("2 pages", 6, done, r" 2 warnings \(-v shows them\);", f"generation {generation}")
        assert re.fullmatch(line, result.stdout)
        assert (result.stderr, result.exit_code) == ("", 0)
    Path("in/new.md").write_bytes(GOOD)
    run("build", "in", TREMOR)
    Path("in/new.md").unlink()
    Path("in/good.md").write_bytes(GOOD + b" Changed.")
    line = SUMMARY.format("4 pages", 6, "1 changed, 3 unchanged, 1 removed", ".*", "generation 3")
    assert re.fullmatch(line, run("build", "in", TREMOR).stdout)


def test_build_says_as_much_as_it_is_asked_to() -> None:
    untitled = "no question and no title: begin with a heading, or add a title"
    refused = f"refused in/empty.md: the file is empty\nrefused in/prose.txt: {untitled}\n"
    quiet, verbose, machine = (run("build", "in", option) for option in ("-q", "-v", "--json"))
    skipped = "skipped in/photo.jpg: no reader for .jpg\n"
    assert (quiet.stdout, quiet.stderr) == ("", refused + skipped)
    assert run("check", "in").stderr == skipped
    for number in range(7):
        Path(f"in/{number}.jpg").touch()
    assert run("build", "in").stderr.endswith(
        "skipped in/4.jpg: no reader for .jpg\nskipped 3 more files (-v lists them)\n"
    )
    assert verbose.stderr.startswith(f"{refused}skipped in/photo.jpg: no reader for .jpg\nwarning in/good.md: ")
    count = r" 2 refused \(1 the file is empty, 1 no question and no title: begin with a heading, or add a title\);"
    assert re.fullmatch(SUMMARY.format("3 pages", 1, "3 unchanged", count, "generation 1"), verbose.stdout)
    assert re.search(SUMMARY.format("3 pages", 1, "3 unchanged", f"{count}.*", "generation 1"), machine.stderr)
    read_as(machine.stdout, BuildReport)


def test_a_dry_run_says_what_would_happen_and_force_reads_everything_again() -> None:
    line = SUMMARY.format("3 pages", 1, "1 new", ".*", "not published")
    result = run("build", "in", "--dry-run").stdout.splitlines(keepends=True)
    assert re.fullmatch(line, result[-1])
    assert [answer.split(" (")[0] for answer in result[:-1]] == ["new answer: Oak: Treatment"]
    assert not Path(".index").exists()
    run("build", "in")
    forced = run("build", "in", "--force")
    assert forced.stderr.startswith("every page was read again: it was asked for\n")
    assert re.fullmatch(SUMMARY.format("3 pages", 1, "1 new", ".*", "generation 2"), forced.stdout)


def test_too_few_answers_are_not_published_and_the_message_has_both_numbers_and_the_flag() -> None:
    run("build", TREMOR)
    few = run("build", "in/good.md")
    assert few.exit_code == 1
    assert few.stderr.endswith(
        "the pages give 1 answers where 5 serve now, so nothing was published. Use --force to publish it anyway\n"
    )
    assert run("build", "in/good.md", "--force").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_progress_is_drawn_on_a_terminal_only() -> None:
    ours, terminal = os.openpty()
    subprocess.run([sys.executable, "-m", "indexer.cli", "build", "in"], stderr=terminal, check=True)
    os.close(terminal)
    assert b"100%" in os.read(ours, 100_000)
    os.close(ours)
    assert "%" not in program("build", "in", "--force").stderr


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("binary.txt", b"What is it?\0", "a binary file"),
        ("date.md", b"---\nlast_updated: soon\n---\n" + GOOD, "line 1: front matter"),
        ("yaml.md", b"---\na: [\n---\n" + GOOD, "line 3: front matter"),
    ],
)  # fmt: skip
def test_a_bad_page_is_named_with_its_reason_and_the_rest_is_built(name: str, content: bytes, reason: str) -> None:
    Path("in", name).write_bytes(content)
    result = run("build", "in/good.md", f"in/{name}")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"refused in/{name}: {reason}")
    assert re.match(rf"2 pages → 1 answer; 1 new; 1 refused \(1 {reason}", result.stdout)
    assert result.stderr.count("\n") == result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"What is it?\n\n```\n```\n",
        b"---\na: " + b"[" * 2000 + b"\n---\n" + GOOD,
        b"---\nurl: http://[x\n---\n" + GOOD,
        b'---\ntitle: "\\ud83d"\n---\n' + GOOD,
    ],
    ids=["no text in a fence", "deep YAML", "no address", "half a character"],
)
def test_no_page_ends_a_build(content: bytes) -> None:
    Path("page.md").write_bytes(content)
    assert run("build", "in/good.md", "page.md").exit_code == 0


def test_without_a_page_nothing_is_published_and_the_exit_code_is_1() -> None:
    result = run("build", "in/empty.md", "--json")
    assert result.exit_code == 1
    assert result.stderr.endswith("factsheets: no page gave an answer, so nothing was published\n")
    assert json.loads(result.stdout)["generation"] is None
    assert not Path(".index/CURRENT").exists()


def test_without_a_corpus_the_starter_sheets_are_built_and_with_one_the_corpus() -> None:
    assert run("build").stdout.startswith(f"{len(STARTER)} pages → ")
    Path("in").rename("corpus")
    assert run("build").stdout.startswith("3 pages → 1 answer")


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ([], {}),
        (["--limit", "2", "--explain", "--exact"], {"per_page": "2", "explain": "1", "exact": "1"}),
        (["--type", "causes", "--type", "outlook"], {"type": ["causes", "outlook"]}),
        (["--sort", "title"], {"sort": "title"}),
        (["--updated-from", "2016", "--updated-to", "2018-02"], {"updated_from": "2016", "updated_to": "2018-02"}),
        (["--subject", "Lakeside tremor", "--group", "subject"], {"subject": "Lakeside tremor", "group": "subject"}),
        (["--source", "nobody"], {"source": "nobody"}),
    ],
)  # fmt: skip
def test_search_json_is_the_body_of_the_endpoint(options: list[str], parameters: Any) -> None:
    run("build", CORPUS, TREMOR)
    result = run("search", "how is the tremor treated", "--json", *options)
    assert result.stderr == ""
    assert json.loads(result.stdout) == ask(client_of(Path(".index")), q="how is the tremor treated", **parameters)


def test_search_shows_the_answer_with_its_references_and_where_it_comes_from() -> None:
    run("build", CORPUS)
    shown = run("search", "how is multifocal motor neuropathy treated", "--group", "subject", "--explain").stdout
    first = shown.partition("\n2. ")[0]
    for line in (
        "1. How is multifocal motor neuropathy treated?\n",
        " varies.[1] Some people ",
        "[2] NINDS Multifocal Motor Neuropathy Information Page. National Institute of",
        " http://www.ninds.nih.gov/disorders/multifocal_neuropathy/multifocal_neuropathy.htm (accessed 2013-05-01)\n",
        "treatment; last updated: 2013-05-01; source: Factsheets starter corpus; factsheets-starter-",
        "  score\n",
        "  treated\n",
        "  kind: treatment\n",
        "also: What causes multifocal motor neuropathy?",
    ):
        assert line in first


def test_read_shows_what_the_indexer_sees_and_warns_beside_it() -> None:
    result = run("read", TREMOR)
    for text in ("Lakeside tremor\n", "licence: not known", "spreads to the feet.[1][3] Nobody", "[4] Ember B."):
        assert text in result.stdout
    assert result.stderr.startswith("warning: marker [7] in 'What is the outlook")
    for page in (*STARTER, TREMOR):
        read_as(run("read", page, "--json").stdout, bodies.ReadSheet)


@pytest.mark.parametrize(
    ("code", "args", "says"),
    [
        (1, ["read", "in/prose.txt"], "prose.txt: no question and no title: begin with a heading, or add a title"),
        (1, ["read", "--json", "in/empty.md"], "empty.md: the file is empty"),
        (2, ["read", "nowhere.md"], "does not exist"),
        (2, ["read", "in"], "is a directory"),
        (2, ["build", "nowhere"], "does not exist"),
        (2, ["build", "--colour"], "No such option"),
        (2, ["search"], "Missing argument"),
        (2, ["serve", "--port", "70000"], "--port"),
        (2, ["search", "x", "--type", "treatmet", "--sort", "newst", "--limit", "0"], "did you mean treatment?"),
        (2, ["search", "x", "--updated-from", "2013-13"], "updated_from: "),
        (3, ["search", "x", "--index", "none"], "`factsheets build` makes one"),
        (3, ["search", "x", "--index", "in/good.md"], "run `factsheets build`"),
        (3, ["build", "in", "--index", "in/good.md"], "in/good.md"),
        (2, ["search", "\udcff"], "q: "),
        (3, ["serve", "--host", "no host"], "host"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_with_the_documented_exit_code(code: int, args: list[str], says: str) -> None:
    run("build", "in")
    result = run(*args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_an_index_of_an_older_format_says_what_to_do_and_a_build_does_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "FORMAT_VERSION", 0)
        run("build", "in/good.md")
    said = "generation 1 was built by another version: run `factsheets build`"
    Path("topics.tsv").write_text("1\t\tHow is oak treated?\n")
    Path("qrels.txt").write_text("1 0 oak 2\n")
    for command in (["search", "oak"], ["serve"], ["evaluate", "topics.tsv", "qrels.txt"]):
        refused = run(*command)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (3, "", f"factsheets: {said}\n")
    client = create_app(Settings(index=Path(".index"))).test_client()
    for path in ("/healthz/ready", "/api/v1/search?q=oak", "/?q=oak"):
        caplog.clear()
        assert client.get(path).status_code == 503
        assert said in caplog.text
    built = run("build", "in/good.md")
    assert built.exit_code == 0
    assert built.stderr == "every page was read again: generation 1 was built by another version\n"
    assert client.get("/healthz/ready").status_code == 200


def test_a_port_that_is_taken_is_exit_code_3() -> None:
    run("build", "in")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = program("serve", "--port", str(taken.getsockname()[1]))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (3, "", 1)


def test_serve_builds_the_index_first_when_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    served = []

    def run_once(settings: Settings, started: Callable[[int], None]) -> None:
        started(8123)
        client = create_app(settings).test_client()
        served.append(
            (ask(client, "/healthz/ready")["index"]["generation"], settings.host, settings.port, settings.workers)
        )

    monkeypatch.setattr("webui.server.run", run_once)
    first, second = run("serve"), run("serve")
    assert second.stdout == "Searching .index at http://127.0.0.1:8123 (Ctrl-C stops)\n"
    assert re.fullmatch(rf"{len(STARTER)} pages → .*; generation 1\n{re.escape(second.stdout)}", first.stdout)
    assert served == [(1, "127.0.0.1", 8000, None)] * 2


def test_the_module_runs_as_a_program_and_documents_its_exit_codes() -> None:
    shown = program("--help").stdout
    commands = {"build", "check", "evaluate", "gaps", "read", "rollback", "search", "serve"}
    assert set(re.findall(r"^  (\w+)  ", shown, re.MULTILINE)) == commands
    said = " ".join(shown.split())
    assert "1 nothing was published, or `check` has findings" in said
    assert "3 the index, a file or the network" in said


def test_a_reader_that_stops_reading_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = program("read", str(TREMOR), stdout=writing)
    os.close(writing)
    assert "factsheets:" not in ended.stderr


def test_the_readme_has_every_setting_with_its_flag_default_and_help() -> None:
    readme = (CORPUS.parent / "webui" / "README.md").read_text(encoding="utf-8")
    options = {option.name: option for option in main.commands["serve"].params if isinstance(option, click.Option)}
    rows = []
    for setting in fields(Settings):
        if setting.name != "site":
            flag = f"`--{setting.name.replace('_', '-')}`" if has_flag(setting.name) else ""
            shown = has_flag(setting.name) and setting.default not in (None, ())
            default = f"`{setting.default}`" if shown else ""
            rows.append(f"| `{setting.name}` | {flag} | {default} | {setting.metadata['description']} |")
            assert (setting.name in options) == has_flag(setting.name)
    assert re.findall(r"^\| `[a-z_]+` \| (?:`--.*`)? \| .*$", readme, re.MULTILINE) == rows, "\n".join(rows)
    assert all(option.envvar == variable(str(name)) for name, option in options.items())


def test_the_environment_sets_what_no_flag_does_and_is_named_where_it_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    run("build", "in", "--index", "here")
    monkeypatch.setenv("FACTSHEETS_INDEX", "here")
    assert run("search", "oak").exit_code == 0
    assert run("search", "oak", "--index", "elsewhere").exit_code == 3
    monkeypatch.setenv("FACTSHEETS_PORT", "http")
    refused = run("serve")
    assert (refused.exit_code, "FACTSHEETS_PORT" in refused.stderr) == (2, True)


def test_the_site_file_beside_the_sheets_is_used_and_remembered_and_flags_and_environment_win(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served: list[Settings] = []
    monkeypatch.setattr("webui.server.run", lambda settings, started: served.append(settings))
    Path("in/factsheets.toml").write_text('site_name = "Oaks"\nport = 1\nproxies = 2\ncors = ["*"]\n', encoding="utf-8")
    assert run("build", "in").exit_code == 0
    monkeypatch.setenv("FACTSHEETS_PORT", "3")
    assert run("serve", "--proxies", "4").exit_code == 0
    (settings,) = served
    assert (settings.site_name, settings.port, settings.proxies, settings.cors) == ("Oaks", 3, 4, ("*",))
    Path("other.toml").write_text('site_name = "Other"\n', encoding="utf-8")
    assert run("serve", "--site", "other.toml").exit_code == 0
    assert served[1].site_name == "Other"
    Path("in/factsheets.toml").unlink()
    assert run("build", "in").exit_code == 0
    assert run("serve").exit_code == 0
    assert served[2] == Settings(port=3)


def test_a_pinned_answer_that_is_not_in_the_index_is_reported() -> None:
    Path("in/factsheets.toml").write_text('[[pinned]]\nquery = "oak"\nanswers = ["gone.1"]\n', encoding="utf-8")
    warning = "warning in/factsheets.toml: the pinned answer gone.1 is not in the index\n"
    assert run("build", "in").stderr.endswith(warning)


def test_a_mistake_in_a_site_file_ends_every_command_with_its_line() -> None:
    Path("in/factsheets.toml").write_text('\nsite_nam = "Oaks"\n', encoding="utf-8")
    refused = run("build", "in")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr == "factsheets: in/factsheets.toml:2: site_nam: unknown; did you mean site_name?\n"
    Path("wrong.toml").write_text("port = 70000", encoding="utf-8")
    for command in (["serve"], ["search", "oak"]):
        assert "wrong.toml:1: port must be at most 65535" in run(*command, "--site", "wrong.toml").stderr
