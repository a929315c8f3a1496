"""Pages in the layout of the founding page, made of invented parts: chrome, contents, dated answers, references."""

CHROME = """\
Your browser cannot run scripts:   Search the archive here.

Conditions

Version for printing

TITLE


Please read the note about this archive. Links on this page may lead away from it, and some of them lead nowhere at all.

Overview



"""
ENTRIES = (
    "  1. Ember B. Cups. http://example.org/cups. Accessed 5/1/2013.\n"
    "  2. Quill A. Tea. http://example.org/tea. Accessed 5/1/2013.\n"
)
WHAT, WHY, HOW = "What is Teacup fever?", "What causes Teacup fever?", "How is Teacup fever treated?"
#: Three questions with their answers, the second without a marker.
ANSWERS = {
    WHAT: "Teacup fever is an invented warmth of the left hand.[1]",
    WHY: "The tea does, as far as anybody knows.",
    HOW: "Some people put the cup down.[2][1]",
}


def saved_page(
    answers: dict[str, str] | list[tuple[str, str]] = ANSWERS,
    *,
    contents: list[str] | None = None,
    title: str = "Teacup fever",
    date: str = "Last updated: 5/1/2013",
    end: str = f"References\n{ENTRIES}",
) -> str:
    """Return a saved page; its contents list its questions unless other lines are given."""
    pairs = list(answers.items()) if isinstance(answers, dict) else answers
    listed = [question for question, _ in pairs] if contents is None else contents
    body = "".join(f"{question}\n\n{answer}\n{date}\n\n" for question, answer in pairs)
    return CHROME.replace("TITLE", title) + "".join(f"{line}\n\n" for line in listed) + f"\n{body}{end}"
