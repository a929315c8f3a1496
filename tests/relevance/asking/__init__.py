"""How the weights of indexer/language/asking.tsv are fitted and measured.

questions.tsv    questions about named conditions, each with the kind of answer that it was written to ask for
vocabulary.toml  phrases by hand, with the kind that they ask for: what is believed before any question was seen
fit.py           the fit, from both
__main__.py      `python -m tests.relevance.asking [--check]`
"""
