"""Whether a bundle is as it was written; names the first file that is not."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agents_app.accounts.trail import signing
from agents_app.accounts.trail.chain import Follower, Link, Row, written
from agents_app.evidence.container import manifest, reading
from agents_app.evidence.container.layout import Damaged, Member, members
from agents_app.evidence.container.manifest import MANIFEST, SIGNATURE, File

OF_THE_TRAIL: Final = ("export", "seal")  # the rows that record a bundle, in their order


@dataclass(frozen=True)
class Verdict:
    """A bundle that is whole: its manifest, its files, and the fingerprint of the key that signed it ("" if none)."""

    manifest: dict[str, Any]
    files: list[File]
    signed_by: str


def check(path: Path, *, key: Ed25519PublicKey | None = None) -> Verdict:
    """Checks the ZIP's layout, the signature and all sums; raises Damaged. With `key` it has to be signed by it."""
    with path.open("rb") as file:
        found = {one.path: one for one in members(file)}
        raw = _small(file, found, MANIFEST)
        signed = _signed(file, found, raw, key)
        facts, files = manifest.read(raw)
        _same_files(found, files)
        for one in files:
            _same_contents(file, found[one.path], one)
    return Verdict(facts, files, signed)


def _small(file: BinaryIO, found: dict[str, Member], name: str) -> bytes:
    if name not in found:
        raise Damaged(name, "is missing")
    return reading.contents(file, found[name], most=manifest.MOST)


def _signed(
    file: BinaryIO, found: dict[str, Member], raw: bytes, key: Ed25519PublicKey | None
) -> str:
    """The fingerprint of the key that signed the manifest."""
    if SIGNATURE not in found:
        if key is not None:
            raise Damaged(SIGNATURE, "is missing: the bundle is not signed")
        return ""
    text = _small(file, found, SIGNATURE).decode("ascii", "replace")
    used = key or _own_key(text)
    try:
        stated = signing.opened_text(text, used, name=SIGNATURE)
    except signing.NotSigned as error:
        raise Damaged(SIGNATURE, str(error).partition(": ")[2] or str(error)) from error
    if stated.get("manifest_sha256") != hashlib.sha256(raw).hexdigest():
        raise Damaged(MANIFEST, "was changed: its signature is for another text")
    if text != _rewritten(text, used):
        raise Damaged(SIGNATURE, "was changed: it is not written as a signature is")
    return fingerprint(used)


def _own_key(text: str) -> Ed25519PublicKey:
    """The key that a signature itself names: proves only that nothing was damaged by accident."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(json.loads(text)["public_key"]))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Damaged(SIGNATURE, "cannot be read") from error


def _rewritten(text: str, key: Ed25519PublicKey) -> str:
    """The same signature by this key as it is written, so that no byte of it is without meaning."""
    body = json.loads(text)
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    kept = {
        "statement": body["statement"],
        "signature": base64.b64encode(base64.b64decode(body["signature"])).decode(),
        "public_key": base64.b64encode(raw).decode(),
    }
    return json.dumps(kept, indent=1) + "\n"


def fingerprint(key: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the SHA-256 of a public key."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _same_files(found: dict[str, Member], files: list[File]) -> None:
    """Every listed file once and no other, in the order in which the manifest lists them."""
    listed = [one.path for one in files]
    for path in listed:
        if path not in found:
            raise Damaged(path, "is missing")
    allowed = {*listed, MANIFEST, SIGNATURE}
    for path in found:
        if path not in allowed:
            raise Damaged(path, "is not listed in the manifest")
    if len(set(listed)) != len(listed) or {MANIFEST, SIGNATURE} & set(listed):
        raise Damaged(MANIFEST, "lists a file twice, or itself")
    last = [name for name in (MANIFEST, SIGNATURE) if name in found]
    if list(found) != [*listed, *last]:
        raise Damaged(MANIFEST, "lists the files in another order than the ZIP file has them")


def _same_contents(file: BinaryIO, member: Member, listed: File) -> None:
    if reading.digest(file, member) != listed.sha256 or member.size != listed.size_bytes:
        raise Damaged(listed.path, "was changed: its SHA-256 is not that of the manifest")


def check_trail(verdict: Verdict, rows: Iterable[Row]) -> int:
    """Whether an exported trail holds the rows that recorded this bundle, as recorded; gives the rows followed."""
    wanted = _wanted(verdict.manifest)
    follower: Follower | None = None
    for row in rows:
        follower = follower or Follower(Link(row["sequence"] - 1, row["previous_hash"]))
        if not follower.follow([row]) and follower.bad is not None:
            raise Damaged(
                "",
                f"not vouched for: trail row {follower.bad.sequence:,} is {follower.bad.problem}",
            )
        name, stated = wanted.pop(row["sequence"], ("", {}))
        if name and not _says(row, verdict.manifest, name, stated):
            raise Damaged(
                MANIFEST, f"names trail row {row['sequence']:,}, which says something else"
            )
    if wanted:
        raise Damaged(
            MANIFEST, f"names trail row {min(wanted):,}, which the given trail does not hold"
        )
    return follower.rows if follower else 0


def _wanted(facts: dict[str, Any]) -> dict[int, tuple[str, dict[str, Any]]]:
    """Both rows by their numbers: without either, nothing of the trail vouches for the contents."""
    named = facts.get("trail")
    if not isinstance(named, dict) or set(named) != set(OF_THE_TRAIL):
        raise Damaged(MANIFEST, "does not name the two rows of the trail that record a bundle")
    begun, sealed = (int(named[name]["sequence"]) for name in OF_THE_TRAIL)
    if sealed <= begun:
        raise Damaged(MANIFEST, "names a row that seals the bundle before the one that began it")
    return {begun: ("export", named["export"]), sealed: ("seal", named["seal"])}


def _says(row: Row, facts: dict[str, Any], name: str, stated: dict[str, Any]) -> bool:
    """The opening row names object, person, time and reason; the closing one the bundle and the sum over its sums."""
    said = row["hash"] == stated.get("hash") and row["user_name"] == facts["exporter"]["name"]
    if not said or row["outcome"] != "success":
        return False
    if name == "export":
        subject = facts["subject"]
        told = (row["object_kind"], list(row["object_ids"]), row["reason"], written(row["at"]))
        ids = [subject["id"], facts["bundle"]]
        return told == (subject["kind"], ids, facts["reason"], facts["exported_at"])
    # Beside the two stands what the bundle is of, so that the trail's questions about it find the row.
    sealed, beside = list(row["object_ids"][:2]), set(row["object_ids"][2:])
    told_of = (row["object_kind"], sealed)
    is_told = told_of == ("bundle", [facts["bundle"], facts["contents_sha256"]])
    return is_told and beside <= {facts["subject"]["id"]}
