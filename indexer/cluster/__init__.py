"""An index in an OpenSearch cluster instead of a directory."""
