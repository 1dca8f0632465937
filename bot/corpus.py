"""A folder in, a checked `Corpus` out; nothing half-loaded comes out.

Floor 5: knows `anchors`, `clinic`, `documents`, `errors`, `lexicon`, `model`, `passages`, `safety_rules`,
`safety_tests`, `textfile`, `topics`, `versions` and `weights`.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from bot import clinic, lexicon, safety_rules, safety_tests, topics, weights
from bot.anchors import slug
from bot.documents import load_document, read_document
from bot.errors import CorpusError
from bot.model import Clinic, Corpus, Document, SafetyTest
from bot.passages import MAX_WORDS, count_words
from bot.textfile import text_of
from bot.versions import documents_in, is_served, version_of


def load_corpus(folder: Path | str, *, edited: Mapping[str, bytes] = MappingProxyType({})) -> Corpus:
    """Load and check all Markdown files that stand directly in ``folder``, in the order of their names.

    Documents whose file names are in ``edited`` are loaded as if the files held that. Raises `CorpusError` that names
    file, line, culprit and expectation.
    """
    folder = Path(folder)
    paths = documents_in(folder)
    settings = clinic.load_clinic(folder)
    held = {path: edited[path.name] for path in paths if path.name in edited}
    loaded = [_document(path, held.get(path), settings.languages[0]) for path in paths]
    documents = [document for document, _ in loaded]
    rules = safety_rules.load_safety_rules(folder) if settings.safety_messages else None
    _refuse_twins(documents, paths)
    _check_start_questions(settings, documents, folder)
    return Corpus(
        clinic=settings,
        documents=tuple(documents),
        version=version_of(folder, held),
        lexicon=lexicon.load_lexicon(folder),
        not_covered=topics.load_not_covered(folder),
        weights=weights.load_weights(folder),
        safety=rules,
        safety_tests=_safety_tests({rules.source.parent, folder}) if rules else (),
        warnings=tuple(
            warning
            for path, (document, warnings) in zip(paths, loaded, strict=True)
            for warning in [*warnings, *_long_sections(document, path)]
        ),
    )


def _safety_tests(folders: Collection[Path]) -> tuple[SafetyTest, ...]:
    """Those of the clinic, and those that come with Citewell's rules where the clinic has no rules of its own."""
    return tuple(test for folder in sorted(folders) for test in safety_tests.load_safety_tests(folder))


def _long_sections(document: Document, path: Path) -> Iterable[str]:
    for section in document.sections:
        words = sum(count_words(block.text) for block in section.blocks)
        if words > MAX_WORDS:
            parts = f"is shown in parts of up to {MAX_WORDS}"
            yield f"{path}:{section.line}: “{section.title}” has {words} words and {parts}"


def document_path(folder: Path, doc_id: str) -> Path | None:
    """The file in ``folder`` that the document of this id is made from; ``None`` where there is none."""
    return next((path for path in sorted(folder.iterdir()) if is_served(path) and slug(path.stem) == doc_id), None)


def _document(path: Path, held: bytes | None, language: str) -> tuple[Document, tuple[str, ...]]:
    if held is None:
        return load_document(path, language)
    return read_document(text_of(held, path), path, language)


def _refuse_twins(documents: list[Document], paths: list[Path]) -> None:
    first: dict[str, Path] = {}
    for document, path in zip(documents, paths, strict=True):
        if document.doc_id in first:
            problem = f"its id “{document.doc_id}” is taken by {first[document.doc_id].name}"
            raise CorpusError(path, None, problem, "a file name of its own")
        first[document.doc_id] = path


def _check_start_questions(settings: Clinic, documents: list[Document], folder: Path) -> None:
    known = {
        f"{document.doc_id}#{section.anchor}"
        for document in documents
        for section in document.sections
        if section.blocks
    }
    for passage_id in settings.start_questions:
        if passage_id not in known:
            problem = f"start_questions names “{passage_id}”, which no document has"
            raise CorpusError(folder / clinic.FILE, None, problem, "a passage id, such as faq#prevent")
