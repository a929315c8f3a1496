"""The kinds of problem that the endpoint answers with, as RFC 9457 has them. Each has a page of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its status (None: it varies) and title, what it means, and what to do about it."""

    status: int | None
    title: str
    meaning: str
    remedy: str


#: By the last part of the address that a problem has as its type.
PROBLEM_KINDS = {
    "invalid-parameters": ProblemKind(
        400,
        "This cannot be searched",
        "The address has a parameter that is not known, that is given twice, or whose value is none that it can have.",
        "Mend every parameter that is listed under errors, where each says what it must be. The same request will "
        "never be answered.",
    ),
    "query-too-slow": ProblemKind(
        422,
        "This takes too long to search",
        "The question is right, but takes longer to search than this site lets one question take.",
        "Ask with fewer words, above all with fewer in quotation marks, or that end in * or ~. The same question takes "
        "as long when it is asked again.",
    ),
    "not-found": ProblemKind(
        404,
        "Page not found",
        "There is nothing at this address. An answer keeps its address while its question stands on its fact sheet, "
        "even when the sheet is renamed; so the question or the whole sheet is gone, or the address is mistyped.",
        "Search for the answer again.",
    ),
    "index-unavailable": ProblemKind(
        503,
        "There is nothing to search yet",
        "The site has no index, or cannot read the one that it has. It answers as soon as one is built.",
        "Ask again after the seconds that the Retry-After header names.",
    ),
    "http-error": ProblemKind(
        None,
        "The request cannot be answered",
        "Something else is wrong with the request, or with this site. The title says what, in the words of HTTP.",
        "A status from 400 to 499 asks for another request. From 500 on, the site is at fault: tell who keeps it.",
    ),
}
