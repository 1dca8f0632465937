"""Many questions in, groups of similar wording out. Floor 4: knows `analysis`, `fields` and `model`.

Two questions are as similar as the cosine of the terms that are searched for them, the rarer counting more. A group is
a question and all that are at least `SIMILAR` to it and nearer to it than to the middle of another group.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.analysis import fold, tokenize
from bot.fields import Vector, idf
from bot.model import Query

SIMILAR = 0.6
"""The least cosine to the middle of a group: the more, the purer and the fewer.

Measured on the 1,450 ways to ask of the shipped corpus, which were written to differ: 242 of them fall into 89 groups
of two and more, and 60% of those stand with the passage that most of their group ask for, 77% with it or with one that
answers the same (grade 2 in four judged questions or more). At 0.5: 488 in 174 groups, 59 and 75%; at 0.7: 118 in 50,
61 and 79%. What the eye finds wrong then has the same nouns and asks something else of them.
"""

STAND_IN = 0.5
"""How much what the lexicon adds counts here, of its weight in a search: with all of it, families of words flow
together (at 0.6: 422 in 110 groups, 54 and 72%); with none, fewer meet (215 in 85, 61 and 77%).
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of similar wording: ``representative`` is the most typical of them.

    ``questions`` are the different ones, the most similar to it first; ``places`` are where they stood among all that
    were given, in order, so that there are as many as were asked.
    """

    representative: str
    questions: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    """One wording, however it is written: its commonest spelling, its terms by weight, where it stood."""

    text: str
    weights: dict[str, float]
    spellings: tuple[str, ...]
    places: tuple[int, ...]


def group(
    questions: Sequence[str], read: Callable[[str], Query], having: Callable[[str], int], passages: int, language: str
) -> tuple[Group, ...]:
    """All ``questions``, each in one group, the largest group first, ties by the representative's letters.

    ``read`` gives a question's terms, ``having`` says how many of the ``passages`` have a term. Questions that are the
    same but for case, punctuation and the like are always together. In which order they are given makes no difference.
    """
    wordings = _wordings(questions, read, lambda term: idf(passages, having(term)), language)
    nearest = _nearest_middles(wordings)
    members: dict[int, list[int]] = {}
    for place, (middle, _) in enumerate(nearest):
        members.setdefault(middle, []).append(place)
    groups = []
    for middle, places in members.items():
        ordered = sorted(places, key=lambda place: (place != middle, -nearest[place][1], place))
        groups.append(
            Group(
                representative=wordings[middle].text,
                questions=tuple(text for place in ordered for text in wordings[place].spellings),
                places=tuple(sorted(at for place in ordered for at in wordings[place].places)),
            )
        )
    return tuple(sorted(groups, key=lambda one: (-len(one.places), one.representative)))


def same_words(text: str, language: str) -> str:
    """The words of ``text`` folded, as the same whatever case and punctuation; ``text`` itself where it has none.

    >>> same_words("Worn-out Shoes?!", "en"), same_words("?!", "en")
    ('worn out shoes', '?!')
    """
    return " ".join(fold(text[start:end], language) for start, end in tokenize(text)) or text.strip()


def _wordings(
    questions: Sequence[str], read: Callable[[str], Query], rarity: Callable[[str], float], language: str
) -> list[_Wording]:
    """Every different wording, in the order of their letters."""
    places: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        places.setdefault(same_words(question, language), []).append(place)
    found = []
    for _, where in sorted(places.items()):
        spellings = Counter(questions[place] for place in where)
        ordered = sorted(spellings, key=lambda text: (-spellings[text], text))
        found.append(_Wording(ordered[0], _weights(read(ordered[0]), rarity), tuple(ordered), tuple(where)))
    return found


def _weights(query: Query, rarity: Callable[[str], float]) -> dict[str, float]:
    """The terms of ``query`` as a vector of length 1; of length 0 where it has none."""
    found: dict[str, float] = {}
    for concept in query.concepts:
        likeliest, *others = concept.terms.items()
        # Of a mended word the slip itself is searched, too, in full; here it would keep the two spellings apart.
        stand_ins = [(term, STAND_IN * weight) for term, weight in others if weight < 1]
        for term, weight in (likeliest, *stand_ins):
            found[term] = max(found.get(term, 0.0), weight * concept.weight * rarity(term))
    length = sum(worth**2 for worth in found.values()) ** 0.5
    return {term: worth / length for term, worth in found.items()}


def _nearest_middles(wordings: Sequence[_Wording]) -> list[tuple[int, float]]:
    """For every wording the middle of its group and how similar it is to that; a middle is its own.

    Middles are taken from the most crowded place down: each is a wording that no middle before is similar to.
    """
    near = list(_neighbours(wordings))
    asked = np.array([len(wording.places) for wording in wordings])
    crowd = [float((similar * asked[places]).sum()) for places, similar in near]
    nearest: list[tuple[int, float]] = [(-1, 0.0)] * len(wordings)
    for middle in sorted(range(len(wordings)), key=lambda place: (-crowd[place], place)):
        if nearest[middle][0] >= 0:
            continue
        for place, similar in zip(*(column.tolist() for column in near[middle]), strict=True):
            if similar > nearest[place][1]:
                nearest[place] = (middle, similar)
        nearest[middle] = (middle, np.inf)
    return nearest


def _neighbours(wordings: Sequence[_Wording]) -> Iterator[tuple[NDArray[np.int64], Vector]]:
    """For every wording the places of those at least `SIMILAR` to it, itself among them, and how similar they are."""
    postings: dict[str, tuple[list[int], list[float]]] = {}
    for place, wording in enumerate(wordings):
        for term, weight in wording.weights.items():
            places, weights = postings.setdefault(term, ([], []))
            places.append(place)
            weights.append(weight)
    columns = {term: (np.array(places), np.array(weights)) for term, (places, weights) in postings.items()}
    for place, wording in enumerate(wordings):
        similar = np.zeros(len(wordings))
        for term, weight in wording.weights.items():
            having, weighing = columns[term]
            similar[having] += weight * weighing
        similar[place] = 1.0  # also where it has no terms
        found = np.flatnonzero(similar >= SIMILAR)
        yield found, similar[found]
