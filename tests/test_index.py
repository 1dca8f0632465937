"""BM25 over three fields: numbers by hand, a second implementation, and the faults of the package that we replace."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi, BM25Plus

from bot.analysis import Analyzer
from bot.fields import Field, Scores, idf
from bot.index import ASKED_B, ASKED_WEIGHT, NEAREST, NEAREST_WEIGHT, TEXT_WEIGHT, Index, known_question
from bot.model import Block, Concept, Contribution, Hit, Passage, Query

K1 = 1.5
B = 0.75

ENGLISH = Analyzer("en")
PLAIN = Analyzer("xx")  # neither stop words nor stems


def _passage(number: int, text: str, title: str = "", also_asked: Sequence[str] = ()) -> Passage:
    return Passage(
        f"page#p{number}", "page", f"p{number}", title, (), text, (), (), frozenset(), "", also_asked=tuple(also_asked)
    )


def _index(*texts: str, analyzer: Analyzer = ENGLISH) -> Index:
    """Passages without headings or ways to ask: only the field of texts has words."""
    return Index([_passage(number, text) for number, text in enumerate(texts)], analyzer)


def _concept(word: str, *, weight: float = 1.0, **stand_ins: float) -> Concept:
    return Concept(word, {word: 1.0, **stand_ins}, weight)


def _query(*concepts: Concept | str) -> Query:
    return Query("", tuple(_concept(one) if isinstance(one, str) else one for one in concepts))


def _search(index: Index, question: str, limit: int | None = None) -> list[Hit]:
    return index.search(_query(*ENGLISH.terms(question)), limit)


def _ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


def _added(hit: Hit) -> dict[tuple[str, str], float]:
    """What each term added in each field."""
    return {(added.term, added.field): added.score for added in hit.contributions}


# ---- by hand


def test_a_score_is_the_one_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    second, first = _search(index, "shoe")

    # N = 3, df = 2, dl = 3 and 2, avgdl = (2 + 3 + 1) / 3 = 2
    # idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.4700036292
    # for page#p1, tf = 2: 2 × 2.5 / (2 + 1.5 × (0.25 + 0.75 × 3 / 2)) = 5 / 4.0625 = 1.2307692308
    # for page#p0, tf = 1: 1 × 2.5 / (1 + 1.5 × (0.25 + 0.75 × 2 / 2)) = 2.5 / 2.5 = 1
    assert (second.passage.passage_id, first.passage.passage_id) == ("page#p1", "page#p0")
    assert second.score == pytest.approx(TEXT_WEIGHT * 0.4700036292457356 * 5 / 4.0625, abs=1e-9)
    assert first.score == pytest.approx(TEXT_WEIGHT * 0.4700036292457356, abs=1e-9)


def test_a_score_of_two_terms_is_the_sum_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    hit = index.search(Query("", (Concept("old", {"old": 1.0}), Concept("shoes", {"shoe": 1.0}))))[0]

    # old: df = 1, idf = ln(1 + 2.5 / 1.5) = 0.9808292530, tf = 1, dl = 3: 2.5 / (1 + 1.5 × 1.375) = 2.5 / 3.0625
    assert [(added.term, added.word, added.field) for added in hit.contributions] == [
        ("old", "old", "text"),
        ("shoe", "shoes", "text"),
    ]
    assert hit.contributions[0].score == pytest.approx(TEXT_WEIGHT * 0.9808292530117262 * 2.5 / 3.0625, abs=1e-9)
    assert hit.contributions[1].score == pytest.approx(TEXT_WEIGHT * 0.4700036292457356 * 5 / 4.0625, abs=1e-9)
    assert hit.score == pytest.approx(TEXT_WEIGHT * (0.8006769412 + 0.5784660052), abs=1e-9)


def test_a_score_over_all_three_fields_is_the_sum_calculated_by_hand() -> None:
    index = Index(
        [_passage(0, "rest", "Shoes", ["old shoes", "trainers"]), _passage(1, "rest", "Sleep")],
        ENGLISH,
    )

    (hit,) = _search(index, "shoe")

    # text: N = 2, df = 1, both texts have 2 terms: idf = ln(1 + 1.5 / 1.5) = ln 2, factor 1
    # asked: terms shoe old shoe trainer | sleep: tf = 2, dl = 4, avgdl = 2.5, b = 0.3
    #   ln 2 × 2 × 2.5 / (2 + 1.5 × (0.7 + 0.3 × 4 / 2.5)) = ln 2 × 5 / 3.77
    # nearest: shoe | old shoe | trainer | sleep: N = 4, df = 2, idf = ln(1 + 2.5 / 2.5) = ln 2, avgdl = 1.25
    #   “Shoes”: ln 2 × 2.5 / (1 + 1.5 × (0.25 + 0.75 × 1 / 1.25)) = ln 2 × 2.5 / 2.275
    #   “old shoes”: ln 2 × 2.5 / (1 + 1.5 × (0.25 + 0.75 × 2 / 1.25)) = ln 2 × 2.5 / 3.175; “trainers”: 0
    assert (ASKED_B, NEAREST) == (0.3, 3)
    assert [(added.term, added.field) for added in hit.contributions] == [
        ("shoe", "text"),
        ("shoe", "asked"),
        ("shoe", "nearest"),
    ]
    assert [added.score for added in hit.contributions] == pytest.approx(
        [
            TEXT_WEIGHT * math.log(2),
            ASKED_WEIGHT * math.log(2) * 5 / 3.77,
            NEAREST_WEIGHT * math.log(2) * (2.5 / 2.275 + 2.5 / 3.175 + 0) / 3,
        ],
        abs=1e-9,
    )
    assert hit.score == pytest.approx(sum(added.score for added in hit.contributions), abs=1e-9)


def test_coverage_is_the_share_of_idf_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    second, first = _search(index, "old shoes gleam")

    # idf of gleam, which no passage has: ln(1 + 3.5 / 0.5) = ln 8 = 2.0794415417; all: 3.5302744239
    assert second.coverage == pytest.approx((0.9808292530 + 0.4700036292) / 3.5302744239, abs=1e-9)
    assert first.coverage == pytest.approx(0.4700036292 / 3.5302744239, abs=1e-9)


def test_the_rarest_term_is_one_that_no_passage_has() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    assert index.idf(_concept("shoe")) == pytest.approx(math.log(1.6), abs=1e-12)
    assert index.idf(_concept("old")) == pytest.approx(math.log(1 + 2.5 / 1.5), abs=1e-12)
    assert index.idf(_concept("gleam")) == pytest.approx(math.log(8), abs=1e-12)


@pytest.mark.parametrize(("passages", "having", "value"), [(3, 2, 1.6), (2, 1, 2), (1, 1, 4 / 3), (0, 0, 2), (3, 0, 8)])
def test_idf_is_lucene_s(passages: int, having: int, value: float) -> None:
    assert idf(passages, having) == pytest.approx(math.log(value), abs=1e-12)


# ---- words of a question


def test_a_term_s_weight_multiplies_what_it_adds() -> None:
    index = Index([_passage(0, "hurt", "Old shoes", ["my trainers"]), _passage(1, "rest")], ENGLISH)

    (half,) = index.search(Query("", (Concept("shoe", {"shoe": 0.5}),)))
    (whole,) = index.search(Query("", (Concept("shoe", {"shoe": 1.0}),)))

    assert half.score == pytest.approx(whole.score / 2, abs=1e-12)
    assert len(half.contributions) == len(whole.contributions) == 3


def test_the_weight_of_a_word_multiplies_what_all_its_terms_add_but_not_its_share_when_it_is_alone() -> None:
    index = Index([_passage(0, "hurt", "Old shoes", ["my trainers"]), _passage(1, "rest")], ENGLISH)

    (half,) = index.search(_query(_concept("shoe", weight=0.5, trainer=0.7)))
    (whole,) = index.search(_query(_concept("shoe", trainer=0.7)))

    assert half.score == pytest.approx(whole.score / 2, abs=1e-12)
    assert half.coverage == whole.coverage == 1.0


def test_a_stand_in_is_explained_under_the_word_that_was_asked() -> None:
    index = _index("old trainers", "rest")

    (hit,) = index.search(_query(_concept("shoe", trainer=0.7)))

    # N = 2, df = 1: idf = ln 2; dl = 2, avgdl = 1.5: 2.5 / (1 + 1.5 × (0.25 + 0.75 × 2 / 1.5)) = 2.5 / 2.875
    assert hit.contributions == (Contribution("shoe", "trainer", "text", hit.score),)
    assert hit.score == pytest.approx(TEXT_WEIGHT * 0.7 * math.log(2) * 2.5 / 2.875, abs=1e-9)


def test_a_passage_that_has_a_word_and_its_stand_in_gets_both() -> None:
    index = _index("shoe trainer", "shoe rest", "rest trainer")

    both, word, stand_in = index.search(_query(_concept("shoe", trainer=0.5)))

    # each text has 2 terms and each term stands in 2 of 3 texts: idf = ln 1.6, factor 1
    assert _ids([both, word, stand_in]) == ["page#p0", "page#p1", "page#p2"]
    assert both.score == pytest.approx(word.score + stand_in.score, abs=1e-12)
    assert stand_in.score == pytest.approx(TEXT_WEIGHT * 0.5 * math.log(1.6), abs=1e-12)


def test_a_stand_in_covers_its_word_by_its_weight() -> None:
    index = _index("old trainers", "shoes", "shoes and trainers")

    hits = {hit.passage.passage_id: hit.coverage for hit in index.search(_query(_concept("shoe", trainer=0.7)))}

    assert hits == pytest.approx({"page#p0": 0.7, "page#p1": 1.0, "page#p2": 1.0}, abs=1e-12)


def test_coverage_weighs_words_by_idf_and_by_their_own_weight_calculated_by_hand() -> None:
    index = _index("shoes", "old trainers", "rest")

    hits = index.search(
        _query(_concept("shoe", trainer=0.7), _concept("old", weight=0.5), _concept("gleam", weight=0.5))
    )

    # shoe and old stand in 1 of 3: idf = ln(1 + 2.5 / 1.5) = 0.9808292530; gleam in none: ln 8 = 2.0794415417
    # all: 0.9808292530 + 0.5 × 0.9808292530 + 0.5 × 2.0794415417 = 2.5109646504
    assert {hit.passage.passage_id: hit.coverage for hit in hits} == pytest.approx(
        {
            "page#p0": 0.9808292530 / 2.5109646504,
            "page#p1": (0.7 * 0.9808292530 + 0.5 * 0.9808292530) / 2.5109646504,
        },
        abs=1e-9,
    )


def test_a_word_is_as_rare_as_the_likeliest_of_its_terms_that_any_passage_has() -> None:
    index = _index("shoes hurt", "old shoes", "rest")

    common, rare, none = math.log(1.6), math.log(1 + 2.5 / 1.5), math.log(8)
    assert index.idf(_concept("shoe", old=0.9)) == pytest.approx(common, abs=1e-12)
    assert index.idf(_concept("old", shoe=0.9)) == pytest.approx(rare, abs=1e-12)
    assert index.idf(_concept("gleam", old=0.5, shoe=0.9)) == pytest.approx(common, abs=1e-12)
    assert index.idf(_concept("gleam", zebra=0.9)) == pytest.approx(none, abs=1e-12)


def test_a_word_that_stands_only_in_ways_to_ask_is_known() -> None:
    index = Index([_passage(0, "text", "Heading", ["trainers"]), _passage(1, "text", "Other")], ENGLISH)

    (hit,) = _search(index, "trainers")

    assert index.idf(_concept("trainer")) == pytest.approx(math.log(2), abs=1e-12)  # 1 of 2 passages
    assert (hit.passage.passage_id, hit.coverage) == ("page#p0", 1.0)
    assert {added.field for added in hit.contributions} == {"asked", "nearest"}


# ---- fields


def test_a_heading_is_part_of_the_text_and_a_way_to_ask() -> None:
    with_heading = Index([_passage(0, "hurt", "Old shoes"), _passage(1, "rest")], ENGLISH)
    written_out = Index([_passage(0, "old shoes hurt", "", ["old shoes"]), _passage(1, "rest")], ENGLISH)

    # An empty heading is one more way to ask, of no words, which the mean of the nearest takes in.
    found, expected = _added(_search(with_heading, "shoes")[0]), _added(_search(written_out, "shoes")[0])
    assert found["shoe", "text"] == pytest.approx(expected["shoe", "text"], abs=1e-12)
    assert found["shoe", "asked"] == pytest.approx(expected["shoe", "asked"], abs=1e-12)
    assert found["shoe", "nearest"] > expected["shoe", "nearest"] > 0


def test_ways_to_ask_are_no_part_of_the_field_of_texts() -> None:
    without = Index([_passage(0, "old shoes hurt"), _passage(1, "rest")], ENGLISH)
    with_ways = Index([_passage(0, "old shoes hurt", "", ["shoes shoes", "shoes"]), _passage(1, "rest")], ENGLISH)

    alone, beside = _search(without, "shoes")[0], _search(with_ways, "shoes")[0]
    assert _added(alone) == {("shoe", "text"): alone.score}
    assert _added(beside)["shoe", "text"] == pytest.approx(alone.score, abs=1e-12)


def test_the_nearest_field_is_the_mean_of_the_best_three_ways() -> None:
    ways = ["back", "back rest", "back rest walk", "back rest walk run"]
    index = Index([_passage(0, "text", "sleep", ways), _passage(1, "text", "sleep")], PLAIN)

    (hit,) = index.search(_query("back"))

    # sleep | back | back rest | back rest walk | back rest walk run | sleep: N = 6, df = 4, avgdl = 12 / 6 = 2
    # idf = ln(1 + 2.5 / 4.5); a way of dl terms: 2.5 / (1 + 1.5 × (0.25 + 0.75 × dl / 2))
    best = [2.5 / (1 + 1.5 * (0.25 + 0.75 * dl / 2)) for dl in (1, 2, 3)]
    assert best == sorted(best, reverse=True)
    assert _added(hit)["back", "nearest"] == pytest.approx(
        NEAREST_WEIGHT * math.log(1 + 2.5 / 4.5) * sum(best) / 3, abs=1e-9
    )


def test_three_ways_that_fit_are_enough_however_many_do_not() -> None:
    few = Index([_passage(0, "text", "back", ["back", "back"]), _passage(1, "t", "rest", ["rest"] * 5)], PLAIN)
    many = Index([_passage(0, "text", "back", ["back", "back", *["rest"] * 5]), _passage(1, "t", "rest")], PLAIN)

    # in both the ways are 3 times back and 6 times rest
    assert _added(few.search(_query("back"))[0])["back", "nearest"] == pytest.approx(
        _added(many.search(_query("back"))[0])["back", "nearest"], abs=1e-12
    )


def test_the_nearest_ways_are_those_nearest_to_the_whole_question() -> None:
    ways = ["walk", "back rest", "walk", "back rest", "walk", "walk"]
    index = Index([_passage(0, "text", "back rest", ways)], PLAIN)

    (hit,) = index.search(_query("back", "rest", "walk"))

    # Each of the three “back rest” holds two words of the question, “walk” one.
    assert ("walk", "nearest") not in _added(hit)
    assert {term for term, field in _added(hit) if field == "nearest"} == {"back", "rest"}


@pytest.mark.parametrize("ways", [[], ["back rest"]])
def test_with_fewer_than_three_ways_the_mean_is_of_those_there_are(ways: list[str]) -> None:
    index = Index([_passage(0, "text", "back rest", ways)], PLAIN)

    (hit,) = index.search(_query("back"))

    # all ways are alike: df = N, dl = avgdl, factor 1
    assert _added(hit)["back", "nearest"] == pytest.approx(NEAREST_WEIGHT * idf(1 + len(ways), 1 + len(ways)), abs=1e-9)


def test_a_passage_without_ways_to_ask_is_found_beside_one_with_many() -> None:
    index = Index([_passage(0, "shoes", "Shoes", ["trainers"] * 20), _passage(1, "Rest your back.", "Rest")], ENGLISH)

    (hit,) = _search(index, "rest")

    assert hit.passage.passage_id == "page#p1"
    assert {added.field for added in hit.contributions} == {"text", "asked", "nearest"}


def test_ways_to_ask_lift_a_passage_above_one_that_only_mentions_the_word() -> None:
    index = Index([_passage(0, "back", "One"), _passage(1, "rest", "Two", ["why does my back hurt"])], ENGLISH)

    assert _ids(_search(index, "back")) == ["page#p1", "page#p0"]


def _of_sentences(*sentences: str) -> Passage:
    """A passage without ways to ask, as a document has it: each sentence is one."""
    text = " ".join(sentences)
    return replace(_passage(0, text, "Sleep"), blocks=(Block("p", text),))


def test_without_ways_to_ask_each_sentence_is_one() -> None:
    index = Index([_of_sentences("Lie on your side.", "Rest."), _passage(1, "text", "Shoes")], ENGLISH)

    (hit,) = _search(index, "rest")

    # sleep | lie side | rest | shoe: N = 4, df = 1, idf = ln(1 + 3.5 / 1.5), avgdl = 5 / 4
    # “Rest.”: dl = 1: 2.5 / (1 + 1.5 × (0.25 + 0.75 × 1 / 1.25)) = 2.5 / 2.275; the two others of its passage 0
    assert _added(hit).keys() == {("rest", "text"), ("rest", "asked"), ("rest", "nearest")}
    assert _added(hit)["rest", "nearest"] == pytest.approx(
        NEAREST_WEIGHT * math.log(1 + 3.5 / 1.5) * 2.5 / 2.275 / 3, abs=1e-9
    )


@pytest.mark.parametrize(
    "passage",
    [
        _passage(0, "Lie on your side.", "Sleep", ["how to prevent pain"]),
        _passage(0, "Lie on your side.", "How to prevent pain"),
        _of_sentences("Lie on your side to prevent pain."),
    ],
    ids=["a way to ask", "a heading", "a sentence"],
)
def test_what_is_wanted_to_know_is_found_like_a_word_of_the_ways_to_ask(passage: Passage) -> None:
    index = Index([passage, _passage(1, "text", "Shoes")], ENGLISH)

    (hit,) = index.search(_query(Concept("?prevent", {"?prevent": 1.0})))

    assert (hit.passage, hit.coverage) == (passage, 1.0)
    assert ("?prevent", "nearest") in _added(hit)
    assert ("?prevent", "text") not in _added(hit)


# ---- questions that the content lists


def _asked(question: str) -> Query:
    """A question as it is typed."""
    terms = ENGLISH.terms(question)
    return replace(_query(*dict.fromkeys(terms)), typed=tuple(terms))


@pytest.mark.parametrize(
    "listing",
    [
        _passage(1, "text", "Old shoes"),
        _passage(1, "text", "Replacing", ["my trainers", "are these OLD shoes?"]),
        replace(_passage(1, "text", "Replacing"), blocks=(Block("p", "Rest. My old shoe."),)),
    ],
    ids=["a heading", "a way to ask", "a sentence"],
)
def test_a_passage_that_lists_the_question_stands_first_whatever_it_scores(listing: Passage) -> None:
    better = _passage(0, "Old shoes, old shoes.", "Old shoes hurt", ["old shoes and pain"] * 3)
    index = Index([better, listing, _passage(2, "shoes", "Rest")], ENGLISH)

    hits = index.search(_asked("old shoes"))

    assert [(hit.passage, hit.listed) for hit in hits[:2]] == [(listing, True), (better, False)]
    assert hits[0].score < hits[1].score
    assert index.search(_asked("old shoes"), limit=1) == hits[:1]
    assert index.lists(_asked("old shoes"))


@pytest.mark.parametrize("question", ["shoes old", "old old shoes", "old shoes now", "shoes"])
def test_another_question_of_the_same_words_is_not_listed(question: str) -> None:
    index = Index([_passage(0, "text", "Old shoes"), _passage(1, "rest")], ENGLISH)

    assert [hit.listed for hit in index.search(_asked(question))] == [False]
    assert not index.lists(_asked(question))


def test_passages_that_list_the_same_question_stand_by_their_scores() -> None:
    index = Index(
        [_passage(0, "walk", "Rest"), _passage(1, "text", "Old shoes"), _passage(2, "Old shoes hurt.", "Old shoes")],
        ENGLISH,
    )

    assert _ids(index.search(_asked("old shoes"))) == ["page#p2", "page#p1"]


@pytest.mark.parametrize("heading", ["", "?", "About it", "The"])
def test_what_has_no_word_of_content_is_no_listed_question(heading: str) -> None:
    index = Index([_passage(0, "back pain", "Back pain"), _passage(1, "back", heading, ["", "is it?"])], ENGLISH)
    wordless = replace(_query("back"), typed=())

    assert not index.lists(wordless)
    assert [hit.listed for hit in index.search(wordless)] == [False, False]


vocabulary = st.sampled_from("back pain run shoe rest walk".split())
bags = st.lists(vocabulary, max_size=8)


@settings(max_examples=40, deadline=None)
@given(documents=st.lists(bags, max_size=6), b=st.sampled_from([0.0, ASKED_B, B, 1.0]))
def test_a_field_gives_each_place_the_sum_of_what_its_terms_add(documents: list[list[str]], b: float) -> None:
    scores = Scores(Field("text", documents, b))
    concept = _concept("back", weight=0.8, pain=0.7, gleam=0.5)

    values = scores.of([concept])

    assert len(values) == len(documents)
    for place, value in enumerate(values):
        assert value == pytest.approx(sum(scores.at(concept, term, place) for term in concept.terms), abs=1e-12)
        weights = {"back": 0.8, "pain": 0.8 * 0.7, "gleam": 0.8 * 0.5}
        assert value == pytest.approx(_reference_scores(documents, weights, b)[place], abs=1e-9)


# ---- a second implementation


def _reference_scores(documents: list[list[str]], weights: dict[str, float], b: float) -> list[float]:
    """Lucene's BM25 times (k1 + 1), written from the paper; 0 for a document without a term of the question."""
    count = len(documents)
    average = sum(map(len, documents)) / count
    having = Counter(term for document in documents for term in set(document))
    scores = []
    for document in documents:
        frequencies = Counter(document)
        lucene = 0.0
        for term, weight in weights.items():
            tf = frequencies[term]
            if tf:
                rarity = math.log(1 + (count - having[term] + 0.5) / (having[term] + 0.5))
                lucene += weight * rarity * tf / (tf + K1 * (1 - b + b * len(document) / average))
        scores.append(lucene * (K1 + 1))
    return scores


Written = tuple[list[str], list[str], list[list[str]]]
"""Words of heading, text and ways to ask."""

documents_made_at_random = st.lists(
    st.tuples(st.lists(vocabulary, max_size=2), st.lists(vocabulary, max_size=12), st.lists(bags, max_size=5)),
    min_size=1,
    max_size=6,
)
words_of_questions = st.one_of(vocabulary, st.sampled_from(["gleam", "zebra"]))
questions_made_at_random = st.lists(
    st.builds(
        lambda word, stand_ins, weight: Concept(word, {**stand_ins, word: 1.0}, weight),
        words_of_questions,
        st.dictionaries(words_of_questions, st.sampled_from([0.3, 0.7]), max_size=2),
        st.sampled_from([0.8, 1.0]),
    ),
    max_size=4,
    unique_by=lambda concept: concept.word,
)


def _made(documents: list[Written]) -> list[Passage]:
    return [
        _passage(at, " ".join(text), " ".join(title), [" ".join(way) for way in ways])
        for at, (title, text, ways) in enumerate(documents)
    ]


def _expected(documents: list[Written], question: list[Concept]) -> list[float]:
    sums: dict[str, float] = {}
    for concept in question:
        for term, weight in concept.terms.items():
            sums[term] = sums.get(term, 0.0) + weight * concept.weight
    text = _reference_scores([title + body for title, body, _ in documents], sums, B)
    asked = _reference_scores([title + [w for way in ways for w in way] for title, _, ways in documents], sums, ASKED_B)
    each = iter(_reference_scores([way for title, _, ways in documents for way in (title, *ways)], sums, B))
    nearest = []
    for _, _, ways in documents:
        best = sorted((next(each) for _ in range(1 + len(ways))), reverse=True)[:NEAREST]
        nearest.append(sum(best) / len(best))
    return [
        TEXT_WEIGHT * one + ASKED_WEIGHT * two + NEAREST_WEIGHT * three
        for one, two, three in zip(text, asked, nearest, strict=True)
    ]


def _own(document: Written) -> set[str]:
    title, text, ways = document
    return {*title, *text, *(word for way in ways for word in way)}


@settings(max_examples=60, deadline=None)
@given(documents=documents_made_at_random, question=questions_made_at_random)
def test_search_agrees_with_a_second_implementation(documents: list[Written], question: list[Concept]) -> None:
    searched = {term for concept in question for term in concept.terms}

    hits = Index(_made(documents), PLAIN).search(_query(*question))

    found = {hit.passage.passage_id: hit.score for hit in hits}
    assert set(found) == {f"page#p{at}" for at, document in enumerate(documents) if _own(document) & searched}
    for at, score in enumerate(_expected(documents, question)):
        assert found.get(f"page#p{at}", 0.0) == pytest.approx(score, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(documents=documents_made_at_random, question=questions_made_at_random)
def test_hits_are_ordered_explained_and_within_bounds(documents: list[Written], question: list[Concept]) -> None:
    passages = _made(documents)
    index = Index(passages, PLAIN)

    hits = index.search(_query(*question))

    order = [(-hit.score, passages.index(hit.passage)) for hit in hits]
    assert order == sorted(order)
    whole = sum(index.idf(concept) * concept.weight for concept in question)
    for hit in hits:
        own = _own(documents[passages.index(hit.passage)])
        assert hit.score > 0
        assert 0 < hit.coverage <= 1
        assert all(added.score > 0 for added in hit.contributions)
        assert hit.score == pytest.approx(sum(added.score for added in hit.contributions), abs=1e-9)
        assert {(added.word, added.term) for added in hit.contributions} == {
            (concept.word, term) for concept in question for term in concept.terms if term in own
        }
        assert len({(added.word, added.term, added.field) for added in hit.contributions}) == len(hit.contributions)
        held = [max((w for term, w in concept.terms.items() if term in own), default=0.0) for concept in question]
        share = sum(index.idf(concept) * concept.weight * best for concept, best in zip(question, held, strict=True))
        assert hit.coverage == pytest.approx(share / whole, abs=1e-9)


# ---- edges


def test_no_passages_give_no_hits() -> None:
    index = _index()

    assert _search(index, "back pain") == []
    assert index.idf(_concept("pain")) > 0


@pytest.mark.parametrize("count", [1, 2])
def test_a_small_corpus_is_searched_in_all_fields(count: int) -> None:
    passages = [_passage(0, "Rest your back.", "Rest", ["lie down"]), _passage(1, "Old shoes.", "Shoes", ["trainers"])]
    index = Index(passages[:count], ENGLISH)

    for question in ("back", "rest", "lying down"):
        assert _ids(_search(index, question)) == ["page#p0"]
    assert _ids(_search(index, "trainers")) == ["page#p1"][: count - 1]


def test_passages_without_any_term_give_no_hits() -> None:
    assert _search(_index("the", "", "?!"), "the back") == []
    assert Index([_passage(0, "the", "?", ["!", ""])], ENGLISH).search(_query("the", "back")) == []


def test_a_passage_without_any_term_stands_beside_others() -> None:
    assert _ids(_search(_index("the", "back pain"), "the back")) == ["page#p1"]


def test_a_corpus_of_one_has_scores_above_0() -> None:
    (hit,) = _search(_index("back pain"), "back")

    # N = 1, df = 1: idf = ln(1 + 0.5 / 1.5); tf = 1 in a document of average length: factor 1
    assert hit.score == pytest.approx(TEXT_WEIGHT * math.log(4 / 3), abs=1e-9)


@pytest.mark.parametrize(
    "texts", [("back pain", "shoes"), ("back pain", "back rest", "shoes", "walk"), ("back", "pain", "back", "rest")]
)
def test_a_term_in_exactly_half_of_the_passages_scores_above_0(texts: tuple[str, ...]) -> None:
    hits = _search(_index(*texts), "back")

    assert len(hits) == len(texts) // 2
    assert all(hit.score > 0 for hit in hits)


def test_a_term_in_every_passage_scores_above_0() -> None:
    assert len(_search(_index("back pain", "back rest", "back"), "back")) == 3


@pytest.mark.parametrize("question", ["zebra gleam", "the of and", "", "?!", "😀"])
def test_a_question_that_shares_no_term_has_no_hits(question: str) -> None:
    assert _search(_index("back pain", "shoes"), question) == []


def test_ties_stand_in_the_order_of_the_corpus() -> None:
    index = _index("rest", "back pain", "walk", "back pain", "back pain")

    assert _ids(_search(index, "pain back")) == ["page#p1", "page#p3", "page#p4"]
    assert _ids(_search(index, "pain back", limit=2)) == ["page#p1", "page#p3"]


def test_ties_of_passages_with_the_same_ways_to_ask_stand_in_the_order_of_the_corpus() -> None:
    ways = ["my back hurts", "pain in the back", "sore back", "back ache", "back"]
    index = Index([_passage(at, "Rest.", "Back", ways) for at in range(7)], ENGLISH)

    hits = _search(index, "back pain")

    assert _ids(hits) == [f"page#p{at}" for at in range(7)]
    assert len({hit.score for hit in hits}) == 1


def test_a_limit_keeps_the_best() -> None:
    index = _index("back and shoes and knees", "rest", "back", "back back")

    every = _search(index, "back")

    assert len(every) == 3
    assert _search(index, "back", limit=1) == every[:1]
    assert _search(index, "back", limit=0) == []
    assert _search(index, "back", limit=99) == every


def test_a_search_leaves_the_index_as_it_was() -> None:
    index = _index("back pain", "shoes")

    before = _search(index, "back")
    _search(index, "zebra gleam shoes")

    assert _search(index, "back") == before


def test_words_are_not_found_inside_other_words() -> None:
    assert _ids(_search(_index("a background", "my back"), "back")) == ["page#p1"]


# ---- why the package's own idf is replaced, and why its other parts are not used


def test_the_package_gives_a_term_in_half_of_the_passages_an_idf_of_0() -> None:
    scorer = BM25Okapi([["back", "pain"], ["shoe", "run"]])

    assert scorer.idf["back"] == 0.0
    assert list(scorer.get_scores(["back"])) == [0.0, 0.0]


def test_the_package_gives_a_corpus_of_one_scores_below_0() -> None:
    assert BM25Okapi([["back", "pain"]]).get_scores(["back"])[0] < 0


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_the_package_divides_by_zero_without_any_term(documents: list[list[str]]) -> None:
    with pytest.raises(ZeroDivisionError):
        BM25Okapi(documents)


def test_with_lucene_s_idf_the_package_s_scores_are_lucene_s_times_k1_plus_1() -> None:
    documents = [["back", "pain"], ["back", "shoe", "shoe"], ["run"]]
    scorer = BM25Okapi(documents)
    scorer.idf = {
        term: math.log(1 + (3 - df + 0.5) / (df + 0.5))
        for term, df in {"back": 2, "pain": 1, "shoe": 1, "run": 1}.items()
    }

    assert (scorer.k1, scorer.b) == (K1, B)
    assert list(scorer.get_scores(["back", "shoe"])) == pytest.approx(
        _reference_scores(documents, {"back": 1.0, "shoe": 1.0}, B), abs=1e-12
    )


def test_the_package_s_bm25_plus_scores_passages_that_lack_the_term() -> None:
    assert all(BM25Plus([["back"], ["shoe"], ["run"]]).get_scores(["back"]) > 0)


def test_the_package_s_top_list_has_unrelated_passages_for_unknown_words() -> None:
    assert len(BM25Okapi([["back"], ["shoe"], ["run"]]).get_top_n(["zebra"], ["one", "two", "three"], n=2)) == 2


def test_the_package_s_scores_add_up_over_terms_and_a_repeated_term_counts_twice() -> None:
    scorer = BM25Okapi([["back", "pain"], ["shoe"], ["run"]])

    once, twice = scorer.get_scores(["back"])[0], scorer.get_scores(["back", "back"])[0]
    assert twice == pytest.approx(2 * once, abs=1e-12)
    assert scorer.get_scores(["back", "pain"])[0] == pytest.approx(once + scorer.get_scores(["pain"])[0], abs=1e-12)


# ---- passages without other ways to ask


def _prose(number: int, title: str, *sentences: str, also_asked: Sequence[str] = ()) -> Passage:
    return replace(
        _passage(number, " ".join(sentences), title, also_asked), blocks=tuple(Block("p", s) for s in sentences)
    )


def test_the_sentences_of_a_passage_stand_in_for_ways_to_ask_where_it_lists_none() -> None:
    words = ("Rest helps.", "Old shoes hurt.")
    stood_in, listed = _prose(0, "Shoes", *words), _prose(1, "Shoes", *words, also_asked=["trainers"])

    (first, second) = _search(Index([stood_in, listed], ENGLISH), "old")

    assert first.passage is stood_in
    assert {added.field for added in first.contributions} == {"text", "asked", "nearest"}
    assert {added.field for added in second.contributions} == {"text"}


def test_a_heading_that_is_nearer_than_the_sentences_counts_by_itself_and_a_sentence_that_is_nearer_with_others() -> (
    None
):
    page = _prose(0, "Shoes", "Rest helps.", "Ice cools.", "Heat warms.")
    index = Index([page, _prose(1, "Sleep", "Night.")], ENGLISH)

    (by_heading,) = _search(index, "shoes")
    (by_sentence,) = _search(index, "ice")

    ways = Scores(Field("nearest", [way.searched for way in index.ways]))
    assert _added(by_heading)["shoe", "nearest"] == pytest.approx(ways.at(_concept("shoe"), "shoe", 0))
    assert _added(by_sentence)["ice", "nearest"] == pytest.approx(ways.at(_concept("ice"), "ice", 2) / NEAREST)
    for hit in (by_heading, by_sentence):
        assert sum(added.score for added in hit.contributions) == pytest.approx(hit.score)


def test_known_questions_are_scored_beside_the_passages_to_the_last_bit_and_listed_ones_once() -> None:
    others = [known_question(text, ENGLISH) for text in ("why are old shoes loud", "Old shoes?", "what is a shoe")]
    index = Index([_passage(0, "hurt", "Old shoes", ["why trainers"]), _passage(1, "rest")], ENGLISH, others)
    query = _query("old", "shoe", "why")

    hits = index.search(query)

    assert index.others == (others[0], others[2])
    assert index.known == (*index.ways, *index.others)
    alone = Scores(Field("known", [one.searched for one in index.known])).of(query.concepts)
    assert hits
    assert all(hit.seen.known().tolist() == alone.tolist() for hit in hits)
