"""Numbers, clock times, dates and places, each said in all four languages at once."""

from typing import TYPE_CHECKING

from words import MONTHS, REGIONS, WEEKDAYS, Noun, Place, Said, read_verbs, rows

if TYPE_CHECKING:
    from sentences import Draw

LIKE = read_verbs("like likes liked - | aimer | mögen mag magst mag mögen mögen gemocht | 喜欢 喜欢 | - | h")[
    0
]

OFTEN = (
    Said("always", "toujours", "immer", "总是"),
    Said("often", "souvent", "oft", "经常"),
    Said("never", "jamais", "nie", "从来不"),
)
SOON = (
    Said("tomorrow", "demain", "morgen", "明天"),
    Said("tomorrow morning", "demain matin", "morgen früh", "明天早上"),
    Said("tomorrow evening", "demain soir", "morgen Abend", "明天晚上"),
    Said("this evening", "ce soir", "heute Abend", "今天晚上"),
    Said("next week", "la semaine prochaine", "nächste Woche", "下个星期"),
    Said("next month", "le mois prochain", "nächsten Monat", "下个月"),
    Said("next year", "l'année prochaine", "nächstes Jahr", "明年"),
)
BEFORE = (
    Said("yesterday", "hier", "gestern", "昨天"),
    Said("yesterday morning", "hier matin", "gestern Morgen", "昨天早上"),
    Said("yesterday evening", "hier soir", "gestern Abend", "昨天晚上"),
    Said("last week", "la semaine dernière", "letzte Woche", "上个星期"),
    Said("last month", "le mois dernier", "letzten Monat", "上个月"),
    Said("last year", "l'année dernière", "letztes Jahr", "去年"),
)
ALWAYS = (
    Said("every day", "tous les jours", "jeden Tag", "每天"),
    Said("every morning", "tous les matins", "jeden Morgen", "每天早上"),
    Said("every evening", "tous les soirs", "jeden Abend", "每天晚上"),
    Said("every week", "toutes les semaines", "jede Woche", "每个星期"),
    Said("every month", "tous les mois", "jeden Monat", "每个月"),
    Said("in summer", "en été", "im Sommer", "夏天"),
    Said("in winter", "en hiver", "im Winter", "冬天"),
)
NUMBERS_TABLE = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
- - twenty thirty forty fifty sixty seventy eighty ninety
- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf
- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt
null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig
"""
ENGLISH, ENGLISH_TENS, ORDINALS, FRENCH, FRENCH_TENS, GERMAN, GERMAN_TENS = (
    row[0] for row in rows(NUMBERS_TABLE)
)
CHINESE = "零一二三四五六七八九"


def english_number(number: int) -> str:
    """A number below 100."""
    if number < 20:
        return ENGLISH[number]
    tens, ones = divmod(number, 10)
    return ENGLISH_TENS[tens] + (f"-{ENGLISH[ones]}" if ones else "")


def french_number(number: int) -> str:
    """A number below 100, masculine."""
    if number < 20:
        return FRENCH[number]
    tens, ones = divmod(number, 10)
    if tens in (7, 9):
        ones += 10
    stem = FRENCH_TENS[tens]
    if number == 80:
        return "quatre-vingts"
    if ones in (1, 11) and tens < 8:
        return f"{stem} et {FRENCH[ones]}"
    return f"{stem}-{FRENCH[ones]}" if ones else stem


def german_number(number: int) -> str:
    """A number below 100, as it stands before a noun."""
    if number < 20:
        return GERMAN[number]
    tens, ones = divmod(number, 10)
    return (f"{GERMAN[ones]}und" if ones else "") + GERMAN_TENS[tens]


def chinese_number(number: int, counting: bool = True) -> str:
    """A number below 100; `counting` before a measure word, where two is 两."""
    if number == 2 and counting:
        return "两"
    tens, ones = divmod(number, 10)
    return (
        (CHINESE[tens] if tens > 1 else "")
        + ("十" if tens else "")
        + (CHINESE[ones] if ones or not tens else "")
    )


def hour(number: int) -> Said:
    """An hour: alone in English, with `heure` in French, bare in German, with 点 in Chinese."""
    french = "une heure" if number == 1 else f"{french_number(number)} heures"
    german = "eins" if number == 1 else german_number(number)
    return Said(english_number(number), french, german, chinese_number(number) + "点")


def clock(draw: "Draw") -> Said:
    """A time of the clock, without a preposition."""
    now = draw.random.randrange(1, 12)
    this, following = hour(now), hour(now + 1)
    kind = draw.weighted({"full": 30, "half": 20, "quarter": 15, "to": 10, "past": 15, "before": 10})
    if now == 11 and kind in ("to", "before"):
        kind = "half"
    if kind == "full":
        return Said(f"{this.english} o'clock", this.french, f"{german_number(now)} Uhr", this.chinese)
    if kind == "half":
        return Said(
            f"half past {this.english}",
            f"{this.french} et demie",
            f"halb {following.german}",
            f"{this.chinese}半",
        )
    if kind == "quarter":
        return Said(
            f"a quarter past {this.english}",
            f"{this.french} et quart",
            f"Viertel nach {this.german}",
            f"{this.chinese}一刻",
        )
    if kind == "to":
        return Said(
            f"a quarter to {following.english}",
            f"{following.french} moins le quart",
            f"Viertel vor {following.german}",
            f"{this.chinese}四十五分",
        )
    minutes = draw.one((5, 10, 20))
    english, german = english_number(minutes), german_number(minutes)
    if kind == "past":
        said = "零五" if minutes == 5 else chinese_number(minutes)
        return Said(
            f"{english} past {this.english}",
            f"{this.french} {french_number(minutes)}",
            f"{german} nach {this.german}",
            f"{this.chinese}{said}分",
        )
    return Said(
        f"{english} to {following.english}",
        f"{following.french} moins {french_number(minutes)}",
        f"{german} vor {following.german}",
        f"{this.chinese}{chinese_number(60 - minutes)}分",
    )


def at_clock(draw: "Draw") -> Said:
    """At a time of the clock."""
    if draw.chance(0.06):
        return Said("at noon", "à midi", "um zwölf Uhr mittags", "中午十二点")
    said = clock(draw)
    return Said(f"at {said.english}", f"à {said.french}", f"um {said.german}", said.chinese)


def date(draw: "Draw") -> tuple[Said, str, str]:
    """A day of the year; German in the nominative and in the dative."""
    month = draw.one(MONTHS)
    day = draw.random.randrange(1, 31 if month.english != "February" else 29)
    ordinal = ORDINALS[day] if day <= 20 else ("thirtieth" if day == 30 else f"twenty-{ORDINALS[day % 10]}")
    german = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}.get(
        day, german_number(day) + ("te" if day < 20 else "ste")
    )
    said = Said(
        f"the {ordinal} of {month.english}",
        f"{'premier' if day == 1 else french_number(day)} {month.french}",
        german,
        f"{month.chinese}{chinese_number(day, counting=False)}号",
    )
    return said, f"der {german} {month.german}", f"am {german}n {month.german}"


def on_date(draw: "Draw") -> Said:
    """On a day of the year."""
    said, _, german = date(draw)
    return Said(f"on {said.english}", f"le {said.french}", german, said.chinese)


def joined(day: Said, clock_time: Said) -> Said:
    """A day and a time of the clock."""
    return Said(
        f"{day.english} {clock_time.english}",
        f"{day.french} {clock_time.french}",
        f"{day.german} {clock_time.german}",
        day.chinese + clock_time.chinese,
    )


UNITS = (
    (("day", "days"), ("jour", "jours"), ("Tag", "Tagen"), "天"),
    (("week", "weeks"), ("semaine", "semaines"), ("Woche", "Wochen"), "个星期"),
    (("month", "months"), ("mois", "mois"), ("Monat", "Monaten"), "个月"),
    (("year", "years"), ("an", "ans"), ("Jahr", "Jahren"), "年"),
)


def distance(draw: "Draw", ago: bool) -> Said:
    """Some days, weeks, months or years from now."""
    number = draw.random.randrange(2, 11)
    english, french, german, chinese = draw.one(UNITS)
    said = Said(
        f"{english_number(number)} {english[1]}",
        f"{french_number(number)} {french[1]}",
        f"{german_number(number)} {german[1]}",
        chinese_number(number) + chinese,
    )
    if ago:
        return Said(f"{said.english} ago", f"il y a {said.french}", f"vor {said.german}", f"{said.chinese}前")
    return Said(f"in {said.english}", f"dans {said.french}", f"in {said.german}", f"{said.chinese}后")


def habit(draw: "Draw") -> Said:
    """When something is done again and again."""
    kind = draw.weighted({"plain": 50, "weekday": 20, "clock": 30})
    if kind == "weekday":
        day = draw.one(WEEKDAYS)
        return Said(
            f"every {day.english}", f"tous les {day.french}s", f"jeden {day.german}", f"每个{day.chinese}"
        )
    if kind == "clock":
        return joined(ALWAYS[0], at_clock(draw)) if draw.chance(0.5) else at_clock(draw)
    return draw.one(ALWAYS)


def daily(draw: "Draw") -> Said:
    """When something is done each day."""
    kind = draw.weighted({"plain": 25, "clock": 35, "both": 25, "weekday": 15})
    if kind == "plain":
        return draw.one(ALWAYS[:3])
    if kind == "weekday":
        day = draw.one(WEEKDAYS)
        every = Said(
            f"every {day.english}", f"tous les {day.french}s", f"jeden {day.german}", f"每个{day.chinese}"
        )
        return joined(every, at_clock(draw))
    return at_clock(draw) if kind == "clock" else joined(ALWAYS[0], at_clock(draw))


def past(draw: "Draw") -> Said:
    """A time that is gone."""
    kind = draw.weighted({"plain": 45, "weekday": 12, "ago": 20, "clock": 15, "date": 10})
    if kind == "weekday":
        day = draw.one(WEEKDAYS)
        return Said(
            f"last {day.english}", f"{day.french} dernier", f"letzten {day.german}", f"上个{day.chinese}"
        )
    if kind == "ago":
        return distance(draw, ago=True)
    if kind == "clock":
        return joined(BEFORE[0], at_clock(draw))
    return on_date(draw) if kind == "date" else draw.one(BEFORE)


def future(draw: "Draw") -> Said:
    """A time to come."""
    kind = draw.weighted({"plain": 45, "weekday": 12, "in": 20, "clock": 15, "date": 10})
    if kind == "weekday":
        day = draw.one(WEEKDAYS)
        return Said(
            f"next {day.english}", f"{day.french} prochain", f"nächsten {day.german}", f"下个{day.chinese}"
        )
    if kind == "in":
        return distance(draw, ago=False)
    if kind == "clock":
        return joined(SOON[0], at_clock(draw))
    return on_date(draw) if kind == "date" else draw.one(SOON)


def vowel(word: str) -> bool:
    """Whether a French word begins with a sound that elides; every h of these words is mute but that of huit."""
    return word[0].lower() in "aeiouhàâéèêîôœ" and not word.startswith(("huit", "onze"))


def french_at(preposition: str, noun: Noun) -> str:
    """A preposition with the article and the noun."""
    word = noun.french[0]
    if vowel(word):
        return f"{preposition} l'{word}"
    if noun.french_gender == "m":
        contracted = {"à": "au", "de": "du"}.get(preposition, f"{preposition} le")
        return f"{contracted} {word}"
    return f"{preposition} la {word}"


def german_at(preposition: str, noun: Noun, case: str) -> str:
    """A preposition with the article and the noun."""
    articles = {
        "accusative": {"m": "den", "f": "die", "n": "das"},
        "dative": {"m": "dem", "f": "der", "n": "dem"},
    }
    phrase = f"{preposition} {articles[case][noun.german_gender]}"
    short = {"in dem": "im", "in das": "ins", "an dem": "am", "zu dem": "zum", "zu der": "zur"}
    return f"{short.get(phrase, phrase)} {noun.german[0]}"


def at_place(place: Place) -> Said:
    """Being at a place."""
    noun = place.noun
    return Said(
        f"{place.english_at} the {noun.english[0]}",
        french_at(place.french_at, noun),
        german_at(place.german_at, noun, "dative"),
        noun.chinese + place.chinese_at,
    )


def to_place(place: Place) -> Said:
    """Going to a place."""
    noun = place.noun
    return Said(
        f"to the {noun.english[0]}",
        french_at(place.french_to, noun),
        german_at(place.german_to, noun, place.german_to_case),
        noun.chinese,
    )


def near(draw: "Draw", noun: Noun) -> Said:
    """Being on, under, behind, next to or in front of a piece of furniture."""
    english, french, german, chinese = draw.one(
        (
            ("on", "sur", "auf", "上"),
            ("under", "sous", "unter", "下面"),
            ("behind", "derrière", "hinter", "后面"),
            ("next to", "à côté de", "neben", "旁边"),
            ("in front of", "devant", "vor", "前面"),
        )
    )
    phrase = f"à côté {french_at('de', noun)}" if french == "à côté de" else french_at(french, noun)
    return Said(
        f"{english} the {noun.english[0]}", phrase, german_at(german, noun, "dative"), noun.chinese + chinese
    )


def euros(number: int) -> Said:
    """A sum of money."""
    return Said(
        f"{english_number(number)} euros",
        f"{french_number(number)} euros",
        f"{german_number(number)} Euro",
        f"{chinese_number(number)}欧元",
    )


def whole(draw: "Draw") -> Said:
    """A sentence about the time, the day or the cold."""
    kind = draw.weighted({"clock": 30, "today": 10, "date": 20, "cold": 40})
    if kind == "clock":
        now = clock(draw)
        return Said(
            f"it is {now.english}.", f"il est {now.french}.", f"es ist {now.german}.", f"现在{now.chinese}。"
        )
    if kind == "today":
        day, which = draw.one(WEEKDAYS), draw.random.randrange(2)
        return (
            Said(f"today is {day.english}.", f"aujourd'hui, c'est {day.french}.", f"heute ist {day.german}.", f"今天是{day.chinese}。"),
            Said(f"tomorrow is {day.english}.", f"demain, c'est {day.french}.", f"morgen ist {day.german}.", f"明天是{day.chinese}。"),
        )[which]  # fmt: skip
    if kind == "date":
        day = draw.one(WEEKDAYS)
        said, nominative, _ = date(draw)
        return Said(
            f"today is {day.english}, {said.english}.",
            f"aujourd'hui, c'est le {day.french} {said.french}.",
            f"heute ist {day.german}, {nominative}.",
            f"今天是{said.chinese}，{day.chinese}。",
        )
    at = draw.one(REGIONS)[0]
    hot = draw.one(
        (
            Said("hot", "chaud", "heiß", "热"),
            Said("cold", "froid", "kalt", "冷"),
            Said("warm", "doux", "warm", "暖和"),
        )
    )
    tense = draw.one(("past", "present", "future"))
    if tense == "present":
        when = Said("today", "aujourd'hui", "heute", "今天")
        return Said(
            f"it is {hot.english} {at.english} today.",
            f"il fait {hot.french} {at.french} aujourd'hui.",
            f"heute ist es {at.german} {hot.german}.",
            f"{when.chinese}{at.chinese}很{hot.chinese}。",
        )
    when = draw.one(BEFORE if tense == "past" else SOON)
    if tense == "past":
        return Said(
            f"it was {hot.english} {at.english} {when.english}.",
            f"il faisait {hot.french} {at.french} {when.french}.",
            f"{when.german} war es {at.german} {hot.german}.",
            f"{when.chinese}{at.chinese}很{hot.chinese}。",
        )
    return Said(
        f"it will be {hot.english} {at.english} {when.english}.",
        f"il fera {hot.french} {at.french} {when.french}.",
        f"{when.german} wird es {at.german} {hot.german} sein.",
        f"{when.chinese}{at.chinese}会很{hot.chinese}。",
    )
