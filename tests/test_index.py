"""BM25: numbers by hand, a second implementation, and the faults of the package that we replace."""

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi, BM25Plus

from bot.analysis import Analyzer
from bot.index import HEADING_WEIGHT, Index
from bot.model import Hit, Passage, Query, QueryTerm

K1 = 1.5
B = 0.75


def _passage(number: int, text: str, title: str = "") -> Passage:
    return Passage(f"page#p{number}", "page", f"p{number}", title, (), text, (), (), frozenset(), "")


def _index(*texts: str, language: str = "en") -> Index:
    return Index([_passage(number, text) for number, text in enumerate(texts)], Analyzer(language))


def _search(index: Index, question: str, limit: int | None = None) -> list[Hit]:
    return index.search(index.analyzer.query(question), limit)


def _ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


# ---- by hand


def test_a_score_is_the_one_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    second, first = _search(index, "shoe")

    # N = 3, df = 2, dl = 3 and 2, avgdl = (2 + 3 + 1) / 3 = 2
    # idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.4700036292
    # for page#p1, tf = 2: 2 × 2.5 / (2 + 1.5 × (0.25 + 0.75 × 3 / 2)) = 5 / 4.0625 = 1.2307692308
    # for page#p0, tf = 1: 1 × 2.5 / (1 + 1.5 × (0.25 + 0.75 × 2 / 2)) = 2.5 / 2.5 = 1
    assert (second.passage.passage_id, first.passage.passage_id) == ("page#p1", "page#p0")
    assert second.score == pytest.approx(0.4700036292457356 * 5 / 4.0625, abs=1e-9)
    assert first.score == pytest.approx(0.4700036292457356, abs=1e-9)


def test_a_score_of_two_terms_is_the_sum_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    hit = _search(index, "old shoes")[0]

    # old: df = 1, idf = ln(1 + 2.5 / 1.5) = 0.9808292530, tf = 1, dl = 3: 2.5 / (1 + 1.5 × 1.375) = 2.5 / 3.0625
    assert [(added.term, added.word) for added in hit.contributions] == [("old", "old"), ("shoe", "shoes")]
    assert hit.contributions[0].score == pytest.approx(0.9808292530117262 * 2.5 / 3.0625, abs=1e-9)
    assert hit.contributions[1].score == pytest.approx(0.4700036292457356 * 5 / 4.0625, abs=1e-9)
    assert hit.score == pytest.approx(0.8006769412 + 0.5784660052, abs=1e-9)


def test_coverage_is_the_share_of_idf_calculated_by_hand() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    second, first = _search(index, "old shoes gleam")

    # idf of gleam, which no passage has: ln(1 + 3.5 / 0.5) = ln 8 = 2.0794415417; all: 3.5302744239
    assert second.coverage == pytest.approx((0.9808292530 + 0.4700036292) / 3.5302744239, abs=1e-9)
    assert first.coverage == pytest.approx(0.4700036292 / 3.5302744239, abs=1e-9)


def test_the_rarest_term_is_one_that_no_passage_has() -> None:
    index = _index("shoes hurt", "old shoes, shoes", "rest")

    assert index.idf("shoe") == pytest.approx(math.log(1.6), abs=1e-12)
    assert index.idf("old") == pytest.approx(math.log(1 + 2.5 / 1.5), abs=1e-12)
    assert index.idf("gleam") == pytest.approx(math.log(8), abs=1e-12)


def test_a_term_s_weight_multiplies_what_it_adds() -> None:
    index = _index("shoes hurt", "rest")

    half = index.search(Query("", (QueryTerm("shoe", "shoe", 0.5),)))
    whole = index.search(Query("", (QueryTerm("shoe", "shoe"),)))

    assert half[0].score == pytest.approx(whole[0].score / 2, abs=1e-12)


def test_a_heading_counts_as_often_as_its_weight_says() -> None:
    with_heading = Index([_passage(0, "hurt", "Old shoes"), _passage(1, "rest")], Analyzer("en"))
    written_out = _index("hurt" + " old shoes" * HEADING_WEIGHT, "rest")

    assert HEADING_WEIGHT > 1
    assert [hit.score for hit in _search(with_heading, "shoes hurt")] == pytest.approx(
        [hit.score for hit in _search(written_out, "shoes hurt")], abs=1e-12
    )


# ---- a second implementation


def _reference_scores(documents: list[list[str]], question: list[str]) -> list[float]:
    """Lucene's BM25 times (k1 + 1), written from the paper; 0 for a document without a term of the question."""
    count = len(documents)
    average = sum(map(len, documents)) / count
    having = Counter(term for document in documents for term in set(document))
    scores = []
    for document in documents:
        frequencies = Counter(document)
        lucene = 0.0
        for term in question:
            tf = frequencies[term]
            if tf:
                idf = math.log(1 + (count - having[term] + 0.5) / (having[term] + 0.5))
                lucene += idf * tf / (tf + K1 * (1 - B + B * len(document) / average))
        scores.append(lucene * (K1 + 1))
    return scores


vocabulary = st.sampled_from("back pain run shoe rest walk".split())
documents_made_at_random = st.lists(
    st.tuples(st.lists(vocabulary, max_size=2), st.lists(vocabulary, max_size=12)), min_size=1, max_size=8
)
questions_made_at_random = st.lists(st.one_of(vocabulary, st.sampled_from(["gleam", "zebra"])), max_size=5, unique=True)


@settings(max_examples=60, deadline=None)
@given(documents=documents_made_at_random, question=questions_made_at_random)
def test_search_agrees_with_a_second_implementation(
    documents: list[tuple[list[str], list[str]]], question: list[str]
) -> None:
    passages = [_passage(at, " ".join(text), " ".join(title)) for at, (title, text) in enumerate(documents)]
    bags = [title * HEADING_WEIGHT + text for title, text in documents]
    expected = _reference_scores(bags, question) if any(bags) else [0.0] * len(bags)

    hits = _search(Index(passages, Analyzer("xx")), " ".join(question))

    found = {hit.passage.passage_id: hit.score for hit in hits}
    assert set(found) == {f"page#p{at}" for at, bag in enumerate(bags) if set(bag) & set(question)}
    for at, score in enumerate(expected):
        assert found.get(f"page#p{at}", 0.0) == pytest.approx(score, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(documents=documents_made_at_random, question=questions_made_at_random)
def test_hits_are_ordered_explained_and_within_bounds(
    documents: list[tuple[list[str], list[str]]], question: list[str]
) -> None:
    passages = [_passage(at, " ".join(text), " ".join(title)) for at, (title, text) in enumerate(documents)]
    index = Index(passages, Analyzer("xx"))

    hits = _search(index, " ".join(question))

    order = [(-hit.score, passages.index(hit.passage)) for hit in hits]
    assert order == sorted(order)
    for hit in hits:
        assert hit.score > 0
        assert 0 < hit.coverage <= 1
        assert all(added.score > 0 for added in hit.contributions)
        assert hit.score == pytest.approx(sum(added.score for added in hit.contributions), abs=1e-9)
        own = set(f"{hit.passage.title} {hit.passage.text}".split())
        assert [added.term for added in hit.contributions] == [term for term in question if term in own]
        share = sum(map(index.idf, own & set(question))) / sum(map(index.idf, question))
        assert hit.coverage == pytest.approx(share, abs=1e-9)


# ---- edges


def test_no_passages_give_no_hits() -> None:
    index = _index()

    assert _search(index, "back pain") == []
    assert index.idf("pain") > 0


def test_passages_without_any_term_give_no_hits() -> None:
    assert _search(_index("the", "", "?!"), "the back") == []


def test_a_passage_without_any_term_stands_beside_others() -> None:
    assert _ids(_search(_index("the", "back pain"), "the back")) == ["page#p1"]


def test_a_corpus_of_one_has_scores_above_0() -> None:
    (hit,) = _search(_index("back pain"), "back")

    # N = 1, df = 1: idf = ln(1 + 0.5 / 1.5); tf = 1 in a document of average length: factor 1
    assert hit.score == pytest.approx(math.log(4 / 3), abs=1e-9)


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
        _reference_scores(documents, ["back", "shoe"]), abs=1e-12
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
