"""Files that can be made again: believed only where they are whole and ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.waiting import PATIENCE
from web.shelf import KEPT, SUFFIX, Shelf, opened, sealed

WRITTEN = sealed(b"what was made")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where something is kept as ``name``."""
    folder = tmp_path / "data" / "kept"
    with Shelf(folder).one_at_a_time():
        Shelf(folder).keep("name", WRITTEN)
    return folder


def test_what_is_kept_is_read(folder: Path) -> None:
    assert Shelf(folder).read("name") == WRITTEN
    assert bytes(opened(WRITTEN) or b"") == b"what was made"
    assert Shelf(folder).read("other") is None


def test_file_and_folder_are_for_this_user_alone(folder: Path) -> None:
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600]


@pytest.mark.parametrize("broken", [b"", WRITTEN[:9], WRITTEN[:-1], WRITTEN[:-1] + b"E", WRITTEN + b"e", b"x" * 40])
def test_what_is_not_whole_is_not_read(folder: Path, broken: bytes) -> None:
    (folder / f"name{SUFFIX}").write_bytes(broken)

    assert Shelf(folder).read("name") is None


@pytest.mark.parametrize("name", ["", f"name{SUFFIX}"])
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_what_others_may_write_is_not_read(folder: Path, name: str, mode: int) -> None:
    (folder / name).chmod(mode)

    assert Shelf(folder).read("name") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
@pytest.mark.parametrize("name", ["", f"name{SUFFIX}"])
def test_what_is_another_users_is_not_read(folder: Path, name: str) -> None:
    os.chown(folder / name, 65534, 65534)

    assert Shelf(folder).read("name") is None


@pytest.mark.parametrize("name", ["", f"name{SUFFIX}"])
def test_a_link_is_not_followed(folder: Path, name: str) -> None:
    path = folder / name
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")

    assert Shelf(folder).read("name") is None


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / f"name{SUFFIX}").unlink()
    os.mkfifo(folder / f"name{SUFFIX}")

    assert Shelf(folder).read("name") is None


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
READS = "import sys, web.shelf, pathlib; print(web.shelf.Shelf(pathlib.Path(sys.argv[1])).read('one') is not None)"


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts")
def test_what_cannot_be_written_is_read(folder: Path) -> None:
    Shelf(folder).keep("one", sealed(b"content"))
    reader = [sys.executable, "-c", READS, str(folder)]

    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", READ_ONLY, str(folder), *reader],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "True\n"


def test_only_the_last_used_are_kept_and_nothing_half_written(folder: Path) -> None:
    kept = Shelf(folder)
    (folder / ".left").write_bytes(b"half")
    for number in range(1, KEPT):
        kept.keep(f"{number}", WRITTEN)
        os.utime(folder / f"{number}{SUFFIX}", (number, number))
    os.utime(folder / f"name{SUFFIX}", (0, 0))
    assert kept.read("name")  # so it was used last

    kept.keep("new", WRITTEN)

    assert {path.stem for path in folder.iterdir()} == {"name", "2", "new"}


FULL = """
import resource, signal, sys
from pathlib import Path
from web.shelf import Shelf, sealed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for name in ("large", "larger"):
    Shelf(Path(sys.argv[1])).keep(name, sealed(bytes(5000)))
"""


def test_without_room_on_the_disk_nothing_is_left_behind_and_it_is_said_once(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )

    assert done.stderr.count("Nothing can be kept in") == 1
    assert [path.stem for path in folder.iterdir()] == ["name"]
