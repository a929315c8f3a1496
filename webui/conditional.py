"""Conditional requests (RFC 9110, section 13): a client that already has the body gets a 304 before any search."""

from hashlib import blake2b

from flask import abort, request

#: The content codings of Flask-Compress. It adds a colon and the coding to an ETag, so that each coding has its own.
CODINGS = ("zstd", "br", "gzip", "deflate")


def entity_tag(*parts: object) -> str:
    """Return an opaque tag for everything that determines a body."""
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def held_tag(tag: str) -> str | None:
    """Return the tag under which the client already has the body, in a coding that it accepts, or None.

    None, too, for "*", which asks whether there is a body at all, and for If-Match, which takes precedence.
    """
    listed = request.if_none_match
    if request.if_match or listed.star_tag:
        return None
    # Weak tags count, because a proxy that compresses makes strong tags weak (section 13.1.2).
    return next(filter(listed.contains_weak, _tags(tag)), None)


def hold_to_conditions(tag: str) -> bool:
    """Return whether the request asks for a body only if there is none: "*". Raises 412 if If-Match has no match."""
    if request.if_match:
        if not (request.if_match.star_tag or any(map(request.if_match.is_strong, _tags(tag)))):
            abort(412, "The current version is not the one that If-Match names.")
        request.environ.pop("HTTP_IF_MATCH")  # already checked: Flask-Compress would check it against its own coding
    return request.if_none_match.star_tag


def _tags(tag: str) -> list[str]:
    """Return the tags of a body in the codings that the client accepts. Every client accepts no coding."""
    return [tag, *(f"{tag}:{coding}" for coding in CODINGS if request.accept_encodings.quality(coding) > 0)]
