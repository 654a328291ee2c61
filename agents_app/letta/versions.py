"""Which Letta releases a database may have been made by: alembic revisions, tables and landmarks.

Several releases share one schema, so an answer is a span ("0.16.7 or 0.16.8"), never one number
unless only one release fits. It is shown, not relied upon: queries ask the catalogue for columns.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

# First tag, last tag, then the revisions that the first tag brought; the last one is its head.
# Builds made between two tags stop at one of the others. A deeper indent continues a line.
_CHAIN = """
0.5.0 0.5.1 9a505cc7eca9
0.5.2 0.5.2 d14ae606614c b6d7ca024aa9
0.5.3 0.5.5 cda66b6cb0d6 c85a3d07c028 f7507eab4bb9
0.6.0 0.6.0 f81ceea2c08d 1c8880d671ee 5987401b40ae
0.6.1 0.6.1 3c683a662c82
0.6.2 0.6.2 08b2f8225812 95badb46fdf9 e1a625072dbf a91994b9752f
0.6.3 0.6.4 c5d964280dff
0.6.5 0.6.5 d05669b60ebe 4e88e702f85e 54dec07619c4
0.6.6 0.6.6 d6632deac81d
0.6.7 0.6.7 e78b4e82db30
0.6.8 0.6.8 400501b04bf0 915b68780108
0.6.9 0.6.9 e20573fe9b86 cdb3db091113
0.6.10 0.6.13 8d70372ad130 7778731d15e2 88f9432739a9 22a6e413d89c 7f652fdd3dba f595e0e8013e
    25fc99e97839 416b9d2db10b
0.6.14 0.6.14 f895232c144a
0.6.15 0.6.19 6fbe9cace832
0.6.20 0.6.21 f922ca16e42c
0.6.22 0.6.24 dfafcf8210ca
0.6.25 0.6.27 7980d239ea08
0.6.28 0.6.28 a113caac453e a3047a624130
0.6.29 0.6.29 549eff097c71
0.6.30 0.6.34 fdcdafdb11cf
0.6.35 0.6.36 b183663c6769 54f2311edb62
0.6.37 0.6.37 2f4ede6ae33b
0.6.39 0.6.39 d211df879a5f 167491cfb7a8
0.6.40 0.6.42 77de976590ae 2cceb07c2384
0.6.43 0.6.43 1e553a664210
0.6.44 0.6.45 bdddd421ec41
0.6.46 0.6.48 a66510f83fc2
0.6.49 0.6.53 bff040379479 74f2ede29317 e991d2e3b428 6fe79c0525f2 90bb156e71df 0ceb975e0063
0.6.54 0.7.1 c3b1da3d1157 f2f78d62005c 7b189006c97d a3c7d62e08ca
0.7.2 0.7.7 28b8765bdd0a
0.7.8 0.7.8 c56081a05371 373dabcba6cf
0.7.9 0.7.10 0335b1eb9c40
0.7.11 0.7.12 878607e41ca4
0.7.13 0.7.13 18e300709530
0.7.14 0.7.15 1dc0fee72dea
0.7.16 0.7.20 220856bbf43b
0.7.21 0.7.29 cc8dc340836d 6c53224a7a58
0.8.0 0.8.1 9ecbdbaa409f dd049fbec729 348214cbc081 341068089f14 0b496eae90de 614c4e53b66e
0.8.2 0.8.2 cdd4a1c11aee 9792f94e961d
0.8.3 0.8.3 c96263433aef
0.8.4 0.8.4 1c6b6a38b713 c0ef3ff26306
0.8.5 0.8.5 90fd814d0cda 9556081ce65b 9758adf8fdd3
0.8.6 0.8.6 61ee53ec45a5 c7ac45f69849
0.8.7 0.8.8 51999513bcf1
0.8.9 0.8.9 1af251a42c06 46699adc71a7 60ed28ee7138 56254216524f
0.8.10 0.8.13 47d2277e530d
0.8.14 0.8.15 495f3f474131
0.8.16 0.8.17 2c059cad97cc cce9a6174366
0.9.0 0.9.0 c4eb5a907b38 ddecfe4902bc
0.9.1 0.9.1 f5d26b0526e8 f55542f37641 06fbbf65d4f1
0.10.0 0.10.1 4537f0996495 4c6c9ef0387d 15b577c62f3f
0.11.0 0.11.0 74e860718e0d d007f4ca66bf 05c3bc564286
0.11.1 0.11.3 f7f757414d20 5fb8bba2c373
0.11.4 0.11.6 ffb17eb241fc
0.11.7 0.11.7 d5103ee17ed5 887a4367b560 068588268b02 c41c87205254 54c76f7cabca f3bf00ef6118
    ddb69be34a72
0.12.0 0.12.1 5b804970e6a0 750dd87faa12 b888f21b151f 18ff61fbc034 5d27a719b24d d06594144ef3
    7f7933666957 eff256d296cb 5973fd8b8c60 57bcea83af3f 3d2e9fb40a3c 567e9fe06270 3bc3c031fbe4
    f9ad1c25fd2b 89b595051e48 b6061da886ee 038e68cdf0df c734cfc0d595
0.13.0 0.13.0 066857381578 8149a781ac1b e67961ed7c32 6756d04c3ddb c6c43222e2de f6cd5a1e519d
0.14.0 0.15.1 89fd4648866b d798609d65ff a1b2c3d4e5f6 2dbb2cf49e07 b1c2d3e4f5a6
0.16.0 0.16.0 175dd10fb916 af842aa6f743 2e5e90d3cdf8 d0880aae6cee
0.16.1 0.16.1 39577145c45d
0.16.2 0.16.2 ee2b43eea55e 27de0f58e076
0.16.4 0.16.4 cf3c4d025dbc a1b2c3d4e5f7 539afa667cff 82feb220a9b8 308a180244fc 297e8217e952
    9275f62ad282 a1b2c3d4e5f8
0.16.5 0.16.6 3e54e2fa2f7e b2c3d4e5f6a8
0.16.7 0.16.8 45402909a46b 9fa274fb0b83 a08c972e781b 1c28e167b74f
"""

# Table: first tag that has it, last tag that has it ("" = the last release, 0.16.8, has it).
TABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agent_environment_variables": ("0.6.9", ""),
        "agent_passages": ("0.6.5", "0.10.1"),
        "agents": ("0.5.0", ""),
        "agents_tags": ("0.5.3", ""),
        "alembic_version": ("0.5.0", ""),
        "archival_passages": ("0.11.0", ""),
        "archives": ("0.11.0", ""),
        "archives_agents": ("0.11.0", ""),
        "block": ("0.5.0", ""),
        "block_history": ("0.6.49", ""),
        "blocks_agents": ("0.6.0", ""),
        "blocks_conversations": ("0.16.4", ""),
        "blocks_tags": ("0.16.4", ""),
        "conversation_messages": ("0.16.2", ""),
        "conversations": ("0.16.2", ""),
        "file_contents": ("0.8.2", ""),
        "files": ("0.5.0", ""),
        "files_agents": ("0.8.0", ""),
        "groups": ("0.6.40", ""),
        "groups_agents": ("0.6.40", ""),
        "groups_blocks": ("0.6.49", ""),
        "identities": ("0.6.28", ""),
        "identities_agents": ("0.6.30", ""),
        "identities_blocks": ("0.6.39", ""),
        "job_messages": ("0.6.10", "0.11.7"),
        "jobs": ("0.5.0", ""),
        "llm_batch_items": ("0.6.49", ""),
        "llm_batch_job": ("0.6.49", ""),
        "mcp_oauth": ("0.10.0", ""),
        "mcp_server": ("0.8.0", ""),
        "mcp_tools": ("0.13.0", ""),
        "messages": ("0.5.0", ""),
        "organizations": ("0.5.3", ""),
        "passage_tags": ("0.11.7", ""),
        "passages": ("0.5.0", "0.6.4"),
        "prompts": ("0.10.0", ""),
        "provider_models": ("0.14.0", ""),
        "provider_trace_metadata": ("0.16.4", ""),
        "provider_traces": ("0.7.21", ""),
        "providers": ("0.6.9", ""),
        "run_metrics": ("0.12.0", ""),
        "runs": ("0.12.0", ""),
        "sandbox_configs": ("0.6.0", ""),
        "sandbox_environment_variables": ("0.6.0", ""),
        "source_passages": ("0.6.5", ""),
        "sources": ("0.5.0", ""),
        "sources_agents": ("0.6.5", ""),
        "step_metrics": ("0.11.1", ""),
        "steps": ("0.6.10", ""),
        "tools": ("0.5.0", ""),
        "tools_agents": ("0.6.2", ""),
        "users": ("0.5.0", ""),
    }
)

# What tells a release apart when alembic_version cannot be read: a table, or a column of one.
_LANDMARKS = (
    ("0.6.5", "agents", "organization_id"),
    ("0.6.10", "steps", ""),
    ("0.6.28", "identities", ""),
    ("0.6.40", "messages", "content"),
    ("0.6.49", "messages", "sequence_id"),
    ("0.6.54", "messages", "sender_id"),
    ("0.7.2", "agents", "response_format"),
    ("0.7.16", "block", "read_only"),
    ("0.7.21", "provider_traces", ""),
    ("0.8.0", "mcp_server", ""),
    ("0.8.2", "file_contents", ""),
    ("0.8.16", "messages", "is_err"),
    ("0.9.0", "prompts", ""),
    ("0.11.0", "archives", ""),
    ("0.11.1", "step_metrics", ""),
    ("0.11.7", "passage_tags", ""),
    ("0.12.0", "runs", ""),
    ("0.13.0", "messages", "approvals"),
    ("0.14.0", "provider_models", ""),
    ("0.16.0", "agents", "compaction_settings"),
    ("0.16.2", "conversations", ""),
    ("0.16.4", "blocks_conversations", ""),
    ("0.16.5", "conversations", "model"),
    ("0.16.7", "conversations", "last_message_at"),
)


@dataclass(frozen=True, slots=True)
class Release:
    """The releases a schema belongs to; `exact` says that a published tag has just this schema.

    `first` and `last` are None for an unknown revision. For a build made between two tags they are
    the tags around it, so it is newer than `first` and older than `last`.
    """

    text: str
    first: str | None = None
    last: str | None = None
    exact: bool = False


def release_of(version_num: str | None) -> Release:
    """The releases of an alembic revision; one that no release has (a fork, or newer) is unknown."""
    return _releases().get(version_num or "", Release("unknown"))


def looks_like(columns: Mapping[str, Set[str]]) -> Release:
    """A guess from the tables and columns that exist, for a database whose revision is no help.

    The newest landmark present decides, so that a single dropped column does not make it old.
    """
    present = [place for place, mark in enumerate(_LANDMARKS) if _has(columns, mark)]
    if not present:
        return Release("unknown, older than 0.6.5")
    newest = max(present)
    first = _LANDMARKS[newest][0]
    if newest + 1 == len(_LANDMARKS):
        return Release(f"unknown, like {first} or newer", first)
    last = _last_before(_LANDMARKS[newest + 1][0])
    return Release(f"unknown, like {_span(first, last)}", first, last)


def expected_tables(release: Release) -> frozenset[str]:
    """Tables that every release of the span has; empty when nothing is known of it."""
    if release.first is None:
        return frozenset()
    low, high = _key(release.first), _key(release.last or release.first)
    return frozenset(
        name
        for name, (first, last) in TABLES.items()
        if _key(first) <= low and (not last or high <= _key(last))
    )


def _has(columns: Mapping[str, Set[str]], landmark: tuple[str, str, str]) -> bool:
    _, table, column = landmark
    return table in columns and (not column or column in columns[table])


def _last_before(first: str) -> str:
    """The last tag of the span that ends where the one beginning with `first` begins."""
    spans = sorted({(r.first, r.last) for r in _releases().values() if r.exact}, key=_span_key)
    return [last or "" for begin, last in spans if _key(begin or "") < _key(first)][-1]


def _span_key(span: tuple[str | None, str | None]) -> tuple[int, ...]:
    return _key(span[0] or "")


@cache
def _releases() -> dict[str, Release]:
    found: dict[str, Release] = {}
    before = ""
    for line in _CHAIN.strip().replace("\n    ", " ").splitlines():
        first, last, *revisions = line.split()
        text = f"after {before}, before {first}" if before else f"before {first}"
        found |= dict.fromkeys(revisions, Release(text, before or None, first))
        found[revisions[-1]] = Release(_span(first, last), first, last, exact=True)
        before = last
    return found


def _span(first: str, last: str) -> str:
    if first == last:
        return first
    *minor, patch = _key(first)
    neighbours = _key(last) == (*minor, patch + 1)
    return f"{first} {'or' if neighbours else 'to'} {last}"


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
