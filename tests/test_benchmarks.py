"""The benchmarks: what they measure is right, and a package that is not installed stops nothing."""

import ast
import json
import math
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import ablation, figures, quality, start
from benchmarks.ablation import PARTS, Part, records
from benchmarks.collection import Collection, load_collection
from benchmarks.peers import BASELINE, PEERS, Peer
from bot import index, measures
from bot.answering import Answerer
from bot.comparison import chance
from bot.corpus import load_corpus
from bot.figures import Measure, estimate
from bot.judged import JudgedQuestion
from bot.records import DEPTH, Ranked, Record, record
from tests.conftest import ROOT, WriteCorpus

TEXTS = (
    "Cats sleep through the day.",
    "Dogs bark at night, and dogs run.",
    "Fish swim in cold water.",
    "Birds sing.",
    "Horses eat grass.",
)


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test is about what is reported, not about p-values, a hundredth of the draws will do."""
    monkeypatch.setattr(measures, "DRAWS", measures.DRAWS // 100)


quickly = pytest.mark.usefixtures("few_draws")

installed = pytest.mark.parametrize(
    "peer", [peer for peer in PEERS if not peer.missing()], ids=lambda peer: str(peer.name)
)


def _judged(question: str, *best: str, type_: str = "untyped") -> JudgedQuestion:
    return JudgedQuestion(question, (), dict.fromkeys(best, measures.BEST), type_)


def _did(question: JudgedQuestion, *passage_ids: str, confidence: float = 1.0, answers: bool = True) -> Record:
    ranked = tuple(Ranked(one, 1.0) for one in passage_ids)
    return record(question, ranked, "answer" if answers else "none", confidence)


def _found(did: Record) -> tuple[str, ...]:
    return tuple(hit.id for hit in did.ranked)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A public collection of five animals; nobody judged query 3, and query 2 has a passage of grade 0, too."""
    passages = [{"id": f"p{at}", "title": text.split()[0], "text": text} for at, text in enumerate(TEXTS)]
    passages[3]["variants"] = ["who is chirping"]  # type: ignore[assignment]
    files = {
        "passages.jsonl": "".join(json.dumps(passage) + "\n" for passage in passages),
        "queries.tsv": "1\twhen do cats sleep\n2\twhich dogs bark\n3\twho is king\n4\tare horses eating grass\n",
        "qrels.tsv": "1\tp0\t1\n2\tp1\t2\n2\tp0\t0\n4\tp4\t1\n",
        "oos_queries.tsv": "5\tqwxzy\tfar\n6\tcold tea\tnear\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


@pytest.fixture
def collection(folder: Path) -> Collection:
    """The five animals."""
    return load_collection(folder)


# ---- a public collection


def test_a_query_that_is_judged_has_its_passages_and_one_that_nobody_judged_is_left_out(collection: Collection) -> None:
    assert [(one.question, dict(one.gold)) for one in collection.questions[:3]] == [
        ("when do cats sleep", {"p0": 2}),
        ("which dogs bark", {"p1": 2}),
        ("are horses eating grass", {"p4": 2}),
    ]


def test_questions_that_no_passage_answers_keep_their_kind(collection: Collection) -> None:
    assert [(one.question, one.gold) for one in collection.questions[3:]] == [("qwxzy", {}), ("cold tea", {})]
    assert collection.kinds_outside == ("far", "near")


def test_a_passage_keeps_its_words_and_its_variants_are_ways_to_ask(collection: Collection) -> None:
    assert [passage.text for passage in collection.passages] == list(TEXTS)
    assert [passage.also_asked for passage in collection.passages] == [(), (), (), ("who is chirping",), ()]


# ---- peers


@installed
def test_a_peer_finds_the_text_with_the_words_and_orders_by_score(peer: Peer) -> None:
    found = peer.build(TEXTS)("which dogs bark at cats?")

    assert found[0][0] == 1
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert 0 in [place for place, _ in found]


@installed
@pytest.mark.parametrize("question", ["qwxzy", "?!", "", '" OR NEAR(', "the of and"])
def test_a_peer_finds_nothing_where_no_text_has_a_word_and_takes_any_characters(peer: Peer, question: str) -> None:
    assert [score for _, score in peer.build(["one fish", "two fish", "three birds"])(question) if score > 0] == []


@installed
def test_a_peer_returns_at_most_ten(peer: Peer) -> None:
    texts = [f"{'fish ' * (at % 5 + 1)}number {at} {'and more ' * at}" for at in range(30)] + ["a bird"] * 40

    assert len(peer.build(texts)("fish")) == DEPTH


def test_what_every_installation_has_can_always_be_compared() -> None:
    assert {peer.name for peer in PEERS if not peer.modules} == {
        "rank-bm25", "rank-bm25, stems and stop words", "SQLite FTS5"
    }  # fmt: skip
    assert not BASELINE.missing()


def test_a_peer_says_which_modules_it_lacks() -> None:
    assert Peer("x", BASELINE.build, ("json", "no_such_module")).missing() == ("no_such_module",)


@quickly
def test_a_peer_that_is_not_installed_is_named_with_what_to_do_and_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = Peer("X-search", lambda _: import_module("no_such_module").search, ("no_such_module",))
    monkeypatch.setattr(quality, "PEERS", (BASELINE, lacking))

    result = CliRunner().invoke(quality.main, ["--collection", str(folder)])

    assert result.exit_code == 0, result.output
    assert result.stderr == "X-search: no_such_module not installed: make bench\n"
    assert "X-search" not in result.stdout
    assert "| rank-bm25 |" in result.stdout


# ---- figures


def test_the_figures_of_a_system_are_those_counted_by_hand() -> None:
    did = [
        _did(_judged("a", "p1"), "p1", confidence=0.9),
        _did(_judged("b", "p1"), "p2", "p1", confidence=0.4),
        _did(_judged("c", "p1"), "p2", "p3", "p4", "p1", confidence=0.3, answers=False),
        _did(_judged("d"), "p1", confidence=0.4),
        _did(_judged("e"), confidence=-math.inf, answers=False),
    ]

    found = {measure.name: estimate(measure, did).value for measure in (*quality.FILE_MEASURES, figures.NDCG_AT_10)}

    assert found == pytest.approx(
        {
            "Success@1": 1 / 3,
            "Success@3": 2 / 3,
            "RR@10": (1 + 1 / 2 + 1 / 4) / 3,
            "nDCG@5": (1 + 1 / math.log2(3) + 1 / math.log2(5)) / 3,
            "nDCG@10": (1 + 1 / math.log2(3) + 1 / math.log2(5)) / 3,
            "AUROC": 4.5 / 6,
            "right action": 2 / 5,
            "relevant of given": 1 / 3,
        }
    )


def test_separation_from_one_kind_of_outside_question_leaves_the_other_kinds_out() -> None:
    did = [
        _did(_judged("a", "p1"), "p1", confidence=0.5),
        _did(_judged("b", type_="near"), "p1", confidence=0.9),
        _did(_judged("c", type_="far"), "p1", confidence=0.1),
    ]

    assert estimate(figures.auroc_from("near"), did).value == 0
    assert estimate(figures.auroc_from("far"), did).value == 1
    assert estimate(figures.AUROC, did).value == 0.5


def test_the_p_value_of_separation_from_one_kind_leaves_the_other_kinds_out() -> None:
    questions = [_judged(str(at), *["p1"] * (at < 20), type_="far" if at < 30 else "near") for at in range(40)]
    apart = [_did(one, "p1", confidence=at < 20) for at, one in enumerate(questions)]
    far_apart = [_did(one, "p1", confidence=at < 20 or at >= 30) for at, one in enumerate(questions)]
    mixed = [_did(one, "p1", confidence=at % 2) for at, one in enumerate(questions)]

    assert chance(figures.auroc_from("far"), apart, far_apart) == 1
    assert chance(figures.auroc_from("far"), apart, mixed) == chance(figures.AUROC, apart[:30], mixed[:30]) < 0.01
    assert chance(figures.auroc_from("near"), apart, far_apart) < 0.01


every_measure = pytest.mark.parametrize("measure", quality.FILE_MEASURES, ids=lambda measure: str(measure.name))


@every_measure
def test_a_figure_lies_within_its_interval(measure: Measure) -> None:
    questions = [_judged(str(at), *["p1"] * (at % 3 > 0)) for at in range(30)]
    did = [
        _did(one, f"p{at % 4}", *["p1"] * (at % 7 > 0), confidence=at * 7 % 30, answers=at % 5 > 0)
        for at, one in enumerate(questions)
    ]

    found = estimate(measure, did)

    assert found.interval.low < found.value < found.interval.high


@every_measure
def test_two_systems_that_say_the_same_do_not_differ(measure: Measure) -> None:
    did = [
        _did(_judged("a", "p1"), "p1", confidence=0.9),
        _did(_judged("b", "p2"), "p1", confidence=0.8),
        _did(_judged("c"), confidence=0.1, answers=False),
    ]

    assert chance(measure, did, did) == 1


@every_measure
def test_a_system_that_is_right_throughout_differs_from_one_that_never_is(measure: Measure) -> None:
    questions = [_judged(str(at), *["p1"] * (at % 2)) for at in range(40)]
    right = [_did(one, "p1", confidence=at % 2 + at / 100, answers=at % 2 > 0) for at, one in enumerate(questions)]
    wrong = [_did(one, "p2", confidence=-(at % 2) + at / 100) for at, one in enumerate(questions)]

    assert chance(measure, right, wrong) < 0.001
    assert figures.chance_text(measure, right, wrong) == "p < 0.001"


def test_the_p_value_of_a_share_is_exact() -> None:
    questions = [_judged(str(at), "p1") for at in range(8)]
    right, wrong = ([_did(question, found) for question in questions] for found in ("p1", "p2"))

    assert chance(figures.SUCCESS_AT_1, right, [*right[:3], *wrong[3:]]) == 2 / 2**5
    assert figures.chance_text(figures.SUCCESS_AT_1, right, [*right[:3], *wrong[3:]]) == "p = 0.062"


# ---- Citewell beside its peers


def _rows(output: str) -> dict[str, list[str]]:
    """The cells of each row of the tables, by the row's first."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines() if line[:1] == "|"]
    return {row[0]: row[1:] for row in cells}


@quickly
def test_a_collection_is_reported_with_citewell_the_peers_and_a_paired_comparison(folder: Path) -> None:
    result = CliRunner().invoke(quality.main, ["--collection", str(folder), "--asked"])

    rows = _rows(result.stdout)
    assert result.exit_code == 0, result.output
    assert rows[""] == ["Success@1", "Success@3", "RR@10", "nDCG@10", "AUROC far", "AUROC near", "time"]
    assert rows["Citewell"][0] == "1.000 (0.44–1.00)"
    assert {"Citewell", "Citewell, ways to ask", "rank-bm25", "SQLite FTS5"} <= set(rows)
    assert rows["rank-bm25"][-1] == "1.0 ×"
    assert re.search(
        r"^Citewell − .*: Success@1 \+\d\.\d{3} \(p = \d\.\d{3}\); .*AUROC near", result.stdout, re.MULTILINE
    )


def test_only_with_ways_to_ask_does_a_collections_variant_find_its_passage(collection: Collection) -> None:
    chirping = _judged("chirping", "p3")

    assert _found(quality.ranking(quality.without_ways(collection.passages))(chirping)) == ()
    assert _found(quality.ranking(collection.passages)(chirping)) == ("p3",)


def test_a_system_without_a_threshold_answers_unless_it_finds_nothing(collection: Collection) -> None:
    for system in (quality.ranking(collection.passages), *quality.peers(collection.passages).values()):
        assert system(_judged("cold tea")).kind == "answer"
        assert system(_judged("qwxzy")) == _did(_judged("qwxzy"), confidence=-math.inf, answers=False)


@quickly
def test_a_file_is_reported_with_the_judgment_of_citewell_and_with_peers_that_know_the_ways_to_ask(
    tmp_path: Path,
) -> None:
    lines = [
        {"q": "Can old trainers give you back pain?", "gold": {"faq#worn-shoes": 2, "faq#shoes-reduce": 1}},
        {"q": "what gives runners a bad back", "gold": {"faq#common-causes": 2}},
        {"q": "qwxzy", "gold": {}},
    ]
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    result = CliRunner().invoke(quality.main, ["--asked", str(file)])

    rows = _rows(result.stdout)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("mine.jsonl: 3 questions, 1 of them out of scope\n")
    assert rows[""][:7] == [measure.name for measure in quality.FILE_MEASURES]
    assert {"Citewell", "Citewell, ranking alone", "rank-bm25", "rank-bm25, ways to ask"} <= set(rows)
    assert float(rows["rank-bm25, ways to ask"][0][:5]) > float(rows["rank-bm25"][0][:5])
    best = re.findall(r"^Citewell − (.*?): Success@1", result.stdout, re.MULTILINE)
    assert [name.endswith(", ways to ask") for name in best] == [False, True]


def test_citewell_is_measured_with_the_confidence_and_the_action_of_its_judge(answerer: Answerer) -> None:
    for question in ("How can worn-out running shoes lead to back pain?", "sciatica zebra", "qwxzy"):
        judgment = answerer.find(question, limit=1).judgment
        did = quality.citewell(answerer)(_judged(question))

        assert (did.confidence, did.answered is not None) == (judgment.confidence, judgment.kind == "answer")


# ---- Citewell without its parts

PAGE = """# Page

## Worn trainers {#worn}

Old soles lose their spring.

## Sleep {#sleep}

<!-- also asked:
- how do I get through the night
-->

A pillow may help.

## Cinnamon {#cinnamon}

It smells nice.
"""


def _ids(corpus_folder: Path, question: str, without: str = "") -> Sequence[str]:
    part = next((part for part in PARTS if part.name == without), None)
    assert part or not without
    return _found(records(load_corpus(corpus_folder), [_judged(question)], part)[0])


@pytest.mark.parametrize(
    ("part", "question", "found"),
    [
        ("ways to ask", "night", "page#sleep"),
        ("lexicon", "sneakers", "page#worn"),
        ("spelling", "cinamon", "page#cinnamon"),
    ],
)
def test_what_only_one_part_finds_is_not_found_without_it(
    write_corpus: WriteCorpus, part: str, question: str, found: str
) -> None:
    folder = write_corpus({"page.md": PAGE, "lexicon.toml": '[[group]]\nwords = ["sneakers", "trainers"]\n'})

    assert _ids(folder, question) == (found,)
    assert _ids(folder, question, without=part) == ()
    assert [_ids(folder, question, without=other.name) for other in PARTS if other.name != part] == [
        (found,) for other in PARTS if other.name != part
    ]


@pytest.mark.parametrize("field", ["text", "asked", "nearest"])
def test_without_a_field_nothing_is_found_by_it(answerer: Answerer, field: str) -> None:
    part = next(part for part in PARTS if part.name == f"{field} field")

    def fields() -> set[str]:
        (hit,) = answerer.find("Can old trainers give you back pain?", limit=1).hits
        return {added.field for added in hit.contributions}

    before = fields()
    with ablation.standing(part.values):
        assert fields() == before - {field} != before
    assert fields() == before


def test_after_a_part_was_taken_away_all_is_as_before_even_after_a_failure() -> None:
    before = index.TEXT_WEIGHT

    with pytest.raises(ZeroDivisionError), ablation.standing({(index, "TEXT_WEIGHT"): 0.0}):
        raise ZeroDivisionError
    assert index.TEXT_WEIGHT == before != 0


def test_a_part_that_names_nothing_of_the_project_is_refused_and_changes_nothing() -> None:
    with pytest.raises(AttributeError, match="NO_SUCH_WEIGHT"):
        records(load_corpus(ROOT / "corpus"), [], Part("x", values={(index, "NO_SUCH_WEIGHT"): 0.0}))
    assert not hasattr(index, "NO_SUCH_WEIGHT")


@quickly
def test_the_ablation_has_a_row_for_the_whole_and_for_every_part(write_corpus: WriteCorpus) -> None:
    questions = [_judged("night", "page#sleep"), _judged("qwxzy")]

    rows = _rows(ablation.table(load_corpus(write_corpus({"page.md": PAGE})), questions))

    assert set(rows) == {"", "---", "whole", *(f"without {part.name}" for part in PARTS)}
    assert rows[""] == [measure.name for measure in ablation.MEASURES]
    assert all(re.fullmatch(r"[+-]\d\.\d{3} \(p [=<] \d\.\d{3}\)", cell) for cell in rows["without lexicon"])
    assert rows["without ways to ask"][0] == "-1.000 (p = 1.000)"


# ---- what a benchmark must not do to the project


def test_no_benchmark_is_imported_by_what_is_served() -> None:
    for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("web/**/*.py"), ROOT / "server.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "benchmarks" for name in names), path


def _pins(name: str) -> set[str]:
    return set(
        re.findall(
            r"^[a-z0-9_.-]+==[^ ]+(?: ; .*?)?(?= \\)", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE
        )
    )


def test_the_benchmark_measures_citewell_with_the_packages_that_it_is_served_with() -> None:
    assert len(_pins("run.txt")) > 10
    assert _pins("run.txt") <= _pins("bench.txt")


def test_scikit_learn_which_nltk_would_import_stays_in_the_benchmarks_environment() -> None:
    packages = {name: {pin.partition("==")[0] for pin in _pins(name)} for name in ("run.txt", "dev.txt", "bench.txt")}

    assert {name for name, found in packages.items() if "scikit-learn" in found} == {"bench.txt"}


# ---- the start


@pytest.mark.server
def test_the_start_is_measured_with_the_real_server_beside_the_imports(
    two_topics: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arguments = ["--corpus", str(two_topics)]
    data = tmp_path_factory.mktemp("data")

    anew, kept = (start.first_answer(data, ["what is sciatica"], arguments) for _ in range(2))
    peers = start.imports()

    assert 0 < kept.cpu < anew.cpu  # nothing is made a second time
    assert min(kept.wall, peers.wall, peers.cpu) > 0
    assert kept.later > 10
    assert all(
        re.fullmatch(r"start, (wall|cpu): [\d.]+ s, [\d.]+ × the imports", line)
        for line in start.told("start", [kept], [peers])
    )


@quickly
def test_the_questions_of_the_start_are_distinct() -> None:
    questions = start.distinct_questions(300)

    assert len(set(questions)) == len(questions) == 300
