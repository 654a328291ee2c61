"""The words that name a password, a key or a phone, by language, each of them once; regular expressions."""

from typing import Final

PASSWORDS: Final = "|".join(
    (
        "passwort|kennwort",  # German
        r"contrase[ñn]a|(?<![^\W_])(?:clave|senha)|palavra-passe|mot\sde\spasse|parolă|parola",  # Spanish, Portuguese, French, Romanian, Italian and Turkish
        "wachtwoord|lösenord|kodord|adgangskode|kodeord|passord|salasana(?:ni|si)?",  # Dutch, Swedish, Danish, Norwegian, Finnish
        "hasł(?:o|a|em)|hesl(?:o|a|em)|lozink[ae]|geslo|jelsz(?:ó|avam|ava)|şifre(?:m|miz|niz|si)?",  # Polish, Czech, Croatian, Slovene, Hungarian, Turkish
        "парол(?:ь|я|ю|ем)|гасло|κωδικός",  # Russian and Ukrainian, Greek
        r"סיסמה|كلمة\s(?:المرور|السر)|पासवर्ड|รหัสผ่าน",  # Hebrew, Arabic, Hindi, Thai
        r"mật\skhẩu|kata\ssandi",  # Vietnamese, Indonesian
        "パスワード|暗証番号|密码|密碼|비밀번호",  # Japanese, Chinese, Korean
    )
)
"""Passwords outside of English; English has forms of its own in each place that looks for them."""

KEYS: Final = "|".join(
    (
        r"chave|clave|cl[ée]|chiave|cheie|cheia",  # Portuguese, Spanish, French, Italian, Romanian
        r"klucz\w{0,3}|klíč\w{0,3}|kľúč\w{0,2}|ключ\w{0,3}|токен\w{0,2}|секрет\w{0,4}",  # Slavic
        r"nyckel\w{0,2}|nøgle\w{0,2}|nøkkel\w{0,2}|avain|kulcs\w{0,2}",  # Nordic, Hungarian
        r"anahtar\w{0,4}|κλειδί|kunci|khóa|mã",  # Turkish, Greek, Indonesian, Vietnamese
    )
)
"""Keys and tokens outside of English, in scripts that part words with blanks."""

KEY_SIGNS: Final = (
    "schlüssel|sleutel"  # German and Dutch, also as the end of a longer word
    "|キー|トークン|シークレット|密钥|密鑰|秘钥|金鑰|令牌|키|토큰|시크릿"
    "|مفتاح|رمز|توكن|מפתח|טוקן|कुंजी|टोकन|सीक्रेट"
)
"""The same where they stand within what no blank parts."""
