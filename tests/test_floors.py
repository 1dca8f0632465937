"""The house has floors: a module imports only from below its own, and what `bot` may know is bounded.

Everything here is read from the source with `ast`; nothing is imported.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = (
    # bot: the floor that a module's docstring names is its place in this list
    ("bot.anchors", "bot.errors", "bot.kept", "bot.message", "bot.model", "bot.punkt", "bot.rows", "bot.wording"),
    (
        "bot.analysis",
        "bot.commonmark",
        "bot.fields",
        "bot.letters",
        "bot.marks",
        "bot.measures",
        "bot.needs",
        "bot.patterns",
        "bot.rehearsal",
        "bot.reply",
        "bot.sentences",
        "bot.textfile",
        "bot.toml",
        "bot.versions",
    ),
    (
        "bot.cards",
        "bot.clinic",
        "bot.intent",
        "bot.judged",
        "bot.lexicon",
        "bot.markdown",
        "bot.message_reader",
        "bot.passages",
        "bot.pattern_book",
        "bot.safety_rules",
        "bot.safety_tests",
        "bot.saying",
        "bot.showing",
        "bot.spelling",
        "bot.topics",
        "bot.weights",
    ),
    (
        "bot.comments",
        "bot.conversation",
        "bot.filters",
        "bot.index",
        "bot.language",
        "bot.likeness",
        "bot.personal",
        "bot.quoting",
        "bot.records",
        "bot.rulebook",
        "bot.suggesting",
        "bot.why",
    ),
    ("bot.documents", "bot.figures", "bot.grouping", "bot.judging", "bot.looking_up", "bot.reading", "bot.safety"),
    ("bot.answering", "bot.corpus", "bot.editing"),
    ("bot", "bot.calibration", "bot.checking", "bot.evaluation"),
    ("bot.comparison", "bot.telling"),
    ("bot.explaining",),
    ("bot.report", "bot.summary"),
    # web
    (
        "web",
        "web.clock",
        "web.connections",
        "web.counts",
        "web.data_folder",
        "web.known_browsers",
        "web.late",
        "web.memory",
        "web.migrations",
        "web.migrations.env",
        "web.migrations.versions.r0001_first_tables",
        "web.origins",
        "web.privacy",
        "web.problems",
        "web.processes",
        "web.program",
        "web.proxies",
        "web.redaction",
        "web.rendering",
        "web.request_ids",
        "web.shelf",
        "web.spreadsheet",
        "web.staff",
        "web.tables",
        "web.terminal",
        "web.unavailable",
        "web.upgrading",
        "web.widget",
        "web.writing",
    ),
    (
        "web.access_log",
        "web.building",
        "web.commands",
        "web.connecting",
        "web.cross_origin",
        "web.decisions",
        "web.demo",
        "web.embedding",
        "web.embeds",
        "web.host_check",
        "web.inputs",
        "web.interface",
        "web.prepared",
        "web.preparing",
        "web.same_site",
        "web.session_key",
        "web.sessions",
        "web.setting_kinds",
        "web.statistics",
    ),
    (
        "web.charts",
        "web.content",
        "web.database",
        "web.limit_storage",
        "web.operations",
        "web.questions",
        "web.schemas",
        "web.security",
        "web.settings",
        "web.trial",
    ),
    (
        "web.accounts",
        "web.envelope",
        "web.exposition",
        "web.limits",
        "web.logs",
        "web.mistakes",
        "web.openapi",
        "web.options",
        "web.publishing",
        "web.reference",
        "web.retention",
        "web.serving",
        "web.start_line",
        "web.writer",
    ),
    (
        "web.content_commands",
        "web.embed_command",
        "web.evaluate_command",
        "web.journal_commands",
        "web.records",
        "web.signing_in",
        "web.staff_commands",
        "web.turns",
        "web.watching",
    ),
    ("web.journal",),
    (
        "web.metrics",
        "web.pages",
        "web.replies",
        "web.review_pages",
    ),
    (
        "web.ask_command",
        "web.desk",
        "web.feedback",
        "web.review",
    ),
    (
        "web.api",
        "web.chat",
        "web.examples",
    ),
    ("web.docs",),
    ("web.app",),
    # the roof
    ("server",),
)

LATE = {
    "bot": {"bot.corpus"},
    "bot.analysis": {"nltk.stem.snowball"},
    "bot.sentences": {"bot.punkt"},
    "web.database": {"web.upgrading"},
    "web.docs": {"web.examples", "web.openapi", "web.reference"},
    "web.metrics": {"web.exposition"},
    "web.journal": {"sqlalchemy", "web.database", "web.redaction", "web.turns"},
    "web.records": {"web.accounts", "web.database"},
    "web.review": {"web.database", "web.review_pages"},
    "web.writer": {"sqlalchemy", "sqlalchemy.exc", "web.database"},
}
"""What is imported when it is needed, not at the top: it takes long to load, and a start does not wait for it."""

FLOOR = {module: number for number, modules in enumerate(FLOORS) for module in modules}

# Libraries and names that the engine must not touch: web, environment, clock, chance, network, databases, threads.
# Lots that numpy draws from a fixed seed are no chance: they fall the same way every time.
NOT_IN_BOT = frozenset(
    """asyncio flask http multiprocessing os random requests secrets socket sqlalchemy sqlite3 subprocess
    threading time uuid waitress werkzeug""".split()
)
ENVIRONMENT = frozenset({"environ", "getenv", "getenvb"})
DAY = frozenset({"now", "today", "utcnow"})
CLOCK = DAY | {"monotonic", "perf_counter"}
DISK = frozenset({"exists", "glob", "is_dir", "is_file", "iterdir", "read_bytes", "read_text", "rglob"})
WRITING = frozenset({"mkdir", "rename", "touch", "unlink", "write_bytes", "write_text"})

LOADERS = frozenset(
    {
        "bot.corpus",
        "bot.documents",
        "bot.evaluation",
        "bot.judged",
        "bot.safety_rules",
        "bot.safety_tests",
        "bot.textfile",
        "bot.toml",
        "bot.topics",
        "bot.versions",
    }
)
"""The only modules of `bot` that read the clinic's files."""

BUNDLED = frozenset({"bot.intent", "bot.personal", "bot.spelling", "bot.topics"})
"""The only modules of `bot` that read a file which comes with a package, theirs or ours."""


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    _module(path): path for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("web/**/*.py"), ROOT / "server.py"])
}

TREES = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in SOURCES.items()}

every_bot_module = pytest.mark.parametrize("module", [name for name in SOURCES if name.split(".")[0] == "bot"])


def _import_statements(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def _imported(tree: ast.AST) -> Iterator[str]:
    """The full names of all modules that ``tree`` imports: of ``from bot import wording``, ``bot.wording``."""
    for node in _import_statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            within = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in FLOOR else str(node.module) for name in within)


def _reached(tree: ast.AST) -> set[str]:
    """What ``tree`` takes from elsewhere: ``environ`` of ``os.environ`` and of ``from os import environ``."""
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        alias.name for node in _import_statements(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def _ours(module: str) -> set[str]:
    return {name for name in _imported(TREES[module]) if name.split(".")[0] in ("bot", "web", "server")}


def test_every_module_has_its_floor_and_every_floor_its_modules() -> None:
    assert set(FLOOR) == set(SOURCES)
    assert sum(map(len, FLOORS)) == len(FLOOR)


def test_a_module_imports_only_from_floors_below_its_own() -> None:
    upward = {(module, name) for module in SOURCES for name in _ours(module) if FLOOR[name] >= FLOOR[module]}

    assert upward == set()
    assert "bot.model" in _ours("bot.index")  # what is read is really read


def test_imports_are_absolute() -> None:
    assert {
        module
        for module, tree in TREES.items()
        for node in _import_statements(tree)
        if isinstance(node, ast.ImportFrom) and node.level > 0
    } == set()


def test_imports_stand_together_at_the_top_of_the_file_below_what_it_is_for() -> None:
    for module, tree in TREES.items():
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        inside = {ast.unparse(node).split()[1] for node in _import_statements(tree) if node not in imports}
        assert inside == LATE.get(module, set()), f"{module} imports inside something"
        assert tree.body[1 : 1 + len(imports)] == imports, f"{module} imports late"
        assert len(ast.get_docstring(tree) or "") > 20, f"{module} does not say what it is for"


@every_bot_module
def test_the_floor_that_the_docstring_names_is_the_one_in_the_list(module: str) -> None:
    named = re.findall(r"Floor ([0-9]+):", ast.get_docstring(TREES[module]) or "")

    assert named == ([] if module == "bot" else [str(FLOOR[module])])


@every_bot_module
def test_the_modules_that_the_docstring_says_it_knows_are_those_it_imports(module: str) -> None:
    docstring = ast.get_docstring(TREES[module]) or ""

    ours = _ours(module)
    if named := re.search(r"Floor [0-9]+: knows ([^.]*`[^.]*)\.", docstring):
        knows = {f"bot.{name}" for name in re.findall("`([a-z_]+)`", named[1])}
        assert knows <= ours
        assert ours - knows <= set(FLOORS[0])  # the ground need not be named
    elif "knows everything below it" in docstring:
        assert {FLOOR[name] for name in ours} == set(range(FLOOR[module]))
    else:
        assert "imports nothing of ours" in docstring or module == "bot"
        assert FLOOR[module] > 0 or ours == set()


@every_bot_module
def test_the_engine_imports_nothing_of_the_web_environment_clock_chance_or_databases(module: str) -> None:
    assert {name.split(".")[0] for name in _imported(TREES[module])} & NOT_IN_BOT == set()


@every_bot_module
def test_the_engine_asks_neither_the_environment_nor_the_clock(module: str) -> None:
    assert _reached(TREES[module]) & (ENVIRONMENT | CLOCK) == set()


@every_bot_module
def test_only_the_loaders_read_the_disk_and_nothing_writes(module: str) -> None:
    reached = _reached(TREES[module])

    assert reached & WRITING == set()
    assert module in LOADERS or reached & DISK <= ({"read_text"} if module in BUNDLED else set())
    assert not any(isinstance(node, ast.Name) and node.id in ("open", "print") for node in ast.walk(TREES[module]))


def test_what_comes_with_a_package_is_read_from_there_and_nothing_else_is() -> None:
    reading = {module for module, tree in TREES.items() if "importlib.resources" in set(_imported(tree))}

    assert {module for module in reading if module.split(".")[0] == "bot"} == BUNDLED
    reads_both = BUNDLED & LOADERS
    assert reads_both == {"bot.topics"}  # the same kind of list comes with us and from the clinic
    for module in BUNDLED - reads_both:
        assert {"os", "io", "pathlib"} & {name.split(".")[0] for name in _imported(TREES[module])} == set()


def test_only_the_report_draws_pages_and_only_from_our_own_templates() -> None:
    drawing = {module for module in SOURCES if module.startswith("bot.") and "jinja2" in set(_imported(TREES[module]))}

    assert drawing == {"bot.report"}
    assert {name for name in _reached(TREES["bot.report"]) if name.endswith("Loader")} == {"PackageLoader"}


def test_lots_are_drawn_in_one_place_and_always_from_the_same_seed() -> None:
    drawing = {module for module, tree in TREES.items() if "default_rng" in _reached(tree)}
    seeds = [
        ast.unparse(node.args[0]) if node.args else None
        for node in ast.walk(TREES["bot.measures"])
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng")
    ]

    assert drawing == {"bot.measures"}
    assert set(seeds) == {"SEED"}


def test_only_the_clock_asks_what_day_it_is() -> None:
    asking = {
        module
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DAY
    }

    assert asking == {"web.clock"}


def test_only_the_roof_reads_the_environment() -> None:
    assert {module for module, tree in TREES.items() if _reached(tree) & ENVIRONMENT} == {"server"}
