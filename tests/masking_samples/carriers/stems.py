"""Sentences with a place for a value, in the languages that customers write."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

ANY = {
    "en": ("Please use {v} from now on.", "I wrote it down: {v}", "It was {v}, wasn't it?", "({v})", "— {v} —",
           "Two things: first, lunch; second, “{v}”.", "Sorry, wrong one. The right one is {v}!"),
    "de": ("Bitte ab jetzt {v} verwenden.", "Es war „{v}“, oder?", "Meine Daten (Stand heute): {v}.", "Danke! {v}"),
    "uk": ("Ось, будь ласка: {v}.", "Запишіть «{v}», дякую!", "Це моє: {v}, а не те, що раніше."),
    "ru": ("Вот, пожалуйста: {v}.", "Запишите «{v}», спасибо!", "Раньше было другое, теперь {v}."),
    "es": ("Apunta esto: {v}.", "¿Es «{v}»? Creo que sí.", "¡Hola! Te lo dejo aquí: {v}, gracias."),
    "fr": ("Voici : {v}.", "C’est bien « {v} » ?", "Je vous l’écris encore une fois : {v}, merci."),
    "ja": ("これです：{v}。", "「{v}」でお願いします。", "以前のものではなく（{v}）を使ってください。", "新しいのは{v}です。"),
}  # fmt: skip
OF_KIND = {
    "e-mail": {
        "en": ("You can reach me at {v}.", "My email is {v} and I check it daily.", "cc: {v}, billing", "From: <{v}>"),
        "de": ("Meine E-Mail-Adresse lautet {v}.", "Schreiben Sie an {v}; danke.", "Mail: {v}"),
        "uk": ("Моя пошта {v}.", "Пишіть на {v}, будь ласка."),
        "ru": ("Моя почта {v}.", "Напишите на {v}, пожалуйста."),
        "es": ("Mi correo es {v}.", "Escríbame a {v}, por favor."),
        "fr": ("Mon adresse e-mail est {v}.", "Écrivez-moi à {v}."),
        "ja": ("メールアドレスは{v}です。", "{v}までご連絡ください。"),
    },
    "card": {
        "en": ("Charge my card {v}, it expires 08/29.", "Visa ending? No, the whole number: {v}."),
        "de": ("Meine Kreditkarte: {v}, gültig bis 08/29.", "Kartennummer {v}"),
        "uk": ("Номер картки {v}.", "Карта: {v}, термін 08/29."),
        "ru": ("Номер карты {v}.", "Карта: {v}, срок 08/29."),
        "es": ("Mi tarjeta es {v}.", "Cárguelo a la tarjeta {v}."),
        "fr": ("Ma carte : {v}.", "Numéro de carte {v}, expire 08/29."),
        "ja": ("カード番号は{v}です。", "カード：{v}、有効期限08/29。"),
    },
    "iban": {
        "en": ("Transfer it to {v}, please.", "My account is {v}."),
        "de": ("Bitte überweisen Sie auf {v}.", "Kontoverbindung: {v}"),
        "uk": ("Рахунок {v}.",), "ru": ("Счёт {v}.",), "es": ("Mi cuenta: {v}.",),
        "fr": ("Mon compte : {v}.",), "ja": ("口座は{v}です。",),
    },
    "ip": {
        "en": ("Somebody signed in from {v} last night.", "The server at {v} does not answer."),
        "de": ("Anmeldung von {v} um 3 Uhr.",), "uk": ("Вхід з адреси {v}.",), "ru": ("Вход с адреса {v}.",),
        "es": ("Acceso desde {v}.",), "fr": ("Connexion depuis {v}.",), "ja": ("{v}からのアクセスです。",),
    },
    "phone": {
        "en": ("Call me at {v} after six.", "My phone number is {v}.", "Tel. {v}", "Mobile: {v}", "text me on {v}"),
        "de": ("Rufen Sie mich an: {v}.", "Tel.: {v}", "Meine Handynummer ist {v}.", "Telefon {v}, abends"),
        "uk": ("Мій телефон {v}.", "Зателефонуйте: {v}", "Тел.: {v}", "номер {v}, дзвоніть"),
        "ru": ("Мой телефон {v}.", "Позвоните мне: {v}", "Тел. {v}", "звоните {v}"),
        "es": ("Mi teléfono es {v}.", "Llámame al {v}.", "Tel: {v}", "móvil {v}"),
        "fr": ("Mon téléphone : {v}.", "Appelez-moi au {v}.", "Tél. {v}", "portable {v}"),
        "ja": ("電話番号は{v}です。", "電話：{v}", "携帯は{v}、よろしくお願いします。"),
    },
    "address": {
        "en": ("I live at {v}.", "Ship it to {v}, please.", "My new address: {v}"),
        "de": ("Ich wohne in der {v}.", "Lieferadresse: {v}", "Meine Anschrift: {v}"),
        "uk": ("Моя адреса: {v}.", "Доставка: {v}"), "ru": ("Мой адрес: {v}.", "Доставка: {v}"),
        "es": ("Vivo en {v}.", "Envíelo a {v}."), "fr": ("J’habite {v}.", "Adresse : {v}"),
        "ja": ("住所は{v}です。", "お届け先：{v}"),
    },
    "key": {
        "en": ("My {n} is {v}.", "Set the {n} to {v}, then restart.", "{n}: {v}"),
        "de": ("Mein {n} lautet {v}.", "{n}: {v}, bitte nicht weitergeben"),
        "uk": ("Мій {n}: {v}",), "ru": ("Мой {n}: {v}",), "es": ("Mi {n} es {v}.",),
        "fr": ("Mon {n} : {v}",), "ja": ("{n}は{v}です。", "{n}：{v}"),
    },
}  # fmt: skip
PASSWORD = {
    "en": ("My password is {v}", "password: {v}", "the pw for the wifi is {v} by the way", "Password = {v}"),
    "de": ("Mein Passwort lautet {v}", "Kennwort: {v}", "Passwort: {v}"),
    "uk": ("Мій пароль: {v}", "пароль {v}"), "ru": ("Мой пароль: {v}", "пароль {v}"),
    "es": ("Mi contraseña es {v}", "contraseña: {v}"),
    "fr": ("Mon mot de passe est {v}", "mot de passe : {v}"),
    "ja": ("パスワードは{v}です", "パスワード：{v}"),
}  # fmt: skip
BEFORE = {
    "en": "Hi, thanks for yesterday. ", "de": "Guten Tag, eine Frage zu Bestellung 4711. ",
    "uk": "Добрий день! ", "ru": "Здравствуйте! ", "es": "Buenas tardes. ", "fr": "Bonjour, ", "ja": "お世話になっております。",
}  # fmt: skip
COUNTRY = {
    "DE": "de",
    "AT": "de",
    "CH": "de",
    "FR": "fr",
    "ES": "es",
    "MX": "es",
    "UA": "uk",
    "RU": "ru",
    "JP": "ja",
}


def prose(chance: Chance, value: Value) -> tuple[str, str]:
    """The language and the sentence (national phone numbers keep to their country's language)."""
    language = chance.choice(list(ANY))
    if value.kind == "phone" and not value.alone:
        language = COUNTRY.get(value.format[:2], "en")
    stems = OF_KIND[value.kind][language]
    if value.format.startswith("password"):
        stems = PASSWORD[language]
    elif value.alone and (value.kind != "key" or chance.random() < 0.6):
        stems = (*stems, *ANY[language]) if value.kind != "key" else ANY[language]
    text = chance.choice(stems).replace("{v}", value.text).replace("{n}", spoken(value.name))
    return language, (BEFORE[language] if chance.random() < 0.4 else "") + text


def spoken(name: str) -> str:
    return name.replace("_", " ").lower().replace("api", "API")
