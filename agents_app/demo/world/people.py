"""Who is in the world: organizations, their API users, and the customers they serve."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from agents_app.demo.world.phrases import book
from agents_app.demo.world.rows import Ids, Sink, dumps, stamps

DEFAULT_ORGANIZATION = "org-00000000-0000-4000-8000-000000000000"
DEFAULT_USER = "user-00000000-0000-4000-8000-000000000000"

# Name, names of its API users, share of the agents.
_ORGANIZATIONS = (
    ("Fjordlight Outdoor", ("fjordlight-shop", "mia.keller", "jonas.lindqvist"), 0.72),
    ("Radhaus Kiezkette", ("radhaus-backend", "ayse.demir"), 0.14),
    ("茶の道 Tea House", ("chanomichi-api",), 0.09),
    ("default_org", ("default_user",), 0.05),
)

_LANGUAGE_WEIGHTS = {"en": 52, "de": 18, "fr": 10, "ru": 8, "ja": 8, "ar": 4}
_PETS = (
    ("dog", "Rex"), ("dog", "Luna"), ("cat", "Mikesch"), ("dog", "Balto"), ("cat", "Nori"),
    ("parrot", "Captain"), ("dog", "Шарик"), ("rabbit", "Hazel"), ("dog", "Pixel"),
)  # fmt: skip
PRODUCTS = (
    "Trollstig rain jacket", "Skarv 45 backpack", "Nattljus headlamp", "Fjell 3 trail shoe",
    "Isbre down parka", "Havn wool socks", "Tundra 2 tent", "Kvikk camping stove",
    "Lofoten softshell", "Bjørk hiking boots", "Aurora sleeping bag", "Sommarvind sandals",
)  # fmt: skip
WEARABLES = (
    "Trollstig rain jacket",
    "Fjell 3 trail shoe",
    "Isbre down parka",
    "Lofoten softshell",
    "Bjørk hiking boots",
)
CARRIERS = ("DHL", "PostNord", "DPD", "GLS", "UPS")
DEPOTS = ("Hamburg", "Malmö", "Rotterdam", "Leipzig", "Kraków")
COLOURS = ("moss green", "graphite", "ochre", "petrol blue", "burgundy")


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant with the ids of its API users, the shop's own backend first."""

    id: str
    name: str
    users: tuple[str, ...]
    share: float

    @property
    def backend(self) -> str:
        return self.users[0]

    @property
    def person(self) -> str:
        """The user who edits memory by hand."""
        return self.users[-1]


@dataclass(slots=True)
class Customer:
    """An end user: an identity, and the facts that recur in what they write."""

    id: str
    organization: Organization
    language: str
    first: str
    last: str
    email: str
    phone: str
    key: str
    since: datetime
    facts: dict[str, str] = field(default_factory=dict)
    orders: list[str] = field(default_factory=list)


def organizations(rng: Random, sink: Sink, *, start: datetime) -> list[Organization]:
    """The tenants, most used first; the server's default organization is the last."""
    ids, found = Ids(rng), []
    for name, users, share in _ORGANIZATIONS:
        default = name == "default_org"
        key = DEFAULT_ORGANIZATION if default else ids.new("org")
        user_ids = tuple(DEFAULT_USER if default else ids.new("user") for _ in users)
        sink.add(
            "organizations",
            {"id": key, "name": name, "privileged_tools": False} | stamps(start, user=None),
        )
        for user_id, user in zip(user_ids, users, strict=True):
            sink.add(
                "users",
                {"id": user_id, "name": user, "organization_id": key} | stamps(start, user=None),
            )
        found.append(Organization(id=key, name=name, users=user_ids, share=share))
    return found


def customers(
    rng: Random, sink: Sink, tenants: list[Organization], *, count: int, start: datetime
) -> list[Customer]:
    """`count` identities; most have an e-mail as key, some a customer number."""
    ids = Ids(rng)
    found = [_customer(rng, ids, tenants, number, start=start) for number in range(count)]
    for customer in found:
        properties = list(_properties(rng, customer))
        sink.add(
            "identities",
            {
                "id": customer.id,
                "identifier_key": customer.key,
                "name": f"{customer.first} {customer.last}",
                "identity_type": "user",
                "properties": dumps(properties),
                "organization_id": customer.organization.id,
            }
            | stamps(customer.since, user=customer.organization.backend),
        )
    return found


def _customer(
    rng: Random, ids: Ids, tenants: list[Organization], number: int, *, start: datetime
) -> Customer:
    # The first ones cover every language so that small worlds have them all.
    spread = list(_LANGUAGE_WEIGHTS)
    language = spread[number] if number < len(spread) else _weighted(rng, _LANGUAGE_WEIGHTS)
    first, last = rng.choice(book(language)["names"]).split(" ", 1)
    local = f"{_ascii(first)}.{_ascii(last)}" if _ascii(first) and _ascii(last) else "customer"
    email = f"{local}{number}@example.{rng.choice(('com', 'org', 'net'))}"
    tenant = tenants[0] if number < 12 else rng.choices(tenants, [t.share for t in tenants])[0]
    pet_kind, pet = rng.choice(_PETS)
    return Customer(
        id=ids.new("identity"),
        organization=tenant,
        language=language,
        first=first,
        last=last,
        email=email,
        phone=f"+{rng.choice((44, 49, 33, 47, 81))}{rng.randrange(10**8, 10**9)}",
        key=email if number % 3 else f"cust-{10_400 + number}",
        since=start + timedelta(hours=rng.randrange(1, 24 * 20)),
        facts={
            "pet": pet,
            "pet_kind": pet_kind,
            "city": rng.choice(book(language)["cities"]),
            "street": rng.choice(book(language)["streets"]),
            "shoe_size": str(rng.randrange(36, 47)),
        },
        orders=[f"FJ-{rng.randrange(100_000, 999_999)}" for _ in range(rng.randrange(2, 6))],
    )


def _properties(rng: Random, customer: Customer) -> Iterator[dict[str, Any]]:
    yield {"key": "phone", "value": customer.phone, "type": "string"}
    yield {"key": "email", "value": customer.email, "type": "string"}
    yield {"key": "locale", "value": customer.language, "type": "string"}
    yield {
        "key": "loyalty_tier",
        "value": rng.choice(("basic", "silver", "gold")),
        "type": "string",
    }
    yield {"key": "points", "value": rng.randrange(0, 9000), "type": "number"}
    yield {"key": "newsletter", "value": rng.random() < 0.6, "type": "boolean"}
    if rng.random() < 0.2:
        address = {"street": customer.facts["street"], "city": customer.facts["city"]}
        yield {"key": "address", "value": address, "type": "json"}


def fact_value(rng: Random, customer: Customer, fact: str) -> str:
    """A new value for one of the customer's facts, in words that fit any language."""
    if fact == "city":
        return rng.choice(book(customer.language)["cities"])
    if fact == "pet":
        return rng.choice(_PETS)[1]
    return {
        "shoe_size": str(rng.randrange(36, 47)),
        "birthday": f"{rng.randrange(1, 29)}.{rng.randrange(1, 13)}.",
        "delivery": rng.choice(("Mrs Nowak, 2nd floor", "Frau Öztürk", "the bakery next door")),
        "partner": rng.choice(("Robin", "Sasha", "Kim", "Noor")),
        "bike": rng.choice(("Nordvind 7", "Kiezflitzer", "Mistral 29")),
        "height": str(rng.randrange(155, 199)),
    }[fact]


def _weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if "a" <= letter <= "z")
