"""The roles in words: `docs/roles.md` is what this writes of ROLES and of the URLconf."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

from agents_app.accounts.roles import ROLES, SUPERUSER, Right, Role

MEANINGS: Final = {
    Right.METADATA: "ids, names of agents, times, sizes, counts, statuses, kinds of errors",
    Right.CONTENT: "what was said and stored: messages, passages, files, errors’ words",
    Right.MEMORY: "what is remembered: values of blocks over time and the evidence for them",
    Right.PERSONAL: "identities: names, external keys, properties",
    Right.PROMPT: "system prompts, raw model requests and responses, source of tools",
    Right.CLUSTER: "capacity, cost, sizes, connections of the database",
    Right.TRAIL: "who looked at what, and reviewing it",
    Right.EVIDENCE: "taking content out: evidence bundles and footprints",
    Right.REVEAL: "lifting the mask from one object, with a reason, for 30 minutes",
    Right.ACCOUNTS: "accounts of this console: roles, organizations, lost phones",
}
HEAD: Final = """# Roles

Written by `manage.py print_roles > docs/roles.md` out of `agents_app/accounts/roles.py` and the URLconf; a test
compares. A role is a group of that name, given on `/accounts/<id>/`; a person has one at most, and without one
sees nothing. Rights are on classes of fields and are checked before anything is fetched: what a role lacks is
neither selected nor in any page, JSON, export or search hit.
"""
NOTES: Final = """
- **everywhere / assigned**: which organizations' rows the role reads. *Assigned* organizations are given to the
  person, narrowed to identities or tags if need be: *own* ones are open; *on request* a reason opens one for 30
  minutes without use, 4 hours at most, with a banner and a row of the trail. Of all others an id answers exactly
  like one that does not exist. The identity or tag that narrows a person last is taken away only by a confirmation.
- **with a reason**: the right holds in organizations that the person opened with a category, a ticket and a reason.
- **masked**: e-mail addresses, phone and card numbers, IBANs, IP addresses, postal addresses and secrets are shown
  as their kind, in every output; searching does not find them. Only a whole e-mail address or number in the jump
  box, or a whole key in `/go`, leads to its customer. Whoever has the right *reveal* lifts that for one object.
- Opened organizations, reveals and exports wait on `/trail/review/` for somebody else's review. So does an
  administrator's reset of a password or second factor, who could sign in under that name: neither they nor whose
  account it is review it, and the person is told at each sign-in for two weeks.
"""
PAGES: Final = """
## Pages

What a page needs is checked first; what else it shows depends on the other rights of the reader, so `/agents/<id>/`
shows an `ops` person no blocks' values. Open to everybody are `/livez`, `/readyz` and the pages of signing in.
A reveal unmasks the pages that show the object's own text, and a bundle of evidence of it, but for an identity's, which
is made of other objects' texts; every other page stays
masked, as its texts belong to other objects as well: neighbours, replays of searches, maps, a customer's parts.

| page | needs | unmasked by a reveal of |
| --- | --- | --- |
"""


_CONVERTER: Final = re.compile("<[a-z]+:")


def document() -> str:
    """The whole file."""
    return "".join((HEAD, _matrix(), NOTES, _meanings(), PAGES, *_pages()))


def _matrix() -> str:
    roles = {**ROLES, "superuser": SUPERUSER}
    rows = [("", *roles), ("---", *("---" for _ in roles))]
    rows += [(right.value, *(_cell(role, right) for role in roles.values())) for right in Right]
    rows.append(("*organizations*", *(role.reach for role in roles.values())))
    rows.append(("*personal data*", *(_mask(role) for role in roles.values())))
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(role: Role, right: Right) -> str:
    if right not in role.rights:
        return "–"
    return "with a reason" if right in role.with_reason else "yes"


def _mask(role: Role) -> str:
    shows = role.rights & {Right.CONTENT, Right.MEMORY, Right.PERSONAL, Right.PROMPT}
    if not shows:
        return "not shown"
    return "masked" if role.masked else "shown"


def _meanings() -> str:
    rows = "".join(f"| {right.value} | {MEANINGS[right]} |\n" for right in Right)
    return f"\n## Rights\n\n| right | what it is about |\n| --- | --- |\n{rows}"


def _pages() -> Iterator[str]:
    for path, view in _walk(get_resolver(), ""):
        rights = getattr(view, "rights", None)
        if rights is not None:
            needs = ", ".join(right.value for right in rights) or "to be signed in"
            yield f"| `{path}` | {needs} | {_own(view)} |\n"


def _own(view: Any) -> str:
    """The object whose reveal unmasks the page, in words."""
    about = getattr(view, "about", "")
    name: str = about.__name__ if callable(about) else about.removesuffix("_id")
    return f"the {name.replace('_', ' ')}" if name else "–"


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield "/" + _CONVERTER.sub("<", path), entry.callback
