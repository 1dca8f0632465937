"""A text file of the clinic's → its characters, or a refusal that names file, line and expectation."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import CorpusError
from bot.textfile import read_text


def _file(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "page.md"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("text", ["", "# Back\n", "পিঠে ব্যথা\n", "a\r\nb\rc\n", "Größe 🏃\u200d♀️", "\x01\x0c"])
def test_the_characters_of_a_file_come_out_as_they_are(tmp_path: Path, text: str) -> None:
    assert read_text(_file(tmp_path, text.encode())) == text


def test_a_byte_order_mark_is_left_out_where_it_stands_first_and_only_there(tmp_path: Path) -> None:
    assert read_text(_file(tmp_path, b"\xef\xbb\xbf# Back")) == "# Back"
    assert read_text(_file(tmp_path, b"\xef\xbb\xbf\xef\xbb\xbf# Back")) == "\ufeff# Back"
    assert read_text(_file(tmp_path, b"# B\xef\xbb\xbfack")) == "# B\ufeffack"


@pytest.mark.parametrize(
    ("data", "line", "byte"),
    [
        (b"\xff", 1, "0xff"),
        (b"one\ntwo\nsch\xf6n\n", 3, "0xf6"),
        (b"one\r\ntwo \xe2\x28", 2, "0xe2"),
        (b"\xef\xbb\xbfone\n\n\xc3", 3, "0xc3"),
        (b"one\n\xed\xa0\x80", 2, "0xed"),
        ("# B".encode("utf-16"), 1, "0xff"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused_with_the_line_and_the_byte(
    tmp_path: Path, data: bytes, line: int, byte: str
) -> None:
    path = _file(tmp_path, data)

    with pytest.raises(CorpusError) as caught:
        read_text(path)

    assert str(caught.value) == f"{path}:{line}: byte {byte} is not UTF-8; expected the file saved as UTF-8"


@pytest.mark.parametrize(("data", "line"), [(b"\0", 1), (b"one\ntwo\0\n\0", 2), (b"\n\n\nfour \0", 4)])
def test_a_nul_character_is_refused_with_the_line_of_the_first(tmp_path: Path, data: bytes, line: int) -> None:
    path = _file(tmp_path, data)

    with pytest.raises(CorpusError) as caught:
        read_text(path)

    assert str(caught.value) == f"{path}:{line}: a NUL character; expected a text file saved as UTF-8"


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "gone.md"

    with pytest.raises(CorpusError) as caught:
        read_text(path)

    expected = "cannot be read (No such file or directory); expected a file that Citewell may read"
    assert str(caught.value) == f"{path}: {expected}"
    assert caught.value.line is None


def test_a_folder_is_no_text_file(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_text(tmp_path)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)))
def test_any_bytes_are_read_or_refused_with_a_line_that_the_file_has(tmp_path: Path, data: bytes) -> None:
    path = _file(tmp_path, data)

    wrong = b"\0" in data or data.decode(errors="replace") != data.decode(errors="ignore")
    if wrong:
        with pytest.raises(CorpusError) as caught:
            read_text(path)
        assert 1 <= (caught.value.line or 0) <= data.count(b"\n") + 1
    else:
        text = read_text(path)
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf")
