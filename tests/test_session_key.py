"""The key that signs sessions: made once, for its owner's eyes alone."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from web.session_key import FILE, SessionKeyError, load_session_key


def test_it_is_made_once_and_is_the_same_ever_after(tmp_path: Path) -> None:
    first = load_session_key(tmp_path / "data")

    assert len(first) == 32
    assert load_session_key(tmp_path / "data") == first
    assert load_session_key(tmp_path / "other") != first


def test_nobody_else_may_read_it_or_look_into_the_folder_made_for_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_session_key(tmp_path / "data")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "data") == [FILE]  # noqa: PTH208 - what was written on the way is gone


def test_who_starts_at_once_gets_the_same(tmp_path: Path) -> None:
    """Threads race for the file as processes do."""
    with ThreadPoolExecutor(8) as threads:
        keys = [*threads.map(load_session_key, [tmp_path / str(number // 8) for number in range(400)])]

    assert [len({*keys[start : start + 8]}) for start in range(0, 400, 8)] == [1] * 50


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_file_that_is_not_as_we_made_it_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    (tmp_path / FILE).chmod(0o600)

    with pytest.raises(SessionKeyError, match=f"{len(content)} bytes long; expected 32"):
        load_session_key(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_may_read_or_write_is_refused_and_not_told(tmp_path: Path, mode: int) -> None:
    key = load_session_key(tmp_path)
    (tmp_path / FILE).chmod(mode)

    with pytest.raises(SessionKeyError, match="others may read it; expected mode 600") as refused:
        load_session_key(tmp_path)
    assert key.hex() not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SessionKeyError, match=r"/file/data: Not a directory\. CITEWELL_DATA names another"):
        load_session_key(tmp_path / "file" / "data")
