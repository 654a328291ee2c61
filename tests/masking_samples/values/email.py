"""E-mail addresses of people who do not exist."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

FIRST = "anna jonas oksana taras lucia mateo chloé luc yuki haruto priya liam nora emre zofia"
LAST = "kowalska brandt melnyk ortega lefèvre tanaka osei walsh haddad lindqvist moreau sato"
HOSTS = (
    "example.com example.org mail.example.net gmail.com web.de ukr.net correo.example.es "
    "orange.fr post.example.co.jp stud.uni-beispiel.de acme.io shop.museum a-b.example.co.uk "
    "support.internal.example.com proton.me t-online.de yandex.ru xn--bcher-kva.example"
)


def emails(chance: Chance) -> list[Value]:
    return [email(chance, form) for form in FORMS]


def email(chance: Chance, form: str) -> Value:
    first, last = chance.choice(FIRST.split()), chance.choice(LAST.split())
    if not form.startswith("unicode"):
        first, last = plain(first), plain(last)
    local = FORMS[form].format(
        f=first, l=last, i=first[0], n=chance.randint(1, 99), y=chance.randint(1960, 2009)
    )
    host = chance.choice(HOSTS.split())
    if form == "unicode host":
        host = chance.one("bücher.example", "пошта.укр", "例え.jp", "correo.españa")
    if form == "address literal":
        host = "[203.0.113.7]"
    text = f"{local}@{host}"
    if form == "upper case":
        text, local = text.upper(), local.upper()
    return Value("e-mail", form, text, (f"{local}@",), chance.one("email", "contact", "note"))


FORMS = {
    "first.last": "{f}.{l}",
    "initial and name": "{i}{l}",
    "digits": "{f}{y}",
    "tag": "{f}+shop{n}",
    "underscore": "{f}_{l}{n}",
    "hyphen": "{f}-{l}",
    "short": "{i}{n}",
    "upper case": "{f}.{l}",
    "apostrophe": "{f}.o'{l}",
    "unicode local": "{f}.{l}ß",
    "unicode host": "{f}{n}",
    "address literal": "{f}.{l}",
    "special": "{f}%{l}!{n}",
}


def plain(name: str) -> str:
    return name.replace("é", "e").replace("è", "e")
