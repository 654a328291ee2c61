"""Times, prices, places, sums, tables and series."""

GROUPS = {
    "times": (
        "{iso}Z", "{iso}.123456+00:00", "{day} {clock}", "from {day} to {day}", "{day}..{day}", "{day}T00:00:00/{day}T00:00:00",
        "2026-11-20 07:06:22 PM UTC+0000", "vom 01.0{d}.{year} bis 28.0{d}.{year}", "0{d}/1{d}/{year}", "20.11.2026, {clock} Uhr",
        "epoch 17<d8>", "ts=17<d11>", "17<d8>.<d6>", "le 2{d} novembre {year} à {clock}", "{year}年{d}月{d}日", "since {clock}, for {n} min",
        "created_at: {iso}.<d6>+00", "20261120T190313Z", "{year}-W4{d}-{d}", "cron: */5 {d} * * 1-5", "Tue, 03 Jun {year} {clock} GMT",
        "Öffnungszeiten: Mo-Fr 08:00-18:30, Sa 9-13", "щодня з 9:00 до 18:00", "с 10:00 до 19:30 без выходных", "lunes a viernes de 9:30 a 14:00",
    ),
    "prices": (
        "{price} EUR", "${price}", "€ {euro}", "{euro} €", "total: {price}, tax: {price}, shipping: {price}", "£{n},000",
        "USD 1,234,567.{n}", "{n} 999 грн", "{n} 490 руб.", "¥{n},800", "от {n} 000 до {n} 500 ₽", "3 x {price} = {price}",
        "balance -{price}", "rate {dec} %", "Rabatt 15 %, Summe {euro} EUR", "1 234 567,89 €", "12 345 678 zł", "CHF 1'234'567.90",
        "budget 2026: 1 500 000 – 2 250 000", "the price rose from {price} to {price} within {n} days",
    ),
    "places": (
        "{lat}, {lon}", "lat={lat} lon={lon}", '"location": [{lat}, {lon}]', "50°06'44\"N 8°40'55\"E", "POINT({lon} {lat})",
        "zoom {d}, center {lat},{lon}", "{n} km north of {town}", "geo:{lat},{lon}", "bbox 13.08,52.33,13.76,52.67", "elevation {n} m",
        "flight LH{n} to {town}", "Gate B{n}, seat {d}A", "platform {d}, coach {n}", "room {d}.0{d}.1{d}", "floor {d}, desk {n}", "EPSG:4326",
    ),
    "sums": (
        "{nn} + {nn} = {nn}", "(415) * 555 - 1234", "2^10 = 1024, 2^20 = 1048576, 2^32 = 4294967296", "3.14159265358979", "1/{n} + 1/{n}",
        "x = ({nn} - {n}) / {d}", "n! for n=15 is 1307674368000", "0.1 + 0.2 = 0.30000000000000004", "6.02214076e23", "range(0, {nn}, {n})",
        "12 × 34 × 56 = 22848", "{n} - {n} - {nn}", "({d}) {n}-{nn}: three scores", "ratio {n}:{n}:{n}", "1 2 3 4 5 6 7 8 9 10", "π ≈ 3.1415926535 8979323846",
        "10 20 30 40 50 60", "0,5 - 1,5 - 2,5", "score 6-4 3-6 7-5", "odds 11/4, 9/2", "0x<h8>", "0b1011001110001111", "{nn} of {nn} rows ({dec} %)",
    ),
    "series": (
        "{dec} {dec} {dec} {dec} {dec} {dec}", "[{dec}, {dec}, {dec}, {dec}]", "t={dec}s v={dec}m/s a={dec}", "{n};{n};{n};{n};{n};{n}",
        "{n}\t{n}\t{n}\n{n}\t{n}\t{n}\n{n}\t{n}\t{n}", "p50={dec} p95={dec} p99={dec}", "CPU {dec}% MEM {dec}% IO {dec}%", "120/80, 118/79, 125/{n} mmHg",
        "temperatures: 21.5 22.1 22.8 23.0 22.{d}", "{day},{dec},{nn}\n{day},{dec},{nn}\n", "embedding [-0.{nn}, 0.{nn}, -0.0{nn}, 0.{nn}]",
        "| {n} | {n} | {n} |\n| {nn} | {nn} | {nn} |", "2015 2016 2017 2018 2019 2020 2021", "1995-1999 2000-2004 2005-2009", "rows 1024 2048 4096 8192 16384",
        "{nn} {nn} {nn} {nn}", "loss 2.{nn} 1.{nn} 0.{nn} 0.{nn}", "100 000 200 000 300 000", "lotto 3 14 15 29 35 42", "{n}x{n}x{n} mm, {dec} kg",
        '"usage": {{"prompt_tokens": {nn}, "completion_tokens": {n}, "total_tokens": {nn}}}', "1.0 1.1 1.2 1.3", "2024 2345 6789 1011",
    ),
    "bare numbers": (
        "<d10>", "<d12>", "id <d15>", "<d16>x", "{nn}", "<d18>", "n=<d9>", "count: <d11>", "<d6>-<d6>", "<d4>.<d4>.<d2>", "user_id: <d9>", "<d20>",
        "sequence_id {nn}", "bytes {nn}-{nn}/{nn}", "offset=<d8>&limit={n}", "pid {nn} fd {n}", "port {nn}", "chat <d10>", "snowflake 11<d16>", "-100<d10>",
    ),
}  # fmt: skip
