"""What can be said of the image without an engine: its last stage, made by hand and run as it would be run.

That an engine builds it is tried by nothing here; docs/running.md says so.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.conftest import ROOT
from tests.services import free_port
from web.settings import TABLE

USER = "10001"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the Dockerfile says between two FROM: each instruction's name with its words, continued lines joined."""

    lines: Sequence[tuple[str, str]]

    def all(self, name: str) -> list[str]:
        """The words of every such instruction."""
        return [words for instruction, words in self.lines if instruction == name]

    def command(self, name: str) -> list[str]:
        """The one instruction of that name, in the form that needs no shell."""
        (words,) = self.all(name)
        found: list[str] = json.loads(words[words.index("[") :])
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What ENV sets."""
        return dict(pair.split("=", 1) for words in self.all("ENV") for pair in shlex.split(words))

    @property
    def copied(self) -> list[tuple[list[str], str]]:
        """Sources out of this folder and where they go."""
        words = [shlex.split(line) for line in self.all("COPY")]
        return [(line[:-1], line[-1]) for line in words if not line[0].startswith("--from")]


def stages() -> list[Stage]:
    """The stages of the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text()
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    split = [(name, words.strip()) for line in lines if line.strip() for name, _, words in [line.partition(" ")]]
    starts = [number for number, (name, _) in enumerate(split) if name == "FROM"]
    return [Stage(split[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)]


BUILD, FINAL = stages()


def test_what_is_copied_is_there_and_sent_to_the_engine() -> None:
    sources = [source for stage in (BUILD, FINAL) for sources, _ in stage.copied for source in sources]
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert sorted(sources) == sorted(let_through)
    assert not [source for source in sources if not (ROOT / source).exists()]
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_the_image_runs_as_a_numeric_user_and_begins_without_a_shell() -> None:
    assert FINAL.all("USER") == [f"{USER}:{USER}"]
    assert FINAL.command("ENTRYPOINT") == ["/opt/venv/bin/python", "server.py"]
    assert FINAL.command("CMD") == ["serve"]
    assert FINAL.all("STOPSIGNAL") == ["SIGTERM"]
    assert FINAL.all("EXPOSE") == [FINAL.environment["CITEWELL_PORT"]] == ["8000"]
    assert FINAL.all("VOLUME") == [FINAL.environment["CITEWELL_DATA"]]
    assert f"--from=build --chown={USER}:{USER} /empty {FINAL.environment['CITEWELL_DATA']}" in FINAL.all("COPY")


def test_both_stages_have_the_same_python_which_is_one_that_citewell_runs_on() -> None:
    bases = {words.split()[0] for stage in (BUILD, FINAL) for words in stage.all("FROM")}
    (base,) = bases

    assert fnmatch(base, "python:3.1[1-9]-slim")


def test_nothing_is_installed_but_by_its_hash() -> None:
    (install,) = [words for words in BUILD.all("RUN") if " install " in words]

    assert {"--no-deps", "--require-hashes", "--no-cache-dir"} <= {*install.split()}
    assert not [words for words in FINAL.all("RUN") if "pip" in words]


def test_what_the_image_sets_are_settings() -> None:
    known = {setting.variable for setting in TABLE}

    assert {name for name in FINAL.environment if name.startswith("CITEWELL_")} <= known


# ---- the last stage, made by hand


def reachable_python() -> str | None:
    """A Python whose own files another user may read."""
    for path in (Path(sys.executable).resolve(), Path("/usr/bin/python3").resolve()):
        if path.exists() and all(folder.stat().st_mode & 0o001 for folder in path.parents):
            return str(path)
    return None


@dataclass(frozen=True, slots=True)
class Image:
    """A folder as the image's root, owned by us and written to by nobody but for its data folder."""

    root: Path

    def inside(self, path: str) -> str:
        """Where ``path`` of the image is."""
        return str(self.root / path.removeprefix("/"))

    def environment(self, port: int) -> dict[str, str]:
        """What the image sets and nothing of ours; a port that is free here."""
        own = {
            name: self.inside(value) if value.startswith("/") else value for name, value in FINAL.environment.items()
        }
        return own | {"CITEWELL_PORT": str(port), "PATH": os.environ["PATH"], "HOME": "/nonexistent"}

    def command(self, words: Sequence[str]) -> list[str]:
        """``words`` of the Dockerfile, run as its user where we may."""
        nobody = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--bounding-set=-all"]
        here = [self.inside(word) if word.startswith("/") else word for word in words]
        return [*(nobody if os.geteuid() == 0 else []), *here]


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The last stage, with the packages put in by the Dockerfile's own words."""
    python = reachable_python()
    if python is None or not shutil.which("setpriv"):
        pytest.skip("no Python that another user could run, or no setpriv (Debian: python3, util-linux)")
    root = Path(tempfile.mkdtemp(prefix="citewell-image-"))
    root.chmod(0o755)
    image = Image(root)
    _install(image, python)
    for sources, target in FINAL.copied:
        for source in sources:
            _copy(ROOT / source, image, target)
    _make_data_folder(image)
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink() and not path.is_relative_to(image.inside("/data")):
            path.chmod(path.stat().st_mode & ~0o222)
    yield image
    shutil.rmtree(root)


def _install(image: Image, python: str) -> None:
    subprocess.run([python, "-m", "venv", "--without-pip", image.inside("/opt/venv")], check=True)
    (words,) = [shlex.split(words) for words in BUILD.all("RUN") if " install " in words]
    after_pip = words[words.index("pip") + 1 :]
    after_pip.remove("--no-cache-dir")  # only to be quicker here
    ours = [sys.executable, "-m", "pip", "--python", image.inside(words[0]), *after_pip, "--quiet"]
    subprocess.run(ours, cwd=ROOT / "requirements", check=True, capture_output=True)


def _copy(source: Path, image: Image, target: str) -> None:
    place = Path(image.inside(target))
    if source.is_dir():
        shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        assert target.endswith("/")
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)


def _make_data_folder(image: Image) -> None:
    data = Path(image.inside(FINAL.environment["CITEWELL_DATA"]))
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data, int(USER), int(USER))


@pytest.mark.server
def test_the_image_s_files_are_all_that_citewell_needs_and_it_writes_into_its_data_alone(image: Image) -> None:
    port = free_port()
    before = _files(image)
    running = subprocess.Popen(
        image.command([*FINAL.command("ENTRYPOINT"), *FINAL.command("CMD")]),
        cwd=image.inside("/opt/citewell"),
        env=image.environment(port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout
    start = running.stdout.readline()
    if "Citewell answers on" not in start:
        running.kill()
        raise AssertionError(start + running.communicate()[0])

    with urlopen(f"http://127.0.0.1:{port}/chat", timeout=60) as page:
        assert page.status == 200
    assert _health(image, port) == 0
    running.send_signal(signal.SIGTERM)
    more = running.communicate(timeout=60)[0]

    assert (running.returncode, more) == (0, "")
    assert _health(image, port) == 1
    assert _files(image) == before
    assert (Path(image.inside("/data")) / "session.key").is_file()


def _files(image: Image) -> Mapping[str, int]:
    """All files with their sizes but the data's."""
    return {
        str(path): path.lstat().st_size
        for path in image.root.rglob("*")
        if not path.is_relative_to(image.inside("/data")) and not path.is_dir()
    }


def _health(image: Image, port: int) -> int:
    check = image.command(FINAL.command("HEALTHCHECK"))
    done = subprocess.run(check, env=image.environment(port), capture_output=True, timeout=60, check=False)
    return done.returncode


@pytest.mark.server
def test_the_image_s_other_commands_run_too(image: Image) -> None:
    add = image.command([*FINAL.command("ENTRYPOINT"), "staff", "add", "mina", "--password-stdin"])

    done = subprocess.run(
        add,
        cwd=image.inside("/opt/citewell"),
        env=image.environment(0),
        input="long enough for a test\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "mina" in done.stdout


# ---- compose.yaml


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """What compose.yaml starts."""
    written = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert {*written} == {"name", "services", "volumes"}
    used = {
        volume.partition(":")[0] for service in written["services"].values() for volume in service.get("volumes", ())
    }
    assert {*written["volumes"]} == {name for name in used if not name.startswith((".", "/"))}
    return written["services"]  # type: ignore[no-any-return]


def test_compose_starts_citewell_alone_and_others_only_where_they_are_asked_for(services: dict[str, Any]) -> None:
    profiles = {name: service.get("profiles", []) for name, service in services.items()}

    assert profiles == {"citewell": [], "postgresql": ["postgresql"], "redis": ["redis"]}


def test_compose_gives_citewell_no_more_than_it_needs(services: dict[str, Any]) -> None:
    citewell = services["citewell"]

    assert citewell["read_only"] is True
    assert citewell["cap_drop"] == ["ALL"]
    assert citewell["security_opt"] == ["no-new-privileges:true"]
    assert citewell["ports"] == ["127.0.0.1:8000:8000"]
    assert "data:/data" in citewell["volumes"]
    assert "privileged" not in citewell
    assert not any("ports" in service for name, service in services.items() if name != "citewell")


def test_what_compose_sets_are_settings_and_no_secret_stands_there(services: dict[str, Any]) -> None:
    known = {setting.variable for setting in TABLE}
    names = {name for service in services.values() for name in service.get("environment", {})}

    assert {name for name in names if name.startswith("CITEWELL_")} <= known
    assert not [name for name in names if "PASSWORD" in name or "URL" in name]
    assert {file["path"] for service in services.values() for file in service.get("env_file", ())} <= set(
        (ROOT / ".gitignore").read_text().replace("/", "").split()
    )


def test_every_service_of_compose_is_watched(services: dict[str, Any]) -> None:
    assert FINAL.all("HEALTHCHECK")
    assert all("healthcheck" in service for name, service in services.items() if name != "citewell")
