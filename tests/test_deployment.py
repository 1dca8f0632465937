"""What an administrator is given: the unit for systemd, and a page whose names, files and commands are real."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import server
from tests.conftest import ROOT
from tests.proxies import replaced
from web.settings import TABLE, load_settings

PAGE = ROOT / "docs" / "running.md"
UNIT = ROOT / "deploy" / "citewell.service"
WORST = 1.5
"""How exposed the service may be, from 0 to 10, as Debian 12's systemd reckons; many services are above 9."""

WRITTEN = [PAGE, ROOT / "SECURITY.md", ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted((ROOT / "deploy").iterdir())]

ON_EVERY_MACHINE = {
    *("apt-get", "cd", "chmod", "chown", "cp", "grep", "install", "mkdir", "sed", "touch", "umask", "useradd"),
    *("editor", "env", "systemctl", "systemd-run"),
}
BROUGHT_BY = {"createdb": "postgresql", "createuser": "postgresql"}
"""Programs whose Debian package has another name."""

SECTIONS = re.compile(r"(?m)^#+ (.+)$")

on_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="Debian's package systemd is not installed"
)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program in it that there is on this machine."""
    path = tmp_path / UNIT.name
    path.write_text(replaced(UNIT.read_text(), {"/opt/citewell/.venv/bin/python": sys.executable}))
    return path


def analyzed(*arguments: str) -> str:
    """What systemd says, which must be content."""
    program = shutil.which("systemd-analyze") or ""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@on_systemd
def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path) -> None:
    assert analyzed("verify", "--man=no", str(unit)) == ""


@on_systemd
def test_systemd_finds_the_unit_well_closed(unit: Path) -> None:
    said = analyzed("security", "--offline=true", "--no-pager", f"--threshold={int(WORST * 10)}", str(unit))

    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", said)
    assert exposure
    assert float(exposure[1]) <= WORST


def test_the_unit_stops_citewell_as_it_wants_to_be_stopped_and_starts_it_again_after_a_fault() -> None:
    lines = UNIT.read_text().splitlines()

    for line in ("KillSignal=SIGTERM", "Restart=always", "User=citewell", "StateDirectory=citewell"):
        assert line in lines
    assert "StartLimitIntervalSec=0" in lines  # or who mended a setting at the fifth attempt would be refused, too


def test_what_the_unit_sets_can_be_set() -> None:
    pairs = re.findall(r"\b(CITEWELL_[A-Z_]+)=(\S+)", UNIT.read_text())

    settings = load_settings(dict(pairs))

    assert (settings.proxies, settings.host) == (1, "127.0.0.1")
    assert str(settings.data) == "/var/lib/citewell"


def test_every_setting_that_is_named_is_one() -> None:
    known = {setting.variable for setting in TABLE}

    for path in WRITTEN:
        named = {name.rstrip("_") for name in re.findall(r"CITEWELL_[A-Z_]*[A-Z]", path.read_text())}
        assert named <= known, path.name


def test_every_setting_s_value_in_an_example_is_allowed() -> None:
    examples = re.findall(r"(?m)^(CITEWELL_[A-Z_]+)=(.*)$", PAGE.read_text())

    assert len(examples) >= 3
    for name, value in examples:
        load_settings({name: value})


def test_every_file_that_the_page_names_is_there() -> None:
    text = PAGE.read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    copied = re.findall(r"/opt/citewell/((?:deploy|docs|requirements)/\S+)", text)

    assert links
    assert copied
    assert not [link for link in links if not (PAGE.parent / link).exists()]
    assert not [name for name in copied if not (ROOT / name.rstrip("`.,)")).exists()]


def test_every_program_that_the_page_runs_is_there_or_installed_before() -> None:
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", PAGE.read_text().split("\n## In a container")[0])
    parts = [part for block in blocks for part in re.split(r" && | \| |\n(?!  )", block) if part]
    installed = set(ON_EVERY_MACHINE)

    for part in parts:
        words = re.sub(r"^sudo (-u \S+ )?", "", part).split()
        assert "/" in words[0] or BROUGHT_BY.get(words[0], words[0]) in installed, words
        if words[:2] == ["apt-get", "install"]:
            installed |= {*words[2:]}


def test_whoever_asks_right_after_a_start_waits_for_it() -> None:
    starts = re.findall(r"(?m)^sudo systemctl (?:enable --now|restart) citewell\n(.*)$", PAGE.read_text())

    assert len(starts) == 2
    assert all("curl -s --retry 10 --retry-connrefused localhost" in after for after in starts)


def test_every_place_within_the_page_that_it_names_is_there() -> None:
    text = PAGE.read_text()
    headings = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in SECTIONS.findall(text)}

    assert {*re.findall(r"\]\(#([^)]+)\)", text)} <= headings


def test_every_command_of_citewell_on_the_page_is_one() -> None:
    found = re.findall(r"server\.py ((?:staff|journal) )?([a-z]+)", PAGE.read_text())

    assert len(found) >= 4
    for group, name in found:
        parent: click.Group = server.cli
        if group:
            below = command_of(parent, group.strip())
            assert isinstance(below, click.Group)
            parent = below
        assert command_of(parent, name), name


def command_of(group: click.Group, name: str) -> click.Command | None:
    return group.get_command(click.Context(group), name)
