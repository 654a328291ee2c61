"""A bundle's file: written as a stream, checked to the last byte, whoever changes it is found out."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from agents_app.accounts.trail import signing
from agents_app.evidence.container import manifest
from agents_app.evidence.container.checking import Verdict, check
from agents_app.evidence.container.layout import Damaged, members
from agents_app.evidence.container.manifest import MANIFEST, SIGNATURE, File, contents_sum
from agents_app.evidence.container.writing import Writer

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
FILES = {
    "001-messages/0001.json": b'{"entries": ["caf\xc3\xa9"]}',
    "index.html": b"<!doctype html>" * 9,
}


def made(files: dict[str, bytes], key: Ed25519PrivateKey | None = KEY, **facts: Any) -> bytes:
    writer = Writer()
    pieces = [writer.add(path, contents) for path, contents in files.items()]
    total = contents_sum(writer.files)
    raw = manifest.written({"bundle": "b", "contents_sha256": total, **facts}, list(writer.files))
    pieces.append(writer.add(MANIFEST, raw))
    if key is not None:
        text = signing.signed(manifest.statement(raw, "b"), key)
        pieces.append(writer.add(SIGNATURE, text.encode()))
    return b"".join([*pieces, writer.end()])


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Verdict]:
    def run(raw: bytes, key: Ed25519PrivateKey | None = None) -> Verdict:
        path = tmp_path / "bundle.zip"
        path.write_bytes(raw)
        return check(path, key=key.public_key() if key else None)

    return run


def test_what_was_written_is_whole_and_any_zip_program_reads_it(checked: Any) -> None:
    raw = made(FILES)
    assert [one.path for one in checked(raw, KEY).files] == list(FILES)
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in FILES} == FILES


@pytest.mark.parametrize("bits", [0x01, 0x80, 0xFF])
def test_every_single_byte_that_changes_is_found(bits: int, checked: Any) -> None:
    raw = made(FILES)
    unnoticed = []
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ bits]) + raw[at + 1 :]
        try:
            checked(changed, KEY)
            unnoticed.append(at)
        except Damaged:
            continue
    assert [at for at in unnoticed if not same_contents(raw, changed_at(raw, at, bits))] == []
    assert len(unnoticed) <= 2 * (len(FILES) + 2)  # unused bits at the end of packed contents


def changed_at(raw: bytes, at: int, bits: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ bits]) + raw[at + 1 :]


def same_contents(one: bytes, other: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(one)) as a, zipfile.ZipFile(io.BytesIO(other)) as b:
        return [(n, a.read(n)) for n in a.namelist()] == [(n, b.read(n)) for n in b.namelist()]


def test_every_cut_and_every_byte_too_many_is_found(checked: Any) -> None:
    raw = made(FILES)
    for length in range(len(raw)):
        with pytest.raises(Damaged):
            checked(raw[:length], KEY)
    for more in (raw + b"\0", b"\0" + raw, raw + raw):
        with pytest.raises(Damaged):
            checked(more, KEY)


def repacked(raw: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The files changed and written anew, everything that can be made right made right."""
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    writer = Writer()
    return b"".join([*(writer.add(*one) for one in files.items()), writer.end()])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda files: files.update({"index.html": b"<!doctype html>another"}), "index.html"),
        (lambda files: files.pop("index.html"), "index.html: is missing"),
        (lambda files: files.update({"more.html": b"x"}), "more.html: is not listed"),
        (lambda files: files.pop(MANIFEST), "manifest.json: is missing"),
        (lambda files: files.pop(SIGNATURE), "manifest.signed.json: is missing"),
        (lambda files: files.update({MANIFEST: b"{}"}), "manifest.json: was changed"),
    ],
)
def test_files_changed_taken_and_added_are_named(change: Any, named: str, checked: Any) -> None:
    with pytest.raises(Damaged) as found:
        checked(repacked(made(FILES), change), KEY)
    assert named in str(found.value)


def test_a_bundle_made_anew_with_right_sums_is_found_by_the_key(checked: Any) -> None:
    forged = made(FILES | {"index.html": b"another"}, OTHER)
    assert checked(forged).signed_by  # consistent in itself
    with pytest.raises(Damaged, match=r"manifest\.signed\.json: the signature is not of this key"):
        checked(forged, KEY)
    with pytest.raises(Damaged, match="not signed"):
        checked(made(FILES, None), KEY)


def test_a_file_that_is_there_twice_is_named(checked: Any) -> None:
    writer = Writer()
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = b"".join([writer.add("a.json", b"1"), writer.add("a.json", b"2"), writer.end()])
    with pytest.raises(Damaged, match=r"a\.json: is in the ZIP file twice"):
        checked(raw)


def test_a_file_that_would_be_unpacked_elsewhere_is_refused(checked: Any) -> None:
    for path in ("../x.html", "/x.html", "a\\b.html", "a b.html"):
        writer = Writer()
        with pytest.raises(Damaged, match="in it"):
            checked(b"".join([writer.add(path, b"1"), writer.end()]))


def test_what_hides_between_two_files_or_behind_contents_is_found(checked: Any) -> None:
    raw = made(FILES)
    first = members(io.BytesIO(raw))[0]
    for at in (first.end, first.start + first.packed):
        with pytest.raises(Damaged):
            checked(raw[:at] + b"hidden" + raw[at:])


def test_a_member_that_says_it_is_short_is_not_unpacked_further(checked: Any) -> None:
    raw = bytearray(made({"a.json": b"0" * 1_000_000}))
    one = members(io.BytesIO(bytes(raw)))[0]
    for at in (one.end - 4, raw.index(b"PK\1\2") + 24):
        raw[at : at + 4] = struct.pack("<L", 10)
    with pytest.raises(Damaged, match="too long"):
        checked(bytes(raw))


def test_another_format_and_sums_that_do_not_add_up_are_refused() -> None:
    body = json.loads(manifest.written({"contents_sha256": contents_sum([])}, []))
    for change in (
        {"format": "another"},
        {"format_version": 2},
        {"contents_sha256": ""},
        {"files": [{}]},
    ):
        with pytest.raises(Damaged):
            manifest.read(json.dumps(body | change).encode())


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,9}(/[0-9]{4})?\.(html|json)", fullmatch=True),
        st.binary(max_size=300),
        max_size=6,
    )
)
def test_whatever_the_files_are_the_layout_holds(files: dict[str, bytes]) -> None:
    raw = made(files, None)
    assert [one.path for one in members(io.BytesIO(raw))] == [*files, MANIFEST]


def test_the_sum_is_that_of_sha256sum_lines() -> None:

    text = f"{'0' * 64}  a.json\n{'1' * 64}  b.json\n"
    files = [File("a.json", "0" * 64, 1), File("b.json", "1" * 64, 1)]
    assert contents_sum(files) == hashlib.sha256(text.encode()).hexdigest()
