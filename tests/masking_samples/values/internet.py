"""Addresses of machines: IPv4 and IPv6 in the forms they are written in."""

import ipaddress

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

V4 = ("plain", "port", "network", "private", "in url", "brackets", "range")
V6 = (
    "compressed", "full", "upper case", "port", "zone", "mapped", "network", "in url",
    "leading zeroes", "unique local",
)  # fmt: skip


def addresses(chance: Chance) -> list[Value]:
    return [four(chance, form) for form in V4] + [six(chance, form) for form in V6]


def four(chance: Chance, form: str) -> Value:
    first = chance.choice([23, 31, 46, 62, 77, 85, 91, 94, 141, 176, 185, 193, 203, 217])
    address = f"{first}.{chance.randint(10, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    if form == "private":
        address = chance.one(f"10.{chance.randint(0, 255)}", "192.168", "172.20")
        address += f".{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    text = {
        "port": f"{address}:{chance.randint(1024, 65535)}",
        "network": f"{address.rsplit('.', 1)[0]}.0/24",
        "in url": f"http://{address}:8080/status",
        "brackets": f"[{address}]",
        "range": f"{address}-{address.rsplit('.', 1)[0]}.254",
    }.get(form, address)
    hidden = address.rsplit(".", 1)[0] + "." if form in ("network", "range") else address
    return Value("ip", f"v4, {form}", text, (hidden,), chance.one("ip", "client", "remote_addr"))


def six(chance: Chance, form: str) -> Value:
    head = {"zone": 0xFE80 << 112, "unique local": 0xFD12 << 112}.get(form, 0x2001_0DB8 << 96)
    if form in ("compressed", "port", "in url") and chance.random() < 0.5:
        head = 0x2A02_8108 << 96
    address = ipaddress.IPv6Address(head | chance.getrandbits(64))
    written = str(address)
    if form == "mapped":
        written = (
            f"::ffff:{chance.randint(11, 223)}.{chance.randint(0, 255)}.7.{chance.randint(1, 254)}"
        )
    if form in ("full", "leading zeroes"):
        written = ipaddress.IPv6Address(head | chance.getrandbits(90)).exploded
    text = {
        "upper case": written.upper(),
        "port": f"[{written}]:443",
        "zone": f"{written}%eth0",
        "network": f"{written}/64",
        "in url": f"https://[{written}]:8443/health",
    }.get(form, written)
    hidden = written.upper() if form == "upper case" else written
    return Value("ip", f"v6, {form}", text, (hidden,), chance.one("ip", "client", "peer"))
