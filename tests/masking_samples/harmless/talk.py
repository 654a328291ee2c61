"""Ordinary conversation in the languages of the customers, recipes, letters, plans."""

GROUPS = {
    "english": (
        "Hi {name}, could you look at the report from {day}?", "I ran {n} kilometres and it took {dec} minutes.", "We were {d} people, the bill was {price}.", "Remember that I like {thing}, but not {thing}.", "My next deadline is on Friday at {d}:30.",
        "Chapter {d} starts on page {n}.", "In {year} we moved to {town}; in {year} we came back.", "Set the oven to 180 degrees, {n} g flour, 2 eggs, 1/2 tsp salt.", "Let's meet at the corner at 5, bring {d} chairs.", "The score was 3-2 after 90 minutes.",
        "Call me later!", "What's your phone number?", "I don't have an email address.", "The street was empty and the road was long.", "Our team has {n} members in {d} countries.", "It costs 20 or 25, depending on the size (38-42).", "She turned {n} last week; the party had {n} guests.",
        "Flight at 06:45, gate 12, seat 14C.", "Dial 911 in an emergency.", "The call lasted 12 minutes.", "Row {d}, seats 12 to 18", "Model 3310 was indestructible.", "I read 1984 and 2666 this summer.", "Take the A{n} for {n} miles.",
    ),
    "german": (
        "Hallo {name}, hast du den Bericht vom 2{d}.11.{year} gesehen?", "Wir waren {d} Leute, die Rechnung betrug {euro} Euro.", "Merke dir, dass ich {thing} mag.", "250 g Mehl, 3 Eier, 1/2 Liter Milch, 180 Grad, {n} Minuten.", "Die Straße war leer und der Weg war weit.", "Im Jahr {year} zogen wir nach {town}.",
        "Ruf mich später an!", "Treffen um 14:30 Uhr, Raum 2.{n}", "Größe 38-42, Farbe {d}", "Kapitel {d}, Seite {n}", "Es sind noch {n} von {nn} übrig.", "Wie lautet deine Telefonnummer?", "Die Hauptstraße ist gesperrt.", "Postleitzahl unbekannt", "Er fuhr mit 120 km/h auf der A{d}.", "{n} Stück à {price} €",
        "Mindesthaltbar bis 0{d}/2027, Charge L<d5>", "Termin: Di 0{d}.12., 09:15-10:45", "Aufgabe {d}: 3/4 + 5/8 = ?",
    ),
    "ukrainian": (
        "Привіт, {name}! Ти бачив звіт за {day}?", "Нас було {d} людей, рахунок {n} грн.", "Запам'ятай, що я люблю {thing}.", "Борщ: 300 г буряка, 2 моркви, {n} хвилин на малому вогні.", "У {year} році ми переїхали до {town}.", "Зустріч о 14:30, кабінет {n}.", "Передзвони мені пізніше!", "Який у тебе номер телефону?",
        "Розділ {d}, сторінка {n}.", "Вулиця була порожня.", "Залишилось {n} із {nn}.", "Потяг {n}, вагон {d}, місце {n}", "Дякую, все гаразд!", "Ціна від {n} до {nn} гривень", "Прогноз: -5…+{d} °C, вітер 3-7 м/с",
    ),
    "russian": (
        "Привет, {name}! Видел отчёт за {day}?", "Нас было {d} человек, счёт {n} рублей.", "Запомни, что я люблю {thing}.", "Блины: 500 мл молока, 3 яйца, 200 г муки.", "В {year} году мы переехали.", "Встреча в 14:30, кабинет {n}.", "Позвони мне позже!", "Какой у тебя номер телефона?",
        "Глава {d}, страница {n}.", "Улица была пуста.", "Осталось {n} из {nn}.", "Поезд {n}, вагон {d}, место {n}", "Спасибо, всё хорошо!", "Цена от {n} до {nn}", "ГОСТ {nn}-{year}",
    ),
    "spanish": (
        "Hola {name}, ¿viste el informe del {day}?", "Éramos {d} personas, la cuenta fue de {euro} €.", "Recuerda que me gusta {thing}.", "Tortilla: 4 huevos, 500 g de patatas, {n} minutos.", "En {year} nos mudamos a {town}.", "Reunión a las 14:30, sala {n}.", "¡Llámame luego!", "¿Cuál es tu número de teléfono?",
        "Capítulo {d}, página {n}.", "La calle estaba vacía.", "Quedan {n} de {nn}.", "Talla 38-42, color azul", "Tren {nn}, coche {d}, plaza {n}", "Temporada {year}/{n}", "Precio: de 1.000 a 2.500 euros",
    ),
    "french": (
        "Salut {name}, tu as vu le rapport du {day} ?", "Nous étions {d}, l’addition était de {euro} €.", "Retiens que j’aime {thing}.", "Crêpes : 250 g de farine, 4 œufs, 1/2 litre de lait.", "En {year}, nous avons déménagé à {town}.", "Réunion à 14h30, salle {n}.", "Appelle-moi plus tard !", "Quel est ton numéro de téléphone ?",
        "Chapitre {d}, page {n}.", "La rue était vide.", "Il en reste {n} sur {nn}.", "Taille 38-42", "Train {nn}, voiture {d}, place {n}", "Article {d} de la loi du 0{d} 07 {year}", "entre 10 000 et 20 000 euros",
    ),
    "japanese": (
        "こんにちは、{name}さん。{day}の報告を見ましたか。", "{d}人で{nn}円でした。", "{thing}が好きだと覚えておいてください。", "小麦粉200g、卵2個、牛乳150mlを{n}分焼きます。", "{year}年に{town}へ引っ越しました。", "14:30に会議室{n}で。", "後で電話してください。", "電話番号を教えてください。",
        "第{d}章、{n}ページ。", "通りは静かでした。", "残りは{nn}個のうち{n}個です。", "サイズ38-42", "新幹線のぞみ{n}号、{d}号車{n}番", "価格：{nn}円（税込）", "2026-27年シーズン",
    ),
}  # fmt: skip
