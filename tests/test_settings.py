"""Settings: one table makes the environment, the options, README and the errors."""

from collections.abc import Callable
from pathlib import Path

import pytest

import server
from tests.conftest import ROOT
from web.settings import SHIPPED_CORPUS, TABLE, SettingError, Settings, load_settings, settings_markdown


def test_every_setting_has_a_default_that_works() -> None:
    settings = load_settings({})

    assert settings == Settings(
        SHIPPED_CORPUS,
        "127.0.0.1",
        8000,
        threads=4,
        rate_limit=30,
        suggest_limit=120,
        allowed_origins=(),
        data=Path("data"),
        database_url="",
        journal="counts",
        journal_days=30,
        rate_limit_storage="memory",
        metrics="local",
    )
    assert (settings.corpus / "faq.md").is_file()


def test_the_environment_sets_every_setting() -> None:
    environment = {
        "CITEWELL_CORPUS": "/srv/content",
        "CITEWELL_HOST": "0.0.0.0",  # noqa: S104 - only read
        "CITEWELL_PORT": "9000",
        "CITEWELL_THREADS": "8",
        "CITEWELL_RATE_LIMIT": "off",
        "CITEWELL_SUGGEST_LIMIT": "60",
        "CITEWELL_ALLOWED_ORIGINS": "https://clinic.example",
        "CITEWELL_DATA": "/srv/data",
        "CITEWELL_DATABASE_URL": "postgresql://citewell:secret@db/citewell?sslmode=require",
        "CITEWELL_JOURNAL": "questions",
        "CITEWELL_JOURNAL_DAYS": "90",
        "CITEWELL_RATE_LIMIT_STORAGE": "rediss://citewell:secret@redis:6380/2",
        "CITEWELL_METRICS": "on",
        "PATH": "/usr/bin",
    }

    assert load_settings(environment) == Settings(
        Path("/srv/content"),
        "0.0.0.0",  # noqa: S104 - only read
        9000,
        threads=8,
        rate_limit=0,
        suggest_limit=60,
        allowed_origins=("https://clinic.example",),
        data=Path("/srv/data"),
        database_url="postgresql://citewell:secret@db/citewell?sslmode=require",
        journal="questions",
        journal_days=90,
        rate_limit_storage="rediss://citewell:secret@redis:6380/2",
        metrics="on",
    )


def test_an_option_overrules_the_environment_and_leaves_the_rest_alone() -> None:
    environment = {"CITEWELL_PORT": "9000", "CITEWELL_THREADS": "8"}

    settings = load_settings(environment, {"port": "9001", "threads": None})

    assert (settings.port, settings.threads) == (9001, 8)


def test_a_wrong_value_in_the_environment_is_no_matter_where_an_option_overrules_it() -> None:
    assert load_settings({"CITEWELL_PORT": "x"}, {"port": "9001"}).port == 9001


@pytest.mark.parametrize(
    ("name", "written"),
    [("port", "0"), ("port", "65535"), ("threads", "1"), ("threads", "64")],
)
def test_the_ends_of_a_range_are_in_it(name: str, written: str) -> None:
    assert getattr(load_settings({}, {name: written}), name) == int(written)


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("port", "-1", "a whole number from 0 to 65535"),
        ("port", "65536", "a whole number from 0 to 65535"),
        ("port", "http", "a whole number from 0 to 65535"),
        ("port", "80.0", "a whole number from 0 to 65535"),
        ("port", "", "a whole number from 0 to 65535"),
        ("port", "9" * 5000, "a whole number from 0 to 65535"),
        ("threads", "0", "a whole number from 1 to 64"),
        ("threads", "65", "a whole number from 1 to 64"),
        ("host", "", "text"),
        ("host", "  ", "text"),
        ("corpus", "", "a folder"),
        ("corpus", " ", "a folder"),
        ("data", "", "a folder"),
        ("journal", "", "`off`, `counts` or `questions`"),
        ("journal", "Questions", "`off`, `counts` or `questions`"),
        ("processes", "0", "a whole number from 1 to 64"),
        ("request_seconds", "0", "a whole number from 1 to 3600"),
        ("log_format", "JSON", "`text` or `json`"),
        ("access_log", "true", "`off` or `on`"),
        ("desk_idle", "4", "a whole number from 5 to 720"),
        ("desk_idle", "721", "a whole number from 5 to 720"),
        ("proxies", "-1", "a whole number from 0 to 5"),
        ("proxies", "6", "a whole number from 0 to 5"),
        ("reload_seconds", "0", "a whole number from 1 to 3600, or `off`"),
        ("journal_days", "0", "a whole number from 1 to 3650"),
        ("journal_days", "3651", "a whole number from 1 to 3650"),
        ("metrics", "yes", "`local`, `on` or `off`"),
    ],
    ids=lambda value: value[:12],
)
def test_a_value_that_is_not_allowed_is_refused_by_name_value_and_expectation(
    name: str, written: str, expected: str
) -> None:
    variable = f"CITEWELL_{name.upper()}"

    with pytest.raises(SettingError) as by_option:
        load_settings({}, {name: written})
    with pytest.raises(SettingError) as by_environment:
        load_settings({variable: written})

    option = "--" + name.replace("_", "-")
    assert str(by_option.value) == f"{option}: {written!r} is not allowed; expected {expected}"
    assert str(by_environment.value) == f"{variable}: {written!r} is not allowed; expected {expected}"


@pytest.mark.parametrize(
    "written",
    [
        "secret",
        "mysql://clinic:secret@host/name",
        "postgresql://clinic:secret@host",
        "postgresql://clinic:secret@host/",
        "postgresql://clinic:secret@/name",
        "postgresql://secret/name",
        "postgresql://clinic:secret@host:0/name",
        "postgresql://clinic:secret@host:99999/name",
        "postgresql://clinic:secret@[host/name",
    ],
)
def test_what_is_secret_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(SettingError) as refusal:
        load_settings({"CITEWELL_DATABASE_URL": written})

    assert str(refusal.value) == (
        "CITEWELL_DATABASE_URL: what it says is not allowed; expected `postgresql://user:password@host/name`"
    )
    assert refusal.value.__suppress_context__  # a trace shows no more


@pytest.mark.parametrize(
    "written",
    [
        "",
        "secret",
        "Memory",
        "redis://",
        "redis:///1",
        "redis://:secret@/1",
        "redis://secret:0",
        "redis://secret:99999",
        "redis://secret:port",
        "redis://:secret@host/name",
        "redis://:secret@host/1/2",
        "redis://:secret@host/-1",
        "redis://:secret@[host/1",
        "redis://:secret@host..name/1",
        "unix://secret",
    ],
)
def test_an_address_of_redis_that_cannot_be_is_refused_by_name_without_being_repeated(written: str) -> None:
    with pytest.raises(SettingError) as refusal:
        load_settings({}, {"rate_limit_storage": written})

    assert str(refusal.value) == (
        "--rate-limit-storage: what it says is not allowed; expected "
        "`memory`, `redis://…` or `rediss://user:password@host:port/number`"
    )
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    "written",
    [
        "memory",
        "redis://host",
        "redis://host/",
        "redis://[::1]:6380/15",
        "redis://:secret@host",
        "rediss://user:p%23@host:6380/0",
    ],
)
def test_requests_are_counted_in_memory_or_at_an_address_of_redis(written: str) -> None:
    assert load_settings({"CITEWELL_RATE_LIMIT_STORAGE": written}).rate_limit_storage == written


SIGNS = ". In a name or password, / ? # [ ] are written %2F %3F %23 %5B %5D"
MODES = ". Behind `?` only `sslmode=` may stand, with disable, prefer, require or verify-full"


@pytest.mark.parametrize(
    ("name", "written", "hint"),
    [
        ("database_url", "postgres://clinic:secret@host/name", ". It must begin with `postgresql://`"),
        ("database_url", "postgresql+psycopg://clinic:secret@host/name", ". It must begin with `postgresql://`"),
        ("database_url", "postgresql://clinic:sec@ret@host/name", ". In a name or password, @ is written %40"),
        ("database_url", "postgresql://cli@nic:secret@host/name", ". In a name or password, @ is written %40"),
        ("database_url", "postgresql://clinic:sec#ret@host/name", SIGNS),
        ("database_url", "postgresql://clinic:sec/ret@host/name", SIGNS),
        ("database_url", "postgresql://clinic:sec?ret@host/name", SIGNS),
        ("database_url", "postgresql://clinic:secret@host/name?sslmode=secret", MODES),
        ("database_url", "postgresql://clinic:secret@host/name?sslmode", MODES),
        ("database_url", "postgresql://clinic:secret@host/name?secret=1", MODES),
        ("rate_limit_storage", "valkey://:secret@host", ". It must begin with `redis://` or `rediss://`"),
        ("rate_limit_storage", "redis://:sec#ret@host/1", SIGNS),
        ("rate_limit_storage", "redis://:secret@host/1?ssl_cert_reqs=none", ". Nothing may stand behind the number"),
    ],
)
def test_of_what_is_secret_a_hint_says_what_is_wrong(name: str, written: str, hint: str) -> None:
    with pytest.raises(SettingError) as refusal:
        load_settings({}, {name: written})

    said = str(refusal.value)
    assert said.endswith(f"`{hint}")
    assert "sec" not in said
    assert refusal.value.__suppress_context__


def test_what_is_secret_is_not_shown_with_the_other_settings() -> None:
    settings = load_settings(
        {
            "CITEWELL_DATABASE_URL": "postgresql://clinic:secret@host/name",
            "CITEWELL_RATE_LIMIT_STORAGE": "redis://:secret@host/1",
        }
    )

    assert settings.database_url == "postgresql://clinic:secret@host/name"
    assert settings.rate_limit_storage == "redis://:secret@host/1"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("CITEWELL_PROT", ". Did you mean CITEWELL_PORT?"),
        ("CITEWELL_port", ". Did you mean CITEWELL_PORT?"),
        ("CITEWELL_ALLOWED_ORIGIN", ". Did you mean CITEWELL_ALLOWED_ORIGINS?"),
        ("CITEWELL_", ""),
        ("CITEWELL_QQQQQQQQQQQQQQ", ""),
    ],
)
def test_a_name_that_no_setting_has_is_refused_with_those_that_there_are_and_the_nearest(name: str, near: str) -> None:
    with pytest.raises(SettingError) as refusal:
        load_settings({name: "9000"})

    assert str(refusal.value) == (
        f"{name}: no such setting; expected one of " + ", ".join(sorted(row.variable for row in TABLE)) + near
    )


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("", ()),
        ("  ", ()),
        ("https://a.example", ("https://a.example",)),
        (" https://a.example ,\n https://b.example\n", ("https://a.example", "https://b.example")),
        ("https://b.example,https://A.example,https://b.example/", ("https://b.example", "https://a.example")),
    ],
    ids=["empty", "blank", "one", "spaces", "twice"],
)
def test_a_list_is_parted_by_commas_each_item_read_and_held_once(written: str, items: tuple[str, ...]) -> None:
    assert load_settings({"CITEWELL_ALLOWED_ORIGINS": written}).allowed_origins == items


@pytest.mark.parametrize("written", [",", "https://a.example,", "https://a.example,,https://b.example"])
def test_an_item_that_is_missing_from_a_list_is_a_typing_error(written: str) -> None:
    with pytest.raises(SettingError, match=r"^--allowed-origins: '' is not allowed; expected sites"):
        load_settings({}, {"allowed_origins": written})


def test_the_table_for_people_names_every_setting_with_its_default_and_help() -> None:
    head, _, *rows = settings_markdown().splitlines()

    assert head.count("|") == 6
    assert [row.split(" | ")[0] for row in rows] == [f"| `{setting.variable}`" for setting in TABLE]
    assert "| `CITEWELL_PORT` | `--port` | `8000` | a whole number from 0 to 65535 |" in rows[2]
    assert "the shipped `corpus`" in rows[0]
    assert "| `CITEWELL_ALLOWED_ORIGINS` | `--allowed-origins` | none | sites such as" in rows[8]
    assert "| `CITEWELL_DATABASE_URL` | `--database-url` | a file in the data folder | `postgresql://" in rows[10]
    assert all(row.count("|") == 6 and setting.help in row for row, setting in zip(rows, TABLE, strict=True))


def test_readme_has_exactly_the_table_of_settings() -> None:
    assert settings_markdown() in (ROOT / "README.md").read_text("utf-8")


def test_a_web_server_of_your_own_gets_its_settings_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, write_corpus: Callable[..., Path]
) -> None:
    folder = write_corpus({"faq.md": "# Shoes\n\nReplace your shoes.\n"})
    monkeypatch.setenv("CITEWELL_CORPUS", str(folder))

    client = server.application().test_client()

    assert client.get("/readyz").get_json()["passages"] == 1


def test_the_sites_that_are_named_are_let_in(
    monkeypatch: pytest.MonkeyPatch, write_corpus: Callable[..., Path]
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS", str(write_corpus({"faq.md": "# Shoes\n\nReplace your shoes.\n"})))
    monkeypatch.setenv("CITEWELL_ALLOWED_ORIGINS", "https://clinic.example")

    response = server.application().test_client().get("/api/config", headers={"Origin": "https://clinic.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "https://clinic.example"
