"""The kinds of problem that the API reports, as defined by RFC 9457. Each has a page of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its status (None: it varies) and title, what it means, and what to do about it."""

    status: int | None
    title: str
    meaning: str
    remedy: str


#: By the last part of the problem's `type`.
PROBLEM_KINDS = {
    "invalid-parameters": ProblemKind(
        400,
        "This cannot be searched",
        "The request has an unknown parameter, a repeated parameter, or an invalid value.",
        "Fix every parameter listed under `errors`. Repeating the request unchanged will fail again.",
    ),
    "query-too-slow": ProblemKind(
        422,
        "This takes too long to search",
        "The question is valid, but takes longer to search than this site allows.",
        "Use fewer words, and fewer words in quotation marks or ending in * or ~. Repeating the question unchanged "
        "will fail again.",
    ),
    "not-found": ProblemKind(
        404,
        "Page not found",
        "There is nothing at this address. An answer keeps its address as long as its question is on its fact sheet, "
        "even if the sheet is renamed. So the question or the sheet has been removed, or the address has a typo.",
        "Search for the answer again.",
    ),
    "index-unavailable": ProblemKind(
        503,
        "There is nothing to search yet",
        "The site has no index, or cannot read it. It will answer as soon as one is built.",
        "Try again after the number of seconds in the Retry-After header.",
    ),
    "cluster-unavailable": ProblemKind(
        503,
        "The search does not answer at the moment",
        "The servers that hold the index of this site cannot be reached, or cannot answer completely.",
        "Try again after the number of seconds in the Retry-After header.",
    ),
    "http-error": ProblemKind(
        None,
        "The request failed",
        "Something else is wrong with the request, or with this site. The title is the standard HTTP reason.",
        "For a status from 400 to 499, change the request. From 500 on, the fault is in the site: please tell the "
        "people who run it.",
    ),
}
