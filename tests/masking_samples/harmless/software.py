"""Versions, packages, code, logs, styles and settings: what developers paste."""

GROUPS = {
    "versions": (
        "version {fourpart}", "v{version}", "upgrade from {version} to {version}", "{word}=={version}", "Chrome/12{d}.0.0.0 Safari/537.36",
        "{word}-{fourpart}.tar.gz", "requires {word}>={version},<{n}", "Version {fourpart} (build {nn})", "Windows 10.0.19045.{nn}",
        "assembly {word}, Version={fourpart}, Culture=neutral", "lib{word}.so.{version}", "section {d}.{d}.{d}.{d}", "Kapitel 3.{d}.1.{d}",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.{n} Safari/537.36", "driver version: {fourpart}",
        "FileVersion {fourpart}", "firmware {fourpart}", "release v{fourpart}-rc{d}", '"{word}": "^{version}"', "image: {word}:{version}-alpine",
        "PostgreSQL 16.{d} on x86_64", "Letta 0.16.{d}", "npm i {word}@{version}", "версія {fourpart}", "OID 1.3.6.1.4.1.{nn}.1.{d}", "<PackageReference Version=\"{fourpart}\" />",
    ),
    "at signs": (
        "@app.route('/{word}')", "@types/node@{version}", "npm install @{word}/core @{word}/cli", "@pytest.fixture(scope='session')", "follow @{word}_news on X",
        "thanks @{word}{n}!", "import x from '@{word}/ui'", "uses: actions/checkout@v{d}", "git@github.com:acme/{word}.git", "@media (max-width: {n}px) {{ }}",
        "@Override public void run()", "{word}@{version}", "@dataclass(frozen=True)", "2 kg @ {price}", "docker pull {word}@sha256:<h64>", "@import url({word}.css);",
        "meet @ 10:30", "@property\ndef {word}(self): ...", "user @ host", "a @ b.T  # matrix product", "@Autowired {word}Service s;", "ping @here and @channel",
        "\"@context\": \"https://schema.org\"", "https://medium.com/@{word}/post-<h12>", "https://mastodon.social/@{word}/<d18>", "pip install {word} @ git+https://github.com/acme/{word}@main",
        "@click.option('--{word}', default={n})", "ssh deploy@{word}", "@echo off", "$@ and \"$@\"", "@1x @2x @3x icons",
    ),
    "secret-like code": (
        'password = os.environ["DB_PASSWORD"]', "password: ${{DB_PASSWORD}}", "api_key: str | None = None", '"password": null', "max_tokens: {nn}",
        '"token_count": {nn}', "secret_name: {word}-secret", '<input type="password" name="password">', "password must have at least {d} characters",
        "def get_token(self) -> str:", "if not token: raise ValueError('token missing')", "token = request.headers.get('Authorization')", "API_KEY=<your key here>",
        "password=********", "api_key=REDACTED", "os.getenv('OPENAI_API_KEY')", "secretKeyRef:\n  name: {word}\n  key: password", "from secrets import token_hex",
        "Forgot your password?", "Passwort vergessen?", "Забули пароль?", "¿Olvidaste tu contraseña?", "Mot de passe oublié ?", "パスワードをお忘れですか？", "I forgot my password again.",
        "the key to success is patience", "Das Passwort ist abgelaufen.", "token budget: {n}", "context_window: {nn}, max_tokens: {nn}", "primary_key=True", "key: {word}", "keys = sorted(data.keys())",
        "public_key_path: /etc/ssl/{word}.pub", "password_hasher = Argon2()", "The password reset mail did not arrive.", "private_key_file = '/etc/ssl/{word}.pem'", "tokens per second: {dec}",
        "tokenizer=cl100k_base", "author: {name}", "keyboard: qwertz", "access: public", "auth: none", "secret: false", "token_type: bearer", "the API key page", "Bearer of bad news",
        "basic authorization is off", "{{\"password\": \"\", \"user\": \"\"}}", "csrf_token()", "{{% csrf_token %}}", "type Token = string;", "passwordless sign-in", "password: required",
        "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI<b43> laptop", "pk_live_ keys may be public", "sk-learn, sk-image", "skip-token: true",
    ),
    "code": (
        "for i in range({n}): print(i)", "SELECT id, created_at FROM messages WHERE sequence_id > {nn} LIMIT {n};", "const x = {{ a: {n}, b: [{n}, {n}] }};", "git rebase -i HEAD~{d}",
        "if (x >= {n} && y < {nn}) {{ return; }}", "docker run --rm -p 80{d}0:80 {word}", "chmod 755 /usr/local/bin/{word}", "curl -s https://api.example.net/v1/{word}?page={n}", "kubectl get pods -n {word}",
        "ALTER TABLE {word} ADD COLUMN n integer;", "assert total == {price}", "fn main() {{ println!(\"{{}}\", {nn}); }}", "x = y * {dec} + {dec}", "#!/usr/bin/env python3", "regex: ^\\d{{3}}-\\d{{4}}$",
        "C:\\Users\\{word}\\Documents\\{year}\\{nn}.pdf", "/var/log/{word}/{day}.log", "/home/{word}/src/{word}/v{version}/main.py:{n}:{d}", "s3://acme-{word}/{year}/11/20/part-<d5>.parquet", "tar xzf {word}-{version}.tgz",
        "File \"/opt/{word}/app.py\", line {n}, in <module>", "std::vector<int> v{{{n}, {n}, {n}}};", "a::b::c::{word}()", "Foo::Bar.new({n})", "http://localhost:80{d}0/{word}", "{word}.{word}.example.net:54{d}2",
        "r'[A-Z]{{2}}\\d{{2}}'", "::1 is loopback", "x[1::2], y[::{d}]", "time 12:34:56:{n}", "AF:BE:00 colours", "nth-child({d}n+1)::before", "3 passed, {d} failed in {dec}s", "e = mc^2", "+{n} -{n} lines",
    ),
    "logs": (
        "{iso}Z INFO {word} started in {dec}s", "[{clock}] WARN retry {d}/5 after {n}ms", "level=info ts={iso}Z msg=\"done\" rows={nn}", "{iso},{n} ERROR {word}.views Timeout after {n} s", "GET /{word}/{nn}?page={d} 200 {n} {nn}",
        "kernel: [{nn}.<d6>] usb 1-{d}: new device number {n}", "postgres[{nn}]: LOG: checkpoint complete: wrote {n} buffers", "worker-{d} | job <d7> took {dec} ms", "gc: {n}M -> {n}M, pause {dec}ms", "exit code {n}", "OOM killed pid {nn}",
        "uvicorn: Application startup complete.", "step-{uuid} used {nn} tokens", "retrying run-{uuid}: 529 overloaded", "MemoryError at 0x7f<h10>", "thread 0x<h16> (most recent call first):", "duration={n}ms bytes={nn} status=20{d}",
    ),
    "web": (
        "<div class=\"row col-{d}\" id=\"b{nn}\">{word}</div>", "color: #<h6>; margin: {d}px {d}px {d}px {d}px;", "rgba({n}, {n}, {n}, 0.{d})", "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA<b60>\" alt=\"\">",
        "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD<b80>", "<svg viewBox=\"0 0 {n} {n}\"><path d=\"M12 2L2 7l10 5 10-5-10-5z\"/></svg>", "<path d=\"M{dec} {dec}c{dec}-{dec} {dec} {dec}\"/>", "<a href=\"/{word}/{nn}/\">{word}</a>",
        "font: 14px/1.5 \"Inter\", sans-serif;", "transform: matrix(1, 0, 0, 1, {n}, {n});", "https://example.com/{word}/{year}/11/{word}-{nn}?utm_source={word}", "https://youtu.be/<w11>", "https://maps.example.com/@{lat},{lon},15z",
        "&nbsp;&#8211;&#x{n};", "<meta charset=\"utf-8\"><title>{word} {n}</title>", "z-index: {nn};", "box-shadow: 0 1px 2px rgba(0,0,0,.{d})", "iVBORw0KGgoAAAANSUhEUgAA<b100>", "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
        "https://docs.google.com/document/d/1<w42>/edit", "https://www.notion.so/acme/{word}-<h32>", "https://github.com/acme/{word}/commit/<h40>", "JVBERi0xLjcKJeLjz9MK<b64>", "UEsDBBQABgAIAAAAIQ<b64>", "https://cdn.example.net/{word}.<h8>.js", "https://example.com/t/{uuid}",
    ),
}  # fmt: skip
