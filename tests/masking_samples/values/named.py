"""Keys and passwords that only their name tells: hexadecimal, uuids, words somebody thought of."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

NAMED = {
    "aws secret": ("AWS_SECRET_ACCESS_KEY", "<b40>"),
    "aws session": ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2Vj<b260>=="),
    "azure openai": ("AZURE_OPENAI_API_KEY", "<h32>"),
    "azure storage": ("AZURE_STORAGE_KEY", "<b86>=="),
    "datadog api": ("DD_API_KEY", "<h32>"),
    "datadog app": ("DATADOG_APP_KEY", "<h40>"),
    "twilio auth": ("TWILIO_AUTH_TOKEN", "<h32>"),
    "heroku uuid": ("HEROKU_API_KEY", "<uuid>"),
    "cloudflare": ("CLOUDFLARE_API_TOKEN", "<w40>"),
    "cohere": ("COHERE_API_KEY", "<a40>"),
    "mistral": ("MISTRAL_API_KEY", "<a32>"),
    "together": ("TOGETHER_API_KEY", "<h64>"),
    "gemini": ("GEMINI_API_KEY", "<w39>"),
    "okta": ("OKTA_API_TOKEN", "00<w40>"),
    "algolia": ("ALGOLIA_ADMIN_KEY", "<h32>"),
    "elastic": ("ELASTIC_API_KEY", "<b58>=="),
    "fastly": ("FASTLY_API_TOKEN", "<w32>"),
    "netlify": ("NETLIFY_AUTH_TOKEN", "<w43>"),
    "snyk": ("SNYK_TOKEN", "<uuid>"),
    "twitter bearer": ("TWITTER_BEARER_TOKEN", "AAAAAAAAAAAAAAAAAAAAA<a70>%3D<a20>"),
    "twitter secret": ("TWITTER_API_SECRET", "<a50>"),
    "spotify": ("SPOTIFY_CLIENT_SECRET", "<h32>"),
    "oauth secret": ("OAUTH_CLIENT_SECRET", "<w40>"),
    "django": ("DJANGO_SECRET_KEY", "django-insecure-<a50>"),
    "jwt secret": ("JWT_SECRET", "<a48>"),
    "session": ("SESSION_SECRET", "<h64>"),
    "encryption": ("ENCRYPTION_KEY", "<b43>="),
    "webhook": ("WEBHOOK_SECRET", "<h40>"),
    "private token": ("PRIVATE_TOKEN", "<w26>"),
    "access token": ("ACCESS_TOKEN", "<w64>"),
    "refresh token": ("REFRESH_TOKEN", "<w80>"),
    "bearer": ("AUTH_TOKEN", "<w52>"),
    "ethereum": ("ETH_PRIVATE_KEY", "0x<h64>"),
    "discord secret": ("DISCORD_CLIENT_SECRET", "<w32>"),
    "intercom": ("INTERCOM_ACCESS_TOKEN", "<w60>"),
    "x-api": ("X_API_KEY", "<a40>"),
}
PASSWORDS = ("POSTGRES_PASSWORD", "DB_PASSWORD", "SMTP_PASSWORD", "ROOT_PASSWORD", "REDIS_PASSWORD",
             "ADMIN_PASSWORD", "PASSWORD", "MYSQL_ROOT_PASSWORD", "KEYSTORE_PASSPHRASE", "LDAP_PASSWD")  # fmt: skip
WORDS = ["Sommer", "Winter", "Dragon", "Kestrel", "Orchid", "Falcon", "Borschtsch", "Gizmo", "Zephyr", "Marble", "Tulpe"]  # fmt: skip


def named_keys(chance: Chance) -> list[Value]:
    made = []
    for form, (name, template) in NAMED.items():
        text, hidden = chance.fill(template)
        made.append(Value("key", form, text, hidden, name, alone=False))
    return made + [password_value(chance, style) for style in STYLES for _ in range(3)]


STYLES = ("thought of", "drawn", "words", "digits", "signs")


def password_value(chance: Chance, style: str) -> Value:
    text = password(chance, style)
    name = chance.choice(PASSWORDS)
    return Value("key", f"password, {style}", text, (text,), name, alone=False)


def password(chance: Chance, style: str) -> str:
    word = chance.choice(WORDS)
    return {
        "thought of": f"{word}{chance.randint(1960, 2026)}!",
        "drawn": chance.take("a", chance.randint(10, 24)),
        "words": "-".join(w.lower() for w in chance.some(WORDS, 4)),
        "digits": f"{word.lower()}{chance.take('d', 4)}",
        "signs": f"{chance.take('a', 4)}#{chance.take('a', 3)}!{chance.take('a', 4)}*{chance.take('d', 2)}",
    }[style]
