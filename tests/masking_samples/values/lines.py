"""Lines that carry a secret by their own grammar: URLs, connection strings, headers, commands, files."""

import base64
from urllib.parse import quote

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value
from tests.masking_samples.values.blocks import token
from tests.masking_samples.values.named import STYLES, password

HOST = "db.internal.example.net"
URLS = {
    "https url": "https://deploy:{p}@git.example.net/acme/shop.git",
    "github url": "https://x-access-token:{p}@github.com/acme/shop.git",
    "token url": "https://{p}@git.example.net/acme/shop.git",
    "ftp url": "ftp://backup:{p}@files.example.net/nightly",
    "sftp url": "sftp://ci:{p}@files.example.net:2222/in",
    "postgresql": f"postgresql://letta:{{p}}@{HOST}:5432/letta?sslmode=require",
    "postgres+asyncpg": f"postgresql+asyncpg://letta:{{p}}@{HOST}/letta",
    "mysql": f"mysql://root:{{p}}@{HOST}:3306/shop",
    "mongodb": "mongodb+srv://app:{p}@cluster0.abcde.mongodb.net/test?retryWrites=true",
    "redis": "redis://:{p}@cache.example.net:6379/0",
    "rediss": "rediss://default:{p}@cache.example.net:6380",
    "amqp": "amqps://worker:{p}@mq.example.net/prod",
    "smtp": "smtps://mailer:{p}@smtp.example.net:465",
    "clickhouse": f"clickhouse://reader:{{p}}@{HOST}:9440/logs",
    "ldap": "ldaps://cn=admin:{p}@ldap.example.net",
}
STRINGS = {
    "ado.net": f"Server=tcp:{HOST},1433;Database=shop;User ID=app;Password={{p}};Encrypt=True;",
    "odbc": f"Driver={{{{ODBC Driver 18}}}};Server={HOST};UID=app;PWD={{p}};",
    "jdbc": f"jdbc:mysql://{HOST}:3306/shop?user=app&password={{p}}&useSSL=true",
    "libpq": f"host={HOST} port=5432 dbname=letta user=letta password={{p}} sslmode=require",
    "azure storage": "DefaultEndpointsProtocol=https;AccountName=acmeprod;AccountKey={b86}==;EndpointSuffix=core.windows.net",
    "azure bus": "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={b43}=",
    "pgpass": f"{HOST}:5432:letta:letta:{{p}}",
    "netrc": "machine git.example.net login deploy password {p}",
    "sql": "ALTER USER letta WITH PASSWORD '{p}';",
    "sql identified": "CREATE USER 'app'@'%' IDENTIFIED BY '{p}';",
}  # fmt: skip
COMMANDS = {
    "curl user": "curl -u admin:{p} https://api.example.net/v1/things",
    "curl bearer": "curl -H 'Authorization: Bearer {w48}' https://api.example.net/v1/things",
    "curl key header": 'curl -H "X-Api-Key: {a40}" https://api.example.net/v1/things',
    "mysql": "mysql -h db.example.net -u root -p{p} shop",
    "sshpass": "sshpass -p '{p}' ssh admin@db.example.net",
    "pgpassword": "PGPASSWORD={p} psql -h db.example.net -U letta",
    "docker login": "docker login -u ci -p {p} registry.example.net",
    "option": "importer --user app --password {p} --verbose",
    "option token": "deploy --token={w40} --env prod",
    "openssl": "openssl pkcs12 -in a.p12 -passin pass:{p} -nodes",
}
HEADERS = {
    "bearer": "Authorization: Bearer {w60}",
    "bearer token": "authorization: Bearer {jwt}",
    "basic": "Authorization: Basic {basic}",
    "token": "Authorization: Token {h40}",
    "cookie": "Cookie: theme=dark; sessionid={l32}; csrftoken={a32}",
    "set-cookie": "Set-Cookie: session={w64}; Path=/; HttpOnly; Secure",
    "api key": "X-API-Key: {a40}",
    "private token": "PRIVATE-TOKEN: {w20}",
    "proxy": "Proxy-Authorization: Basic {basic}",
    "amz": "Authorization: AWS4-HMAC-SHA256 Credential=AKIA{B16}/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature={h64}",
}  # fmt: skip
QUERIES = {
    "presigned": "https://acme.s3.amazonaws.com/r.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature={h64}",
    "sas": "https://acme.blob.core.windows.net/in/a.csv?sv=2022-11-02&se=2026-12-01&sp=r&sig={b43}%3D",
    "access token": "https://api.example.net/v1/me?access_token={w48}&fields=id",
    "api key": "https://maps.example.net/geocode?q=Paris&api_key={a32}",
    "key": "https://maps.example.net/js?key=AIzaSy{w33}&v=3",
    "reset": "https://shop.example.net/reset?token={w43}",
    "client secret": "grant_type=client_credentials&client_id=shop&client_secret={w40}",
    "password form": "username=anna&password={p}&remember=1",
    "otpauth": "otpauth://totp/Shop:anna?secret={B32}&issuer=Shop",
}  # fmt: skip
FILES = {
    "npmrc": "//registry.npmjs.org/:_authToken={w36}",
    "docker config": '{{"auths": {{"registry.example.net": {{"auth": "{basic}"}}}}}}',
    "htpasswd": "anna:$apr1${a8}${a22}",
    "shadow": "anna:$6${a16}${a86}:19700:0:99999:7:::",
    "bcrypt": "hash: $2b$12${a53}",
    "kubernetes": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  password: {basic}",
    "wifi": "network={{\n  ssid=\"Cafe\"\n  psk=\"{p}\"\n}}",
    "wordpress": "define('AUTH_KEY', '{a64}');",
    "wordpress db": "define( 'DB_PASSWORD', '{p}' );",
    "spring": "spring.datasource.password={p}",
    "pypirc": "[pypi]\nusername = anna\npassword = {p}",
    "wireguard": "[Interface]\nPrivateKey = {b43}=\nAddress = fd00::2/64",
    "java": 'props.setProperty("password", "{p}");',
    "nuget": '<add key="ClearTextPassword" value="{p}" />',
    "xml": "<password>{p}</password>",
}  # fmt: skip
GROUPS = {
    "url": URLS,
    "string": STRINGS,
    "command": COMMANDS,
    "header": HEADERS,
    "query": QUERIES,
    "file": FILES,
}


def line_keys(chance: Chance) -> list[Value]:
    return [
        line(chance, f"{group}: {form}", template)
        for group, table in GROUPS.items()
        for form, template in table.items()
    ]


def line(chance: Chance, form: str, template: str) -> Value:
    word = password(chance, chance.choice(STYLES))
    if form.startswith(("url", "query", "string: jdbc")):
        word = quote(word, safe="!*-")
    if form == "url: token url":
        word = chance.take("a", 36)
    parts = {"p": word, "basic": base64.b64encode(f"anna:{word}".encode()).decode()}
    hidden: list[str] = [parts[k] for k in ("p", "basic") if f"{{{k}}}" in template]
    if "{jwt}" in template:
        parts["jwt"], of_token = token(chance)
        hidden.extend(of_token)
    for size in (8, 16, 20, 22, 32, 33, 36, 40, 43, 48, 53, 60, 64, 86):
        for letter in "abwlhBd":
            if f"{{{letter}{size}}}" in template:
                parts[f"{letter}{size}"] = chance.take(letter, size)
                hidden += [parts[f"{letter}{size}"]] if size > 8 else []
    text = template.format(**parts)
    return Value("key", form, text, tuple(hidden), whole=True)
