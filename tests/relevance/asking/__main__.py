"""Fit indexer/language/asking.tsv, or say how often such weights are right about conditions that were left out.

    python -m tests.relevance.asking [--check]

Needs scipy (the extra `benchmarks`) and MedQuAD in the folder that FACTSHEETS_DATA names (default ../shared).
"""

from argparse import ArgumentParser
from pathlib import Path

from tests.relevance.asking.fit import FOLDS, Vocabulary, check, examples, fit, read_questions, read_vocabulary

ASKING = Path(__file__).parents[3] / "indexer" / "language" / "asking.tsv"

HEADER = """\
# How much likelier a phrase makes each kind of answer: what it adds to the kind's score (indexer/language/asking.py).
# Phrases are of stems, and "_" is a word of a condition's name. "*" counts for any question.
# Written by `python -m tests.relevance.asking`, from {questions} questions (questions.tsv) and {prior} phrases by hand
# (vocabulary.toml). Of questions about conditions that were left out of the fit, such weights understood {right:.1%},
# and gave the right kind a probability of {probability:.2f} in the mean (`--check`).
"""


def main() -> None:
    """Write the weights, or print how right they are with and without the phrases that were chosen by hand."""
    parser = ArgumentParser(prog="python -m tests.relevance.asking", description=__doc__)
    parser.add_argument("--check", action="store_true", help=f"measure with {FOLDS} folds, and write nothing")
    options = parser.parse_args()
    asked, vocabulary = examples(read_questions()), read_vocabulary()
    if options.check:
        for name, believed in (("without", Vocabulary({}, vocabulary.incidental)), ("with", vocabulary)):
            print(f"{name} the phrases chosen by hand\n{check(asked, believed).table()}\n")
        return
    measured = check(asked, vocabulary).total()
    header = HEADER.format(
        questions=f"{len(asked):,}",
        prior=f"{len(vocabulary.phrases):,}",
        right=measured.right,
        probability=measured.probability,
    )
    ASKING.write_text(header + fit(asked, vocabulary), encoding="utf-8")


if __name__ == "__main__":
    main()
