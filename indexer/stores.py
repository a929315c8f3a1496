"""The address of an index -> where it is kept: a directory, or a cluster."""

from pathlib import Path

from indexer.errors import IndexStateError
from indexer.index.store import Folder, Store


def is_cluster(index: Path | str) -> bool:
    """Return whether an index is in a cluster: http://HOST:PORT,HOST:PORT/NAME, or https."""
    return isinstance(index, str) and index.startswith(("http://", "https://"))


def store_of(index: Path | str) -> Store:
    """Return the store of an index. Raises IndexStateError for an address that cannot be used."""
    if not is_cluster(index):
        return Folder(Path(index))
    try:
        from indexer.cluster.store import Cluster  # an extra, which takes 0.3 s to import
    except ModuleNotFoundError as error:
        raise IndexStateError(f"{error.name} is missing: pip install 'factsheets[opensearch]'") from error
    return Cluster(str(index))
