"""Conditional requests (RFC 9110, section 13): whoever has a body already is told so before anything is searched."""

from hashlib import blake2b

from flask import abort, request

#: The content codings of Flask-Compress, which ends a tag with a colon and the coding: one tag is one row of bytes.
CODINGS = ("zstd", "br", "gzip", "deflate")


def entity_tag(*parts: object) -> str:
    """Return a tag for all that makes a body what it is. It means nothing but whether that is the same."""
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def held_tag(tag: str) -> str | None:
    """Return under which tag the client holds a body, in a coding that it takes, or None: it must be made.

    "*" is for the body to answer, for it asks whether there is one, and so is If-Match, which goes before.
    """
    listed = request.if_none_match
    if request.if_match or listed.star_tag:
        return None
    # Weak ones count as well: a proxy that compresses makes strong ones weak (section 13.1.2).
    return next(filter(listed.contains_weak, _tags(tag)), None)


def hold_to_conditions(tag: str) -> bool:
    """Return whether "*" asks for no body that there is. Raises 412 where If-Match names none of its tags."""
    if request.if_match:
        if not (request.if_match.star_tag or any(map(request.if_match.is_strong, _tags(tag)))):
            abort(412, "What is here now is not what If-Match asks for.")
        request.environ.pop("HTTP_IF_MATCH")  # is answered: Flask-Compress would hold it to the coding that it chose
    return request.if_none_match.star_tag


def _tags(tag: str) -> list[str]:
    """Return the tags that a body has in the codings that the client takes. Everybody takes none."""
    return [tag, *(f"{tag}:{coding}" for coding in CODINGS if request.accept_encodings.quality(coding) > 0)]
