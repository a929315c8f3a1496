"""The connection to an OpenSearch cluster: its address, its requests, and what its failures are called here.

Every request goes to one of the hosts, and again to another if that host does not answer. An answer that is not
complete is an error.
"""

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, OpenSearchException, TransportError
from opensearchpy.helpers import streaming_bulk

from indexer.errors import ClusterError, IndexStateError

# The client warns of what it raises, too.
logging.getLogger("opensearch").setLevel(logging.ERROR)

#: Seconds that one host has to answer before the next one is asked.
_TIMEOUT = 5
#: Seconds that a host which did not answer is left alone, while others answer.
_DEAD_SECONDS = 5
#: Seconds that changes of indexes have, and writes: all nodes take part, and a request that is sent twice costs more.
PATIENT: dict[str, Any] = {"request_timeout": 60}
#: Open connections to one host: a search, the look for new generations, and the lock of a build.
_CONNECTIONS = 4
#: Documents in one request.
_BATCH = 200

#: OpenSearch takes lower-case names of indexes that begin with a letter or a digit.
_NAME = re.compile("[a-z0-9][a-z0-9_.-]{0,99}")

_ENVIRONMENT = {
    "ca_certs": "FACTSHEETS_CLUSTER_CA",
    "client_cert": "FACTSHEETS_CLUSTER_CERT",
    "client_key": "FACTSHEETS_CLUSTER_KEY",
}


class Connection:
    """A connection to a cluster, for any number of threads. `name` is the index in the address.

    User and password are in FACTSHEETS_CLUSTER_USER and FACTSHEETS_CLUSTER_PASSWORD. FACTSHEETS_CLUSTER_CA names a file
    of certificates to trust, FACTSHEETS_CLUSTER_CERT and FACTSHEETS_CLUSTER_KEY the client's own.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.name = parts.path.strip("/")
        if not (parts.scheme in ("http", "https") and parts.netloc and _NAME.fullmatch(self.name)) or parts.query:
            raise IndexStateError(f"{address} is no address of an index: write http://HOST:PORT,HOST:PORT/NAME")
        if "@" in parts.netloc:
            raise IndexStateError("user and password belong in FACTSHEETS_CLUSTER_USER and FACTSHEETS_CLUSTER_PASSWORD")
        user, password = (os.environ.get(f"FACTSHEETS_CLUSTER_{name}") for name in ("USER", "PASSWORD"))
        hosts = [f"{parts.scheme}://{host}" for host in parts.netloc.split(",")]
        certificates: Any = {option: os.environ[name] for option, name in _ENVIRONMENT.items() if name in os.environ}
        try:
            self.client = OpenSearch(
                hosts,
                http_auth=(user, password) if user and password else None,
                verify_certs=True,
                timeout=_TIMEOUT,
                max_retries=2 * len(hosts),
                retry_on_timeout=True,
                dead_timeout=_DEAD_SECONDS,
                pool_maxsize=_CONNECTIONS,
                **certificates,
            )
        except (OpenSearchException, ValueError, OSError) as error:
            raise IndexStateError(f"{address} cannot be used ({error})") from error

    def published(self) -> tuple[int | None, list[int]]:
        """Return the number of the current generation, and the numbers of all that were published, in order."""
        with reported():
            indexes = self.client.indices.get_alias(index=f"{self.name}-*", params={"local": "true"})
        aliases = {index: set(entry["aliases"]) for index, entry in indexes.items()}
        numbers = {int(match[1]): index for index in aliases if (match := self._generation.fullmatch(index))}
        complete = sorted(number for number, index in numbers.items() if self.published_alias in aliases[index])
        return next((number for number in complete if self.name in aliases[numbers[number]]), None), complete

    def identity(self, number: int | None) -> object:
        """Return what tells a generation from another with its number, after all indexes were deleted."""
        if number is None:
            return None
        index = self.generation_index(number)
        with reported():
            answer = self.client.indices.get_settings(index=index, name="index.uuid", params={"local": "true"})
        return answer[index]["settings"]["index"]["uuid"]

    @property
    def published_alias(self) -> str:
        """The alias of all generations that were published. The name alone is the alias of the current one."""
        return f"{self.name}-published"

    def generation_index(self, number: int) -> str:
        """Return the name of the index that holds a generation."""
        return f"{self.name}-{number}"

    def segment_index(self, segment: str) -> str:
        """Return the name of the index that holds a segment."""
        return f"{self.name}-{segment.lower()}"

    def own_indexes(self) -> list[str]:
        """Return the names of all indexes of generations and segments."""
        with reported():
            names = self.client.indices.get_alias(index=f"{self.name}-*")
        segment = re.compile(re.escape(self.name) + "-main_[a-z0-9]{16}")
        return [name for name in names if self._generation.fullmatch(name) or segment.fullmatch(name)]

    @property
    def _generation(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.name) + r"-(\d+)")

    def documents(self, keys: Sequence[tuple[str, str]], field: str) -> list[Any]:
        """Return a field of some documents, each by its index and id, in order. Raises IndexStateError if one is lost.

        An index that is immutable and complete has all of them.
        """
        values: list[Any] = []
        for first in range(0, len(keys), _BATCH):
            batch = [{"_index": index, "_id": id} for index, id in keys[first : first + _BATCH]]
            with reported():
                entries = self.client.mget(body={"docs": batch})["docs"]
            for entry in entries:
                why = entry.get("error", {}).get("type")
                if why and why != "index_not_found_exception":
                    raise ClusterError(why)
                if not entry.get("found"):
                    raise IndexStateError(f"{entry['_index']} has no {entry['_id']}: run `factsheets build`")
                values.append(entry["_source"][field])
        return values

    def search(self, indexes: Sequence[str], query: Mapping[str, Any], size: int) -> list[tuple[str, str]]:
        """Return the index and id of each document that matches, in the order of each index. None is left out."""
        body = {"query": {"bool": {"filter": query}}, "size": size, "sort": ["_doc"], "_source": False}
        with reported():
            answer = self.client.search(
                index=",".join(indexes), body=body, params={"allow_partial_search_results": "false"}
            )
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise ClusterError("not all shards answered")
        return [(hit["_index"], hit["_id"]) for hit in answer["hits"]["hits"]]

    def write(self, index: str, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Write documents, each by its id, and return how many were written. Raises ClusterError if one is refused."""
        actions = ({"_index": index, "_id": id, "_source": source} for id, source in documents)
        written = 0
        with reported():
            for is_written, result in streaming_bulk(
                self.client, actions, chunk_size=_BATCH, max_retries=3, raise_on_error=False, **PATIENT
            ):
                if not is_written:
                    raise ClusterError(f"a document was refused: {next(iter(result.values())).get('error')}")
                written += 1
        return written


@contextmanager
def reported() -> Iterator[None]:
    """Turn errors of the client into ClusterError."""
    try:
        yield
    except NotFoundError as error:
        raise IndexStateError(f"an index is not in the cluster ({error.error}): run `factsheets build`") from error
    except TransportError as error:
        why = error.error if isinstance(error.status_code, int) else type(error).__name__
        raise ClusterError(str(why)) from error
    except OpenSearchException as error:
        raise ClusterError(type(error).__name__) from error
