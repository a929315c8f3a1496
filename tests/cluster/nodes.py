"""A real OpenSearch cluster for tests: nodes of its own server on loopback, or a cluster that the environment names.

`OPENSEARCH_URL` names a cluster to use instead. `REQUIRE_OPENSEARCH=1` makes tests fail, not skip, without a server.
The server comes from Maven Central and is kept in `~/.cache/factsheets`, for root in `/var/cache/factsheets`, which the
user that runs it can read. It needs Java 21 or later.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import TransportError

VERSION = "3.8.0"
_ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
#: The server does not start as root.
_NOBODY = 65534
_START_SECONDS = 400


def unavailable(reason: str) -> None:
    """Skip a test that needs a cluster; fail it where a cluster is required."""
    pytest.fail(reason) if os.environ.get("REQUIRE_OPENSEARCH") else pytest.skip(reason)


def distribution() -> Path:
    """Return the folder of the unpacked server, fetched by Maven the first time. Skips or fails if it cannot be had."""
    own = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    cache = Path(os.environ.get("OPENSEARCH_CACHE", own / "factsheets"))
    home = cache / f"opensearch-{VERSION}"
    if home.exists():
        return home
    if not os.environ.get("REQUIRE_OPENSEARCH"):
        unavailable("no OpenSearch here: REQUIRE_OPENSEARCH=1 fetches it (160 MB), OPENSEARCH_URL uses your own")
    if not (maven := shutil.which("mvn")):
        unavailable("OpenSearch is fetched by Maven, which is not installed")
        raise AssertionError
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as folder:
        command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}"]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(Path(folder, f"opensearch-{VERSION}.zip")) as archive:
            archive.extractall(folder)
        (unpacked,) = Path(folder).glob("*/bin")
        for script in unpacked.iterdir():
            script.chmod(0o755)
        with suppress(OSError):  # another process was faster
            unpacked.parent.rename(home)
    return home


def java_home() -> Path:
    """Return the folder of a Java 21 or later: JAVA_HOME, or one where Linux distributions put them."""
    places = [*filter(None, [os.environ.get("JAVA_HOME")]), *sorted(map(str, Path("/usr/lib/jvm").glob("*")))]
    for place in map(Path, places):
        release = place / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text("utf-8")) if release.is_file() else None
        if version and int(version[1]) >= 21:
            return place
    unavailable("OpenSearch needs Java 21 or later: set JAVA_HOME")
    raise AssertionError


class Nodes:
    """Some nodes that form one cluster, each with its own process, data and ports."""

    def __init__(self, folder: Path, count: int, heap: str = "512m") -> None:
        self.folder, self.heap = folder, heap
        self.home, self.java = distribution(), java_home()
        self.ports = _free_ports(2 * count)
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * count
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            self._configure(number)

    @property
    def urls(self) -> list[str]:
        """The address of each node."""
        return [f"http://127.0.0.1:{port}" for port in self.ports[::2]]

    def start(self, *numbers: int) -> None:
        """Start some nodes, by default all, and wait until all nodes that run form a cluster."""
        for number in numbers or range(len(self.processes)):
            self.processes[number] = self._process(number)
        self.wait()

    def kill(self, *numbers: int) -> None:
        """Kill some nodes, by default all, as a power cut does."""
        for number in numbers or range(len(self.processes)):
            process = self.processes[number]
            if process:
                process.send_signal(signal.SIGKILL)
                process.wait()
            self.processes[number] = None

    def wait(self, status: str = "yellow", seconds: float = _START_SECONDS) -> None:
        """Wait until the nodes that run form a cluster of at least this status."""
        running = [number for number, process in enumerate(self.processes) if process]
        health = {"wait_for_status": status, "wait_for_nodes": str(len(running)), "timeout": 5}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for number in running:
                process = self.processes[number]
                if process and process.poll() is not None:
                    raise AssertionError(f"node {number} ended: {self.log(number)}")
            try:
                self.client(running[0]).cluster.health(params=health)
                return
            except (TransportError, NoConnection):
                time.sleep(0.5)
        raise AssertionError(f"no cluster after {seconds} s: {self.log(running[0])}")

    def client(self, number: int = 0) -> OpenSearch:
        """Return a client of one node."""
        return OpenSearch([self.urls[number]], timeout=10)

    def manager(self) -> int:
        """Return the number of the node that manages the cluster."""
        running = next(number for number, process in enumerate(self.processes) if process)
        name = self.client(running).cat.cluster_manager(params={"format": "json"})[0]["node"]
        return int(name.removeprefix("node-"))

    def log(self, number: int) -> str:
        """Return the end of what a node printed."""
        return (self.folder / f"{number}.out").read_text("utf-8", "replace")[-2000:]

    def _configure(self, number: int) -> None:
        http, transport = self.ports[2 * number : 2 * number + 2]
        config = self.folder / f"config-{number}"
        shutil.copytree(self.home / "config", config, dirs_exist_ok=True)
        names = ", ".join(f"node-{other}" for other in range(len(self.processes)))
        hosts = ", ".join(f'"127.0.0.1:{port}"' for port in self.ports[1::2])
        lines = [
            "cluster.name: factsheets-test",
            f"node.name: node-{number}",
            f"path.data: {self.folder}/data-{number}",
            f"path.logs: {self.folder}/logs-{number}",
            "network.host: 127.0.0.1",
            f"http.port: {http}",
            f"transport.port: {transport}",
            f"discovery.seed_hosts: [{hosts}]",
            f"cluster.initial_cluster_manager_nodes: [{names}]",
            # All nodes share one disk, which may be nearly full with other things.
            "cluster.routing.allocation.disk.threshold_enabled: false",
        ]
        options = (config / "jvm.options").read_text(encoding="utf-8").splitlines()
        kept = [line for line in options if "gc.log" not in line]  # it would be written beside the server
        (config / "jvm.options").write_text("\n".join(kept), encoding="utf-8")
        (config / "opensearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, _NOBODY, _NOBODY)

    def _process(self, number: int) -> subprocess.Popen[bytes]:
        command = [str(self.home / "bin" / "opensearch")]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *command]
        environment = os.environ | {
            "OPENSEARCH_PATH_CONF": str(self.folder / f"config-{number}"),
            "OPENSEARCH_JAVA_HOME": str(self.java),
            "JAVA_HOME": str(self.java),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap}",
        }
        with (self.folder / f"{number}.out").open("ab") as output:
            return subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)


@contextmanager
def new_address(hosts: str) -> Iterator[str]:
    """Yield the address of an index that does not exist yet, and delete in the end what was made of it."""
    name = f"test-{uuid4().hex[:12]}"
    yield f"{hosts}/{name}"
    client = OpenSearch(hosts.split(","))
    for index in client.indices.get_alias(index=f"{name}-*"):
        client.indices.delete(index=index)


@contextmanager
def running_hosts() -> Iterator[str]:
    """Yield the scheme and the hosts of a cluster: one node, or the cluster in OPENSEARCH_URL."""
    if given := os.environ.get("OPENSEARCH_URL"):
        yield given.rstrip("/")
        return
    with TemporaryDirectory(prefix="factsheets-node-") as folder:
        Path(folder).chmod(0o755)
        nodes = Nodes(Path(folder), 1)
        try:
            nodes.start()
            yield nodes.urls[0]
        finally:
            nodes.kill()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
