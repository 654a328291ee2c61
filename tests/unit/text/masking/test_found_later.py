"""What samples showed that were written after the rules, by somebody who had not seen them."""

import random

import pytest

from agents_app.text.masking.finding import mask

CHANCE = random.Random(20261121)
HEX, LOWER, UPPER, DIGITS = "0123456789abcdef", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"  # fmt: skip
MIXED = LOWER + UPPER + DIGITS
UUID = "c31de342-31ee-4118-97c5-1049de41804e"


def drawn(signs: str, length: int) -> str:
    return "".join(CHANCE.choices(signs, k=length - 3)) + "a7Z" if signs == MIXED else "".join(CHANCE.choices(signs, k=length))  # fmt: skip


SECRETS = [
    ("see https://mainnet.infura.io/v3/", drawn(HEX, 32)), ("https://eth-mainnet.g.alchemy.com/v2/", drawn(MIXED, 32)),
    ("use ", "BSA" + drawn(MIXED, 28)), ("use ", drawn(HEX, 32) + "FFFFNRAL"), ("WIFI:T:WPA;S:Home;P:", drawn(MIXED, 14), ";;"),
    ("use ", f"RGAPI-{UUID}"), ("key=", "VMQhLk.CrN94J:" + drawn(MIXED, 43)), ("use ", "sk-" + drawn(LOWER, 48)),
    ("use ", "dG9rO" + drawn(MIXED, 52) + "="), ("use ", "aio_" + drawn(MIXED, 28)), ("Pinecone key: ", UUID),
    ("ngrok token ", "2" + drawn(MIXED, 26) + "_" + drawn(MIXED, 21)), ("use ", "v1.0-" + drawn(HEX, 24) + "-" + drawn(HEX, 146)),
    ("use ", "key" + drawn(MIXED, 14)), ("use ", "m0-" + drawn(MIXED, 40)), ("https://open.feishu.cn/open-apis/bot/v2/hook/", UUID),
    ("SECRET: ", "django-insecure-u-k-s13lu+ey91i908a8otwtz7!ma0bsl0"), ("use ", "xoxd-" + drawn(MIXED, 40) + "%2B_" + drawn(MIXED, 20)),
    ("use ", drawn(HEX, 32) + "-" + drawn(HEX, 8) + "-" + drawn(HEX, 8)), ("use ", "6662100931414342|" + drawn(MIXED, 27)),
    ("use ", drawn(HEX, 24) + ":" + drawn(HEX, 64)), ("use ", "cmVmdGtu" + drawn(MIXED, 56)), ("use ", "xprv" + drawn(MIXED.translate(str.maketrans("", "", "0OIl")), 107)),
    ("use ", drawn(HEX, 32) + "." + drawn(MIXED, 16)), ("use ", "dbtc_" + drawn(MIXED, 40)), ("试试", "base64:" + drawn(MIXED, 43) + "="),
    ("use ", drawn(MIXED, 52) + "JQQJ99BAACYeBjFXJ3w3AAABACOG" + drawn(MIXED, 4)), ("ok use ", "oauth:" + drawn(LOWER, 30)), ("use ", "ak-" + drawn(MIXED, 22)),
    ("Authorization: GenieKey ", UUID), ("DevOps PAT: ", drawn("abcdefghijklmnopqrstuvwxyz234567", 52)), ("use ", "ATTA" + drawn(HEX, 72)),
    ("use ", "st." + drawn(HEX, 24) + "." + drawn(HEX, 32) + "." + drawn(HEX, 32)), ("use ", "cal_live_" + drawn(HEX, 32)), ("use ", "rpa_" + drawn(UPPER + DIGITS, 44)),
    ("use ", "vercel_blob_rw_" + drawn(MIXED, 16) + "_" + drawn(MIXED, 30)), ("https://api.telegram.org/bot", "6797042285:AA" + drawn(MIXED, 33), "/getMe"),
    ("https://api.example.org/weather?q=Oslo&appid=", drawn(HEX, 32)), ('Digest username="etl", response="', drawn(HEX, 32), '"'),
    ("redis-cli -h cache.lan -a ", drawn(MIXED, 11), " get a"), ("net use Z: \\\\srv\\share /user:ACME\\admin ", "8AuElb!jUeLy!"),
    ("echo 'postgres:", "qjJeQ3~O6Hxa", "' | chpasswd"), ("echo ", drawn(MIXED, 18), " | docker login -u etl --password-stdin"),
    ('<input type="password" name="pw" value="', "Tanaka1985!", '">'), ("Gmail app password: ", "olmx kysf jans pubh"),
    ("My wallet seed phrase is: ", "blanket eager coconut citizen fabric badge bronze bamboo canyon absorb anchor cherry"),
    ("Your recovery codes:\n", "80e44-f9b39"), ("q=%7B%22password%22%3A%22", drawn(MIXED, 14), "%22%7D"), ("INSERT INTO r (id, client_secret, at) VALUES (7, '", drawn(MIXED, 40), "', '2020')"),
    ('<add key="ApiSecret2355" value="', drawn(MIXED, 32), '" />'), ('<meta name="csrf-token" content="', drawn(MIXED, 40), '">'), ("//npm.example.org/:_auth=", "Y2k6aFV2eWxBM1FLN0JMS1c2S0pobHQ="),
    ("Il Linode token è ", drawn(HEX, 64), " per ora."), ("<li><b>Steam API key:</b> ", drawn(UPPER + DIGITS, 31) + "7", "</li>"), ("webhook secret şu: ", drawn(HEX, 40)), ("我的密码是", drawn(MIXED, 13)),
    ("Heslo: ", "Zebra#1640Ld"), ("كلمة المرور: ", "Pumpkin_7546LS"), ("मेरा पासवर्ड ", "Pumpkin-5687VQ", " है"),
]  # fmt: skip
OTHERS = [
    ("Kortnumret är ", "5019227371367936", "."), ("2489\t", "6228 5934 4665 3304 203", "\tyes"), ("room 12 ", "4111 1111 1111 1111"),
    ("Der Server ", "46.0.215.211", ":8283 antwortet nicht"), ("ssh ubuntu to ec2-", "83-35-187-18", ".eu-central-1.compute.amazonaws.com"),
    ("Belgeyi _", "minh81@quietriver.it", "_ adresine"), ("رقم هاتفي هو ", "٠٥٠ ٧٤٧ ٣٥٠٣", " اتصل بي"), ("https://wa.me/", "12054364772", "?text=hi"),
    ("MOBILE=", "21 7384 9325"), ("Puhelinnumeroni on ", "0603967029", ", soita."), ("Số điện thoại của tôi là ", "2258535785", " nhé."),
    ("$ echo $PHONE\n", "011 33 6 12 03 33 51"), ('<input name="telephone" id="f9" value="', "0033121861785", '">'), ("Bel me op ", "86-13123419593"),
    ("Jag bor på ", "Vesterbrogade 146"), ("I live at ", "Karl Johans gate 67"), ("Moro na ", "Andrássy út 78", ", 7768 Budapest"), ("Adresim: ", "Çiçek Sk. No: 82"),
    ("Vivo en ", "nám. Míru 1801/56"), ("addr: ", "Πανεπιστημίου 214", ", 194 45 Θεσσαλονίκη"), ("Bydlím ", "경기도 성남시 분당구 판교역로 231"), ("a: ", "2184 شارع التحلية"),
    ("ce is ", "Невский проспект, дом 91"), ("Mieszkam ", "al. Jerozolimskie 144 m. 12"), ("Lieferadresse:\n", "An der Eiche 2", "\n60193 Münster"), ("", "House No. 381, Park Street"),
]  # fmt: skip
HARMLESS = [
    'AssemblyVersion("69.49.5.98")', "Die Straße 15 Minuten lang gesperrt", "Am Ring 90 Runden gefahren", "На площади собралось 7673 человек",
    "password = var.market_password_31", '<span class="l">author</span><span data-author="@aoife.official">@aoife.official</span>', "On March 12, 2024 Alice met Bob",
    "token ids: 41212 37089 7981 45950 29600 28145 49341 18527 46045 37081 22548 45829 45073 35865", "Boarding at Gate 12", "ver 2.14.0.1", "the Server 2 of 3",
]  # fmt: skip
SPOKEN = [
    ("Dzień dobry, token Zendesk: ", drawn(MIXED, 40), " proszę"), ("merhaba api anahtarım WireGuard için ", drawn(MIXED, 43) + "="), ("привет мой API ключ ", drawn(MIXED, 32), " почему"),
    ("안녕하세요 PagerDuty API 키는 ", drawn(MIXED, 20), " 인데"), ("hola mi clave api de Algolia admin es ", drawn(HEX, 32), " y"), ("Kunde: API-Schlüssel lautet ", drawn(HEX, 40)),
    ("oops i posted the Linode token (", drawn(HEX, 64), ") in public"), ("<p>deepgram api key: <b>", drawn(HEX, 40), "</b></p>"), ('{"question": "Please enter your password", "answer": "', "git4rr3711-DA", '"}'),
    ("config:\n  password: |\n    ", "pioggi4330-JD", "\n  mode: pro"), ("<smtpPass>", drawn(MIXED, 19), "</smtpPass>"), ("sorry for late reply, MySQL password - ", "ZvGcyIFSDjChjVPa4", " - thx"),
    ('username=""svc"" password=""', "b3ll4184_AX", '"";"'), ("keytool -list -storepass ", drawn(MIXED, 20)), ("login/password: n8n / ", "Berlin943_kd"), ("hi my WordPress application password is ", "3P19 6BaN ykjz 10mZ U0rY BR6E"),
]  # fmt: skip
QUIET = [
    "パスワードは8文字以上にしてください", '{"login.password": "パスワードを入力"}', "this@MainActivity.finish()", "toot by @job13@mastodon.social", "getty@tty273.service loaded active",
    "Lotto: 03 08 21 34 46 47", "Set-Cookie: theme=dark; Path=/", "postgres://${DB_USER}:${DB_PASS}@${DB_HOST}/x", "aws ssm get-parameter --name /db/password --with-decryption",
    f"session_id: session-{UUID}", "the key commit is 9c3d16396e830d8dd5f8f055fedfe51575878d28", f"the primary key is {UUID}", "36870\t23483\t51105\t47430\t43081",
]  # fmt: skip
LATEST = [
    ("IBAN ", "CR05 0152 0200 1026 2840 66"), ("IBAN ", "HN88CABF00000000000250005469"), ("'<IBAN>", r"DE89\xa03704\xa00044\xa00532\xa00130\xa000", "</IBAN>'"),
    ("card=", "6070 6688 2940 0890"), ('{"msisdn": "', "14153988661", '"}'), ("Appelez-moi au ", "+52 1 55 8125 0417", " svp"), ("Cep: ", "0 (212) 976 82 31"),
    ("Mob. no. ", "9804534801"), ("tel%3A ", "+49%2030%20901820"), ('"whatsapp_id":"', "447915098511", '"'), ("set requirepass ", "sad!Copper117"),
    ("моя сид-фраза: ", "elbow again access abuse alert arctic bacon crystal alpha coconut dune anchor"), ("비밀번호는 ", "DxL0!NsQe7IA", " 입니다"), ("şifrem ", "bis#Pepper621", " ama"),
    ('curl -b "session=', drawn(LOWER + DIGITS, 26), '" https://pirate.example'), ("DSN=https://", drawn(HEX, 32), f":{drawn(HEX, 32)}@sentry.io/491551"),
    ("SECRET_KEY = '", "5BFDqGuUTzZFD", "'"), ("пароль от почты — ", "quartz44-Harbor9y"), (r"> net use Z: \\nas\share /user:meadow ", "lantern42-Orange!"),
    ("nats://postgres:", "Tiger1998%2F", "@mysql-1.example.net:4222"), ('ds.setPassword("', "r0ck3t!351", '");'), ("~/.pgpass: db:5432:app:app:", "tiger6541"), ("4912 1552 6328 ", "9457", " 01/26"),
    ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ---- ", drawn(MIXED, 70), " " + drawn(MIXED, 70) + " ---- END SSH2 ENCRYPTED PRIVATE KEY ----"), ("requests.get(url, auth=('ops', '", "zephyr-liverpool-dragon-15", "'))"),
    ("ENV APPLICATION_PASSWORD=", "J2Qk uBFa ja7J bpFi Kp1E w2FA"), ("docker login -u acme --password ", "hunter2x9", " reg"), ("3444 921606 ", "68277", " 01/28"),
    ("Пароль до вайфаю ", "0Ssr#z698Hb4"), ("login lantern, pass ", "Walnut1996_"), ("snyk auth ", UUID), ("use ", "ops_eyJ" + drawn(MIXED + "+/", 120)), ("co = cohere.Client('", drawn(MIXED, 40), "')"),
    ("htpasswd -b .htpasswd violet ", drawn(MIXED, 16)), ("jdbc:oracle:thin:system/", "Walnut2024+", "@//ora:1521/XE"), ("доступ: Комсомольский ", "пр-т, д.115"), ("Home: ", "275 Queen St", " W, Toronto"),
    ("Pick me up at ", "165, 14th Main Road", ", Bengaluru"), ("ADR;TYPE=HOME:;;", "Corso dei Mille, 156", ";Milano;;20121"), ('{"street": "', "中山北路112号1016室", '"}'), ("<street>", "Комсомольский пр-т, 79", "</street>"),
]  # fmt: skip
CALM = [
    "docker login -u acme --password-stdin reg5174", "postgres://USER:PASSWORD@HOST:1919/DB", 'curl -H "Authorization: Bearer YOUR_ACCESS_TOKEN" https://api.example.com/v1', "xoxb-your-token looks like this", "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    'password = "" # set me, quartz', r'{"content": "password = \"\" # set me, quartz"}', "Platz 18 im Ranking", "address: 0x7fff5fbff8c0", '"address": "localhost:8080"', "address: see section 4",
    '"email_address": "none given 2"', "the pass 3 of 4 is done", "user: 12 passed, 3 failed", "vercel login to continue with the deployment", "C:\\xampp\\htdocs\\20240101",
]  # fmt: skip


@pytest.mark.parametrize(
    "sample", SECRETS + OTHERS + SPOKEN + LATEST, ids=lambda one: ascii(one[0][-24:])
)
def test_it_is_found(sample: tuple[str, ...]) -> None:
    before, value, *after = sample
    assert value not in mask(before + value + "".join(after))


@pytest.mark.parametrize("text", HARMLESS + QUIET + CALM)
def test_what_looks_alike_is_left(text: str) -> None:
    assert mask(text) == text
