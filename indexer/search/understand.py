"""Query text -> Question: the words that count, what they name, and the kind of answer that they ask for."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

from indexer.index.names import ACRONYM_CHARS, Name
from indexer.index.snapshot import Snapshot
from indexer.language.analysis import APOSTROPHES, form, forms, frame_terms, function_terms, terms, words
from indexer.language.asking import read_asking
from indexer.language.english import is_english
from indexer.language.lay_words import LayWords, lay_words
from indexer.language.messages import asking_words
from indexer.language.question_types import question_types, read_kinds
from indexer.language.respelling import american
from indexer.model import Alternative, Concept, Correction, Focus, Synonym, Understood
from indexer.search.rewriting import rewrite
from indexer.search.spelling import Spelling, near, spelling
from indexer.search.syntax import Asked
from indexer.time_limit import check_time

#: The weight of a word that only frames a question: one that asks for a kind of answer next to a named subject, or one
#: that is common in the story around a question. Measured: `python -m tests.benchmarks ingredients`. Words of a message
#: that are not in its questions count half, too, next to a named subject: of 16 messages written for the purpose, the
#: right answer comes first for 9 instead of 5, of natural questions that name a condition for .80 instead of .78. At .3
#: and .1 no more do, and messages that people sent to a library lose (condensed nDCG@10 .84 instead of .87).
FRAME = 0.5

#: A kind of answer is claimed from this probability on. Of judged questions that ask for one, all plain ones and 97 %
#: of the natural ones are above it; a bare name has .14.
CLAIMED = 0.35
#: From this probability on, a missing kind of answer is reported as not covered.
SURE = 0.6

#: The longest subject that is reported as absent.
MOST_SUBJECT_WORDS = 4
#: A word in more than one of COMMON answers is not reported as absent: "pain in the face".
COMMON = 20
#: A word that is not English is taken for a name, of a drug for example, if it has at least LEAST_FOREIGN letters and
#: occurs in at most MOST_FOREIGN answers.
LEAST_FOREIGN, MOST_FOREIGN = 5, 20

#: A comparison has at most MOST_COMPARED names, and they are at least COMPARES of its words that do not ask.
MOST_COMPARED, COMPARES = 3, 0.5
COMPARING = frozenset(
    term for _, term in map(form, "difference different differ vs versus compare compared distinguish same".split())
)

#: Words that join two names, or a name and another word.
_JOINS_NAMES = frozenset("and or vs versus with from than".split())
_JOINS = frozenset("and or of for to".split())

#: The most words that a word with a star or a tilde expands to.
MAX_EXPANSIONS = 100


class Word(NamedTuple):
    """A word of a question, as it is scored.

    `others` are alternatives to its term; one of several terms matches only if all of them occur. `focus` is the
    number of the name that the word is in. `frames`: the word asks for a kind of answer, or belongs to the story around
    the question. `touches`: the word is next to a name, so that it may belong to a longer name.
    """

    typed: str
    word: str
    term: str
    weight: float
    focus: int | None
    frames: bool
    others: tuple[tuple[str, ...], ...]
    touches: bool = False


class Question:
    """A question as it is ranked: its words, its names, and the probability of each kind of answer.

    `rivals` are names of which one is probably meant, but nothing decides which.
    """

    def __init__(
        self, words: Sequence[Word], names: Sequence[Name], kinds: dict[str, float], reading: "_Reading"
    ) -> None:
        self.words, self.names, self.kinds = words, names, kinds
        self.rivals = reading.rivals()
        self._reading = reading

    @property
    def kind(self) -> str | None:
        """The kind of answer that the question asks for, if that is likely enough."""
        kind = max(self.kinds, key=self.kinds.__getitem__, default=None)
        return kind if kind and self.kinds[kind] >= CLAIMED else None

    @property
    def about(self) -> float:
        """The share of full-weight words in names, from 0 to 1, not counting words that frame the question."""
        counted = [word for word in self.words if word.weight == 1.0 and not (word.frames and word.focus is None)]
        return sum(word.focus is not None for word in counted) / len(counted) if counted else 0.0

    @property
    def compares(self) -> bool:
        """Whether the question compares several subjects: it says so, or has little else than their names."""
        names = {name.text for name in self.names}
        says_so = any(word.term in COMPARING for word in self.words) or all(len(name.terms) > 1 for name in self.names)
        return 1 < len(names) <= MOST_COMPARED and (self.about == 1 or (self.about >= COMPARES and says_so))

    @property
    def joins(self) -> bool:
        """Whether nothing but words such as "and" is between the names."""
        return self._reading.joins()

    @cached_property
    def understood(self) -> Understood:
        """How the question was read, for display."""
        return self._reading.understood(self)


def understand(asked: Asked, snapshot: Snapshot) -> Question:
    """Return how a query is read. An exact query is searched as typed."""
    reading = _Reading(asked, snapshot)
    if not asked.query.exact:
        reading.rewrite()
        reading.find_everyday_words()
        reading.correct_spelling()
        reading.find_names()
        reading.find_kind()
    reading.expand()
    return reading.question()


#: The end of a possessive: "Parkinson's".
_POSSESSIVE = re.compile(rf"[{APOSTROPHES}]s?$")


class _Reading:
    """A question while it is being read: its words by position, and what is known about each of them."""

    def __init__(self, asked: Asked, snapshot: Snapshot) -> None:
        self._asked, self._snapshot = asked, snapshot
        self._typed = words(asked.text)
        self._words = [form(word) for word in self._typed]
        self._rewritten: list[tuple[str, str]] = []
        self._lay: list[LayWords] = []
        self._others: dict[int, tuple[tuple[str, ...], ...]] = {}
        self._synonyms: list[Synonym] = []
        self._spelling = Spelling({}, [])
        self._names: list[tuple[int, int, Name]] = []
        self._focus_of: dict[int, int] = {}
        self._kinds: dict[str, float] = {}
        self._asks = [False] * len(self._words)
        self._asking_words = asking_words(asked.text)

    def rewrite(self) -> None:
        """Write the words as the sheets do. This may split or join words of the query."""
        kept = {word for phrase in self._asked.phrases for word in words(phrase)}
        kept |= {*self._asked.prefixes, *self._asked.fuzzy}
        tokens, self._rewritten = rewrite(self._typed, self._snapshot, kept)
        self._typed = [token.typed for token in tokens]
        self._words = [(token.word, token.term) for token in tokens]

    def find_everyday_words(self) -> None:
        """Find everyday words for which sheets use clinical terms. They are not corrected."""
        self._lay = lay_words(self._terms(), self._snapshot.site.synonyms)

    def correct_spelling(self) -> None:
        """Replace misspelt words by the words that were meant."""
        kept = {position for lay in self._lay for position in range(lay.start, lay.end)}
        kept |= {position for position, typed in enumerate(self._typed) if self._has_operator(typed)}
        named = self._snapshot.names.find(self._words)
        kept |= {position for start, end, _ in named if end - start > 1 for position in range(start, end)}
        self._spelling = spelling(self._typed, self._words, self._snapshot, kept)
        for position, word in self._spelling.corrected.items():
            self._words[position] = form(word)

    def find_names(self) -> None:
        """Find the subjects that are named.

        One or two words that ask for something name no subject next to other words: "medicine for gout".
        """
        _, asks = self._asking([False] * len(self._words))
        content = set(self._content(asks))
        for start, end, name in self._snapshot.names.find(self._words):
            positions = set(range(start, end))
            asks_only = end - start < 3 and content and not content & positions
            if asks_only or self._is_accident(start, end, name, alone=content <= positions):
                continue
            self._focus_of |= dict.fromkeys(positions, len(self._names))
            self._names.append((start, end, name))

    def find_kind(self) -> None:
        """Find the kind of answer that is asked for, by the words outside names."""
        named = [position in self._focus_of for position in range(len(self._words))]
        self._kinds, self._asks = self._asking(named)

    def expand(self) -> None:
        """Find alternatives to words: clinical terms, and the expansions of words with a star or a tilde."""
        for start, end, clinical in self._lay:
            used = {text: tuple(terms(text)) for text in clinical}
            used = {text: own for text, own in used.items() if all(map(self._snapshot.impacts.frequency, own))}
            if used and not all(position in self._focus_of for position in range(start, end)):
                self._others |= dict.fromkeys(range(start, end), tuple(used.values()))
                self._synonyms.append(Synonym(" ".join(self._typed[start:end]), tuple(used)))
        for position, typed in enumerate(self._typed):
            if self._has_operator(typed):
                check_time()
                like = self._words_like(self._words[position][0], prefix=typed in self._asked.prefixes)
                occurring = (term for _, term in map(form, like) if self._snapshot.impacts.frequency(term))
                self._others[position] = tuple((term,) for term in dict.fromkeys(islice(occurring, MAX_EXPANSIONS)))

    def question(self) -> Question:
        """Return the question for ranking."""
        every = [self._word(position) for position in range(len(self._words))]
        kept = [word for word in every if self._asked.query.exact or self._counts(word)] or every
        for lay in self._lay:  # everyday words that are all function words count once, by the first
            if every[lay.start].others and not any(word in kept for word in every[lay.start : lay.end]):
                kept.append(every[lay.start])
        different: dict[str, Word] = {}
        for word in sorted(kept, key=lambda word: (word.focus is None, not word.others)):  # the most informative first
            different.setdefault(word.term, word)
        in_order = [word for word in kept if different[word.term] is word]
        return Question(in_order, [name for _, _, name in self._names], self._kinds, self)

    def rivals(self) -> list[Name]:
        """Return the names that may be meant, where nothing decides between them."""
        return list(dict.fromkeys(self._spelling.rivals))

    def understood(self, question: Question) -> Understood:
        """Return how the question was read, for display."""
        concepts = tuple(Concept(word.typed, ((word.term,), *word.others)) for word in question.words)
        frequency, corrected = self._snapshot.impacts.frequency, self._spelling.corrected
        return Understood(
            concepts=concepts,
            type=question.kind,
            focus=tuple(
                Focus(name.text, " ".join(self._typed[start:end]), self._sheet_ids(name))
                for start, end, name in self._names
            ),
            covered=self._is_covered(question),
            corrected=(
                *(Correction(typed, used) for typed, used in self._rewritten),
                *(Correction(self._typed[position], word) for position, word in sorted(corrected.items())),
            ),
            alternatives=tuple(Alternative(name.text, self._sheet_ids(name)[0]) for name in question.rivals),
            synonyms=tuple(self._synonyms),
            phrases=tuple(tuple(terms(phrase)) for phrase in self._asked.phrases),
            missing=(
                *(
                    concept.typed
                    for word, concept in zip(question.words, concepts, strict=True)
                    if not any(all(map(frequency, alternative)) for alternative in concept.alternatives)
                    and (not word.frames or self._asked.query.exact)
                ),
                *(f'"{phrase}"' for phrase in self._asked.vain),
            ),
            absent=self._absent(question),
        )

    def _word(self, position: int) -> Word:
        word, term = self._words[position]
        focus = self._focus_of.get(position)
        weight, frames = 1.0, self._asks[position]
        if focus is None and not self._asked.query.exact:
            if (frames and self._names) or term in frame_terms():
                weight *= FRAME
            if self._names and self._in_story(position):
                weight, frames = weight * FRAME, True
        others, touches = self._others.get(position, ()), focus is None and self._touches_name(position)
        return Word(self._typed[position], word, term, weight, focus, frames, others, touches)

    def joins(self) -> bool:
        """Return whether nothing but words such as "and" is between the names."""
        pairs = pairwise(self._names)
        return all(_JOINS_NAMES.issuperset(self._typed[before[1] : after[0]]) for before, after in pairs)

    def _touches_name(self, position: int) -> bool:
        """Return whether a word is next to a name, or joined to it: "varicose veins and venous insufficiency"."""
        for step in (1, -1):
            near = position + step
            joined = 0 <= near < len(self._typed) and self._typed[near].lower() in _JOINS
            if near in self._focus_of or (joined and near + step in self._focus_of):
                return True
        return False

    def _in_story(self, position: int) -> bool:
        """Return whether a word is in no question of a message."""
        return bool(self._asking_words) and self._asking_words.isdisjoint(self._typed[position].split())

    def _counts(self, word: Word) -> bool:
        """Return whether a word is scored: function words are not, except as a name in capitals (AS)."""
        is_name = word.focus is not None and self._names[word.focus][2].is_acronym()
        return is_name or word.term not in function_terms()

    def _words_like(self, word: str, *, prefix: bool) -> list[str]:
        """Return the words of names, then of answers, that begin with a prefix or are one error away."""
        names, impacts = self._snapshot.names, self._snapshot.impacts
        if prefix:
            return [*names.words_beginning(word), *impacts.words_beginning(word)]
        return [*near(word, names.spellings, errors=1), *near(word, impacts.spellings, errors=1)]

    def _has_operator(self, typed: str) -> bool:
        return typed in self._asked.prefixes or typed in self._asked.fuzzy

    def _terms(self) -> list[str]:
        return [term for _, term in self._words]

    def _asking(self, named: Sequence[bool]) -> tuple[dict[str, float], list[bool]]:
        """Return the probability of each kind of answer, and which words ask; nothing if answers have no kinds."""
        kinds = self._snapshot.kinds
        if kinds == question_types():
            return read_asking(self._terms(), named)
        return read_kinds(self._terms(), named, kinds)

    def _absent(self, question: Question) -> tuple[str, ...]:
        """Return the subjects that are asked about and that no sheet here is about.

        A question that asks for a kind of answer is about its other words, if they are few, adjacent and not a name.
        In any question, a rare word that is not English and in no name is a subject too: mostly a drug.
        """
        health = self._snapshot.kinds == question_types()  # elsewhere, titles are seldom what questions are about
        if self._asked.query.exact or not health or self._spelling.rivals:
            return ()
        corrected = {
            *self._spelling.corrected,
            *(position for lay in self._lay for position in range(lay.start, lay.end)),
        }
        content = self._content(self._asks)
        unnamed = [n for n in content if n not in self._focus_of]
        if foreign := [n for n in unnamed if n not in corrected and self._is_foreign(n)]:
            return tuple(dict.fromkeys(self._typed[n] for n in foreign))
        if question.kind is None or not any(self._asks) or not unnamed or len(content) > MOST_SUBJECT_WORDS:
            return ()
        impacts = self._snapshot.impacts
        rare = any(impacts.frequency(self._words[n][1]) * COMMON <= impacts.documents for n in unnamed)
        if not rare or not any(term in function_terms() for _, term in self._words):
            return ()  # common words, or words without a sentence, describe
        first, last = content[0], content[-1]
        broad = all(len(name.terms) == 1 for name in question.names)  # "pancreatic abscess" is no abscess in general
        beside = all(self._focus_of.keys() & {n - 1, n + 1} for n in unnamed) if question.names else True
        if not broad or not beside or last - first > MOST_SUBJECT_WORDS:
            return ()
        return (" ".join(dict.fromkeys(self._typed[first : last + 1])),)

    def _is_foreign(self, position: int) -> bool:
        """Return whether a word is not English, in no name, and rare here."""
        (word, term), names = self._words[position], self._snapshot.names
        if (
            len(word) < LEAST_FOREIGN
            or not self._typed[position].isalpha()
            or self._has_operator(self._typed[position])
            or is_english(word)
        ):
            return False
        return term not in names.with_term and self._snapshot.impacts.frequency(term) <= MOST_FOREIGN

    def _content(self, asks: Sequence[bool]) -> list[int]:
        """Return the positions of the words that neither ask nor only frame the question."""
        return [n for n in range(len(self._words)) if not asks[n] and not self._only_frames(n)]

    def _only_frames(self, position: int) -> bool:
        """Return whether a word is a function word, a number, or a word of the story around a question."""
        term = self._words[position][1]
        return term.isdigit() or term in function_terms() or term in frame_terms()

    def _is_accident(self, start: int, end: int, name: Name, *, alone: bool) -> bool:
        """Return whether words only look like a name, or like its beginning. `alone`: the query has no other words.

        "all" is no leukaemia, "ALL" may be one; "AS" may be a syndrome unless the whole query is in capitals; "heart"
        is no heart disease, "moyamoya" is moyamoya disease, and "Lou Gehrig's" is his. "Pancreatic" is not
        pancreatitis, and POTS are no pots. Three words that follow each other by accident are rare; two, such as
        "small intestine", are not.
        """
        (word, term), typed = self._words[start], self._typed[start]
        if end - start == 1:
            if len(word) == 1 and len(self._typed) > 1:
                return True
            if name.is_acronym():
                shouted = term in function_terms() and len(self._typed) > 1 and all(map(str.isupper, self._typed))
                framed = term in frame_terms() and not alone
                return framed or (is_english(word) and (typed != name.text or shouted))
            if not self._is_inflected(word, forms(name.text)[0][0]):
                return True
            if typed.isupper() and len(typed) <= ACRONYM_CHARS and word != forms(name.text)[0][0]:
                return True
        if _POSSESSIVE.search(self._typed[end - 1]) or end - start >= min(len(name.terms), 3):
            return False
        if not all(is_english(word) for word, _ in self._words[start:end]):
            return False
        return not (alone and self._is_eponym(name, typed))

    def _is_inflected(self, word: str, other: str) -> bool:
        """Return whether two words of one stem differ at most in number: "biopsy" and "biopsies"."""
        word, other = (
            american(text).removesuffix("es").removesuffix("s").removesuffix("i").removesuffix("y")
            for text in (word, other)
        )
        return word == other or word.removesuffix("e") == other.removesuffix("e")

    def _is_eponym(self, name: Name, word: str) -> bool:
        """Return whether the sheets of a name always capitalise its first word."""
        small = re.compile(rf"\b{re.escape(word.lower())}\b")
        answers = (self._snapshot.record(number).document.answer for sheet in name.sheets[:3] for number in sheet)
        return not any(small.search(answer) for answer in answers)

    def _is_covered(self, question: Question) -> bool | None:
        """Return whether the sheets about the subjects, or about narrower ones, have the kind of answer asked for.

        False only for a question that asks for this kind of answer and for nothing else.
        """
        wide = {kind.id for kind in self._snapshot.kinds if kind.wide}
        if not question.names or question.kind is None or question.kind in wide:
            return None
        kinds = self._snapshot.columns.kinds
        about = {
            sheet
            for name in question.names
            for near in (name, *self._snapshot.names.narrower(name))
            for sheet in near.sheets
        }
        if any(question.kind in kinds(number) for sheet in about for number in sheet):
            return True
        unsure = set(self._content(self._asks)) - self._focus_of.keys() or question.kinds[question.kind] < SURE
        return None if unsure or self._snapshot.site.not_covered is False else False

    def _sheet_ids(self, name: Name) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._snapshot.columns.sheet[sheet.start] for sheet in name.sheets))
