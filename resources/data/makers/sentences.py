"""What a sentence means, free of any language, and how such meanings are drawn at random.

Each language writes the same meaning down by its own grammar. A choice that two languages would tell apart only by
guessing (who `you` are, whether `they` are women) is never left open: it has one value here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

import times
from words import (
    ADJECTIVES,
    COME,
    COST,
    DOINGS,
    DRIVE,
    GIVE,
    GO,
    LIVE,
    MOVES,
    NAMES,
    NOUNS,
    PLACES,
    PROFESSIONS,
    REGIONS,
    SEND,
    SHOW,
    VERBS,
    WEATHER,
    Adjective,
    Noun,
    Said,
    Verb,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Pronoun:
    """I, you, he, she, we, they (slots 0, 1, 2, 2, 3, 4) or the `it` of the weather."""

    english: str
    slot: int
    gender: str


@dataclass(frozen=True)
class Name:
    """A person by name."""

    name: str
    gender: str
    chinese: str


@dataclass(frozen=True)
class Pair:
    """Two persons by name."""

    first: Name
    second: Name


@dataclass(frozen=True)
class Phrase:
    """A noun with what stands before it.

    `determiner` is one of a, the, this, some, many, number, own, mass (no article), kind (all of them: "likes apples").
    """

    noun: Noun
    determiner: str
    plural: bool = False
    adjective: Adjective | None = None
    owner: "Pronoun | Name | None" = None
    number: int = 1
    contents: Noun | None = None
    relative: "Clause | None" = None


Entity = Pronoun | Name | Pair | Phrase


@dataclass(frozen=True)
class Comparison:
    """More so than another."""

    adjective: Adjective
    other: Entity


@dataclass(frozen=True)
class Profession:
    """What somebody is; `wish` says that they want to become it."""

    english: str
    french: tuple[str, str]
    german: tuple[str, str]
    chinese: str
    wish: bool = False


@dataclass(frozen=True)
class Age:
    """So many years old."""

    years: int


State = Adjective | Comparison | Profession | Age | Phrase | Said


@dataclass(frozen=True)
class Clause:
    """Who does what, when and where; without a verb, who is what."""

    subject: Entity
    verb: Verb | None = None
    tense: str = "habit"
    negative: bool = False
    modal: str = ""
    object: Entity | None = None
    recipient: Entity | None = None
    goal: Said | None = None
    place: Said | None = None
    time: Said | None = None
    time_first: bool = False
    often: Said | None = None
    state: State | None = None


@dataclass(frozen=True)
class Statement:
    """A clause that is told."""

    clause: Clause


@dataclass(frozen=True)
class Question:
    """A clause that is asked about: yes, who, what, where, when, why, many."""

    clause: Clause
    about: str


@dataclass(frozen=True)
class Joined:
    """Two clauses joined by because, but, if or while."""

    first: Clause
    word: str
    second: Clause


@dataclass(frozen=True)
class Thought:
    """Somebody thinks, knows, says or hopes that something is so."""

    thinker: Entity
    verb: str
    clause: Clause


@dataclass(frozen=True)
class Existence:
    """There is something somewhere; `question` asks how many."""

    phrase: Phrase
    place: Said
    question: bool = False


@dataclass(frozen=True)
class Whole:
    """A sentence said as a whole."""

    said: Said


Sentence = Statement | Question | Joined | Thought | Existence | Whole

SPEAKER, YOU, HE, SHE, WE, THEY = (
    Pronoun("I", 0, "m"),
    Pronoun("you", 1, "m"),
    Pronoun("he", 2, "m"),
    Pronoun("she", 2, "f"),
    Pronoun("we", 3, "m"),
    Pronoun("they", 4, "m"),
)
IT = Pronoun("it", 2, "m")
PRONOUNS = (SPEAKER, YOU, HE, SHE, WE, THEY)
PEOPLE = tuple(Name(*row) for row in NAMES)
PROFESSION_LIST = tuple(Profession(*row) for row in PROFESSIONS)
# Chinese verbs that name a result are not denied by 不.
RESULTS = ("看见", "听见", "遇见", "找到", "带来", "打开", "关上", "弄丢")


def slot_of(entity: Entity) -> int:
    """The person as a column of the verb tables."""
    if isinstance(entity, Pronoun):
        return entity.slot
    if isinstance(entity, Phrase):
        return 4 if entity.plural else 2
    return 4 if isinstance(entity, Pair) else 2


def nouns_of(classes: Sequence[str] | frozenset[str]) -> list[Noun]:
    """All nouns in any of the classes, places that are rooms or sights among them."""
    places = [place.noun for place in PLACES]
    return [noun for noun in [*NOUNS, *places] if noun.classes & set(classes)]


def fits(noun: Noun, attribute: bool) -> list[Adjective]:
    """The adjectives that can be said of a noun, before it or after a form of `to be`."""
    return [
        adjective
        for adjective in ADJECTIVES
        if adjective.classes & noun.classes
        and not (attribute and adjective.predicate_only)
        and not (adjective.english == "young" and noun.english[0] in ("boy", "girl", "child"))
    ]


class Draw:
    """One stream of random meanings."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.random.random() < probability

    def one(self, things: Sequence[T]) -> T:
        """Any of the things."""
        return things[self.random.randrange(len(things))]

    def weighted(self, choices: dict[T, float]) -> T:
        """Any of the keys, by weight."""
        point = self.random.random() * sum(choices.values())
        last = 0.0
        for key, weight in choices.items():
            last += weight
            if point < last:
                return key
        return next(reversed(choices))

    def owner(self, noun: Noun, subject: Entity | None = None) -> Pronoun | Name:
        """Whose it is; most often the subject's."""
        if isinstance(subject, Pronoun) and self.chance(0.6):
            return subject
        return self.one(PEOPLE) if self.chance(0.2) else self.one(PRONOUNS)

    def phrase(self, noun: Noun, determiners: dict[str, float], subject: Entity | None = None) -> Phrase:
        """A phrase around a noun."""
        if noun.mass:
            return Phrase(noun, "mass")
        if "vessel" in noun.classes:
            number = self.one((1, 1, 1, 2, 2, 3, 4, 5))
            contents = self.one(nouns_of([noun.english[0]]))
            return Phrase(noun, "number" if number > 1 else "a", number > 1, number=number, contents=contents)
        if "place" in noun.classes:
            return Phrase(noun, "the")
        if "kin" in noun.classes:
            return Phrase(noun, "own", owner=self.owner(noun, subject))
        determiner = self.weighted(determiners)
        plural = determiner in ("some", "many", "number", "kind") or (
            determiner in ("the", "own", "this") and self.chance(0.3)
        )
        adjectives = fits(noun, attribute=True)
        adjective = self.one(adjectives) if adjectives and self.chance(0.25) else None
        owner = self.owner(noun, subject) if determiner == "own" else None
        number = self.random.randrange(2, 13) if determiner == "number" else 1
        return Phrase(noun, determiner, plural, adjective, owner, number)

    def person(self) -> Entity:
        """Somebody as a subject."""
        kind = self.weighted({"pronoun": 42, "name": 20, "pair": 5, "kin": 11, "noun": 22})
        if kind == "pronoun":
            return self.one(PRONOUNS)
        if kind == "name":
            return self.one(PEOPLE)
        if kind == "pair":
            first, second = self.random.sample(PEOPLE, 2)
            return Pair(first, second)
        if kind == "kin":
            return self.phrase(self.one(nouns_of(["kin"])), {})
        noun = self.one(nouns_of(["person"]))
        own = 30 if "own" in noun.classes else 0
        return self.phrase(noun, {"the": 60, "this": 10, "own": own})

    def single_person(self) -> Entity:
        """One person whose gender is known."""
        return self.one(
            (
                self.one((SPEAKER, HE, SHE)),
                self.one(PEOPLE),
                self.phrase(self.one(nouns_of(["kin"])), {}),
            )
        )

    def subject(self, classes: frozenset[str]) -> Entity:
        """A subject of one of the classes, mostly a person where that is possible."""
        if "person" in classes and (len(classes) == 1 or self.chance(0.7)):
            return self.person()
        noun = self.one(nouns_of(classes - {"person"}))
        return self.phrase(noun, {"the": 70, "this": 15, "own": 15})

    def object(self, verb: Verb, subject: Entity, bare: bool) -> Entity:
        """An object of a verb; `bare` where the clause is denied or asked, so that it counts nothing."""
        if "pronoun" in verb.objects and self.chance(0.3):
            others = [
                pronoun
                for pronoun in PRONOUNS
                if not isinstance(subject, Pronoun) or pronoun.slot != subject.slot
            ]
            if not (isinstance(subject, Pronoun) and subject.slot in (0, 3)):
                return self.one(others)
            return self.one([pronoun for pronoun in others if pronoun.slot not in (0, 3)])
        if verb.objects & {"person", "kin"} and self.chance(0.25):
            return self.one([name for name in PEOPLE if name != subject])
        noun = self.one(nouns_of(verb.objects))
        if bare and "vessel" in noun.classes:
            noun = self.one(nouns_of(["drink"]))
        own = 20 if not verb.objects & {"person"} or "own" in noun.classes else 0
        determiners = {"the": 28, "a": 30, "this": 8, "own": own}
        if not bare:
            determiners |= {"some": 9, "many": 5, "number": 10}
        return self.phrase(noun, determiners, subject)

    def place(self) -> Said:
        """Where something is done."""
        if self.chance(0.12):
            return self.one(REGIONS)[0]
        return times.at_place(self.one([place for place in PLACES if place.noun.english[0] != "bank"]))

    def tense(self, verb: Verb) -> str:
        """A tense the verb knows."""
        weights = {"h": ("habit", 26), "g": ("progress", 22), "p": ("past", 32), "f": ("future", 20)}
        return self.weighted({weights[mark][0]: weights[mark][1] for mark in verb.tenses if mark != "m"})

    def timed(self, clause: Clause, probability: float) -> Clause:
        """The clause with a time that goes with its tense."""
        verb = clause.verb
        if clause.tense == "progress":
            return clause
        # `read` alone does not say whether it is past.
        needed = verb is not None and (
            (verb.english[0] == verb.english[2] and clause.tense in ("habit", "past"))
            or (verb.skill and clause.tense == "future")
        )
        if not needed and not self.chance(probability):
            return clause
        stative = verb is not None and verb.tenses == "h"
        if clause.tense == "habit":
            if stative or clause.negative:
                return clause
            if verb in MOVES:
                return replace(clause, time=times.daily(self), time_first=self.chance(0.2))
            if self.chance(0.4) and not clause.negative and not clause.modal and not needed:
                return replace(clause, often=self.one(times.OFTEN))
            time = times.habit(self)
        else:
            time = times.past(self) if clause.tense == "past" else times.future(self)
        return replace(clause, time=time, time_first=self.chance(0.3))

    def modal(self, clause: Clause) -> Clause:
        """The clause after can, must or want, at times."""
        verb = clause.verb
        if verb is None or ("m" not in verb.tenses and not verb.skill) or not self.chance(0.15):
            return clause
        modal = self.weighted({"can": 40, "want": 35, "must": 25})
        if modal == "must":
            return replace(clause, modal=modal, tense="habit", negative=False)
        if modal == "want" and self.chance(0.3):
            return replace(clause, modal=modal, tense="past", time=times.past(self))
        return replace(clause, modal=modal, tense="habit")

    def action(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.6) -> Clause:
        """Somebody does something to something."""
        who = subject or self.person()
        verb = self.one(VERBS)
        negative = not bare and self.chance(0.15)
        tense = self.tense(verb)
        if tense == "habit" and verb.chinese in RESULTS:
            negative = False
        clause = Clause(who, verb, tense, negative, object=self.object(verb, who, bare or negative))
        clause = self.modal(clause)
        placed = {
            "eat",
            "read",
            "write",
            "buy",
            "see",
            "meet",
            "wait",
            "draw",
            "photograph",
            "call",
            "sell",
            "help",
        }
        if verb.english[0] in placed and not clause.modal and not negative and self.chance(0.25):
            clause = replace(clause, place=self.place())
        return clause if clause.time else self.timed(clause, timed)

    def doing(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.6) -> Clause:
        """Somebody does something."""
        verb = self.one(DOINGS)
        who = subject or self.subject(verb.objects)
        negative = not bare and self.chance(0.15)
        clause = self.modal(Clause(who, verb, self.tense(verb), negative))
        if not clause.modal and not negative and "speak" not in verb.english[0] and self.chance(0.35):
            clause = replace(clause, place=self.place())
        return clause if clause.time else self.timed(clause, timed)

    def move(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.9) -> Clause:
        """Somebody or a train arrives, leaves, comes home."""
        verb = self.one(MOVES)
        who = subject or self.subject(verb.objects)
        clause = self.timed(Clause(who, verb, self.tense(verb), not bare and self.chance(0.1)), timed)
        # Nobody arrives, in the present, at no time at all.
        return replace(clause, tense="past") if clause.tense == "habit" and not clause.time else clause

    def going(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.7) -> Clause:
        """Somebody goes somewhere."""
        who = subject or self.person()
        verb, goal = (
            (DRIVE, self.one(REGIONS)[1]) if self.chance(0.3) else (GO, times.to_place(self.one(PLACES)))
        )
        clause = Clause(who, verb, self.tense(verb), not bare and self.chance(0.15), goal=goal)
        clause = self.modal(clause)
        return clause if clause.time else self.timed(clause, timed)

    def living(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.0) -> Clause:
        """Somebody lives somewhere or comes from there."""
        who = subject or self.person()
        at, _, origin = self.one(REGIONS)
        if self.chance(0.5):
            return Clause(who, LIVE, negative=not bare and self.chance(0.2), goal=at)
        return Clause(who, COME, goal=origin)

    def giving(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.5) -> Clause:
        """Somebody gives, shows or sends something to somebody."""
        who = subject or self.person()
        verb = self.one((GIVE, SHOW, SEND))
        others: list[Entity] = [name for name in PEOPLE if name != who]
        kin = self.phrase(self.one(nouns_of(["kin"])), {}, who)
        noun = self.phrase(self.one(nouns_of(["person"])), {"the": 1})
        recipient = self.one((self.one(others), kin, replace(noun, adjective=None)))
        thing = self.object(replace(verb, objects=verb.objects), who, bare=True)
        if verb is SHOW and isinstance(thing, Phrase) and thing.determiner == "a":
            thing = replace(thing, determiner="number", plural=True, number=self.random.randrange(2, 7))
        clause = Clause(who, verb, self.tense(verb), False, object=thing, recipient=recipient)
        return self.timed(clause, timed)

    def being(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.0) -> Clause:
        """Something or somebody is such, more so than another, of an age, of a profession, or somewhere."""
        kind = self.weighted(
            {"adjective": 45, "comparison": 13, "profession": 12, "age": 14, "thing": 12, "person": 8}
        )
        negative = not bare and self.chance(0.2)
        if kind == "profession":
            who = self.single_person() if subject is None or isinstance(subject, Pair | Phrase) else subject
            if slot_of(who) in (1, 3, 4):
                who = HE
            state = replace(self.one(PROFESSION_LIST), wish=self.chance(0.4))
            return Clause(who, negative=negative, state=state)
        if kind == "age":
            who = subject or self.single_person()
            return Clause(who, state=Age(self.years(who)))
        if kind == "person":
            clause = Clause(
                subject or self.person(), negative=negative, state=times.at_place(self.one(PLACES))
            )
            return self.timed(replace(clause, tense="past"), 1.0) if self.chance(0.4) else clause
        if kind == "thing" and subject is None:
            noun = self.one(nouns_of(["thing", "readable", "headwear", "animal"]))
            thing = self.phrase(noun, {"the": 60, "own": 40})
            return Clause(thing, negative=negative, state=times.near(self, self.one(nouns_of(["furniture"]))))
        return self.such(subject, negative, comparing=kind == "comparison")

    def years(self, who: Entity) -> int:
        """An age that somebody may have."""
        if isinstance(who, Phrase) and "kin" in who.noun.classes:
            name = who.noun.english[0]
            low, high = (
                (60, 85) if name.startswith("grand") else (2, 20) if name in ("son", "daughter") else (30, 60)
            )
            return self.random.randrange(low, high)
        if isinstance(who, Phrase) and who.noun.english[0] in ("boy", "girl", "child"):
            return self.random.randrange(3, 15)
        return self.random.randrange(12 if isinstance(who, Phrase) else 3, 85)

    def such(self, subject: Entity | None, negative: bool, comparing: bool) -> Clause:
        """Something has a quality, or more of it than another."""
        if subject is None and self.chance(0.5):
            subject = self.person()
        if subject is None:
            noun = self.one(
                [noun for noun in [*NOUNS, *(p.noun for p in PLACES)] if fits(noun, attribute=False)]
            )
            if noun.mass:
                subject = Phrase(noun, "the")
            elif "kin" in noun.classes or "person" in noun.classes:
                subject = self.person()
            else:
                subject = replace(self.phrase(noun, {"the": 50, "this": 20, "own": 30}), adjective=None)
        if isinstance(subject, Phrase):
            subject = replace(subject, adjective=None)
            adjectives = fits(subject.noun, attribute=False)
        else:
            adjectives = [adjective for adjective in ADJECTIVES if "kin" in adjective.classes]
        adjective = self.one(adjectives)
        if comparing and adjective.comparative:
            other = self.rival(subject)
            if other is not None:
                return Clause(subject, state=Comparison(adjective, other))
        clause = Clause(subject, negative=negative, state=adjective)
        passing = {
            "tired",
            "happy",
            "sad",
            "sick",
            "busy",
            "hot",
            "cold",
            "dirty",
            "closed",
            "open",
            "empty",
            "quiet",
        }
        if adjective.english in passing and self.chance(0.4):
            return self.timed(replace(clause, tense="past"), 1.0)
        return clause

    def rival(self, subject: Entity) -> Entity | None:
        """Somebody or something to be compared with the subject."""
        if not isinstance(subject, Phrase):
            return self.one([name for name in PEOPLE if name not in (subject, *vars(subject).values())])
        if subject.noun.mass or "place" in subject.noun.classes:
            return None
        if subject.noun.classes & {"person", "kin"}:
            return self.one(PEOPLE)
        groups = (
            "animal",
            "wear",
            "headwear",
            "vehicle",
            "line",
            "furniture",
            "readable",
            "building",
            "fruit",
        )
        for group in groups:
            if group in subject.noun.classes:
                others = [noun for noun in nouns_of([group]) if noun != subject.noun]
                return replace(
                    self.phrase(self.one(others), {"the": 60, "this": 10, "own": 30}), adjective=None
                )
        return None

    def any_clause(self, subject: Entity | None = None, bare: bool = False, timed: float = 0.6) -> Clause:
        """A clause of any kind."""
        kinds: dict[Callable[..., Clause], float] = {
            self.action: 40, self.doing: 18, self.move: 10, self.going: 9, self.living: 3, self.giving: 7, self.being: 20,
        }  # fmt: skip
        return self.weighted(kinds)(subject, bare, timed)

    def weather(self, tense: str) -> Clause:
        """It rains or it snows."""
        clause = Clause(IT, self.one(WEATHER), tense)
        if self.chance(0.4):
            clause = replace(clause, place=self.one(REGIONS)[0])
        return clause if tense == "progress" else replace(self.timed(clause, 1.0), time_first=False)

    def liking(self) -> Clause:
        """Somebody likes a kind of thing."""
        noun = self.one(nouns_of(["food", "foodmass", "drink", "animal", "flower"]))
        thing = Phrase(noun, "kind", not noun.mass)
        return Clause(self.person(), times.LIKE, negative=self.chance(0.25), object=thing)

    def related(self) -> Clause:
        """The one who does something is such."""
        noun = self.one(nouns_of(["person"]))
        subject = self.phrase(noun, {"the": 1})
        subject = replace(subject, plural=False, adjective=None)
        while True:
            inner = self.one((self.action, self.doing, self.living))(subject, True, 0.0)
            if inner.modal:
                continue
            if inner.tense == "progress" or inner.verb is LIVE or (inner.tense == "past" and inner.object):
                break
        subject = replace(subject, relative=replace(inner, modal="", time=None, often=None))
        if self.chance(0.4):
            mine = {
                "m": ("neighbor", "colleague", "boss", "uncle", "lawyer"),
                "f": ("aunt", "daughter", "mother"),
            }
            # The one word German has no gender for, here, is the child and the girl.
            gender = "f" if noun.english[0] in ("woman", "girl", "nurse") else "m"
            names = mine[gender]
            other = self.one([noun for noun in NOUNS if noun.english[0] in names])
            return Clause(subject, state=Phrase(other, "own", owner=self.one(PRONOUNS)))
        return Clause(subject, state=self.one(fits(noun, attribute=False)))

    def question(self) -> Question:
        """A clause asked about."""
        about = self.weighted(
            {"yes": 40, "who": 15, "what": 12, "where": 12, "when": 12, "why": 10, "many": 8}
        )
        while True:
            clause = replace(self.any_clause(bare=True), time_first=False)
            if clause.modal == "must" or clause.negative or clause.often:
                continue
            verb = clause.verb
            if isinstance(clause.state, Profession) and clause.state.wish:
                continue
            counted = isinstance(clause.object, Phrase) and clause.object.determiner not in (
                "the",
                "this",
                "own",
            )
            if clause.tense == "past" and about in ("where", "when") and counted:
                continue
            if about == "yes":
                return Question(clause, about)
            if about == "who" and isinstance(clause.subject, Name):
                return Question(clause, about)
            if verb is None or verb in (COME, COST):
                continue
            thing = clause.object
            if about == "what" and isinstance(thing, Phrase) and not clause.recipient:
                living = thing.noun.classes & {"person", "kin", "animal"}
                # Chinese wears a hat by another verb than a coat.
                if not living and verb.english[0] not in ("have", "wear"):
                    return Question(replace(clause, object=None), about)
            if about == "where" and (clause.place or verb is LIVE or verb is GO) and not clause.modal:
                return Question(replace(clause, place=None, goal=None), about)
            if (
                about == "when"
                and clause.time
                and not clause.modal
                and clause.tense in ("past", "future", "habit")
            ):
                return Question(replace(clause, time=None), about)
            if about == "why" and clause.tense != "habit":
                return Question(clause, about)
            if (
                about == "many"
                and isinstance(thing, Phrase)
                and thing.noun.english[1]
                and not clause.recipient
            ):
                if "vessel" in thing.noun.classes or thing.noun.classes & {"kin"} or clause.modal:
                    continue
                if clause.tense in ("past", "future") or verb.english[0] == "have":
                    counted = Phrase(thing.noun, "number", plural=True)
                    return Question(replace(clause, object=counted), about)

    def joined(self) -> Joined:
        """Two clauses in one sentence."""
        word = self.weighted({"because": 40, "but": 25, "if": 25, "while": 15})
        plain = {"timed": 0.25}
        if word == "if":
            if self.chance(0.5):
                condition = Clause(IT, self.one(WEATHER), "habit", time=self.one(times.SOON[:4]))
            else:
                condition = self.one((self.move, self.doing))(None, True, 0.0)
                condition = replace(condition, tense="habit", time=None, modal="", often=None)
            while True:
                main = self.one((self.move, self.going, self.doing, self.action))(self.person(), False, 0.0)
                if main.tense == "future" and not main.modal and main.time is None:
                    return Joined(condition, word, main)
        if word == "while":
            first = self.clause_in("progress", (self.doing, self.action))
            second = self.clause_in("progress", (self.doing, self.action))
            return Joined(first, word, second)
        if word == "because" and self.chance(0.2):
            return Joined(self.one((self.move, self.going))(None, False, 0.0), word, self.weather("progress"))
        first, second = self.any_clause(**plain), self.any_clause(**plain)
        return Joined(replace(first, time_first=False), word, replace(second, time_first=False))

    def clause_in(self, tense: str, makers: tuple[Callable[..., Clause], ...]) -> Clause:
        """A clause of a given tense."""
        while True:
            clause = self.one(makers)(None, True, 0.0)
            if clause.tense == tense and not clause.modal:
                return clause

    def existence(self) -> Existence:
        """There is something somewhere."""
        place = times.at_place(self.one([place for place in PLACES if place.english_at == "in"]))
        noun = self.one(nouns_of(["animal", "furniture", "person", "thing", "flower"]))
        if "furniture" not in noun.classes and self.chance(0.4):
            place = times.near(self, self.one(nouns_of(["furniture"])))
            noun = self.one(nouns_of(["animal", "thing", "headwear", "food"]))
        if self.chance(0.15):
            return Existence(Phrase(noun, "number", plural=True), place, question=True)
        return Existence(self.phrase(noun, {"a": 45, "number": 30, "some": 12, "many": 12}), place)

    def price(self) -> Clause:
        """Something costs so much."""
        noun = self.one(nouns_of(["thing", "wear", "headwear", "furniture", "ticket"]))
        subject = self.phrase(noun, {"the": 50, "this": 50})
        number = self.one((*range(2, 21), *range(25, 100, 5)))
        return Clause(replace(subject, plural=False), COST, goal=times.euros(number))

    def sentence(self) -> Sentence:
        """A sentence of any kind."""
        kind = self.weighted(
            {"clause": 50, "question": 15, "joined": 14, "thought": 8, "existence": 6, "related": 6, "like": 3,
             "price": 3, "weather": 1, "whole": 4}
        )  # fmt: skip
        if kind == "clause":
            return Statement(self.any_clause())
        if kind == "question":
            return self.question()
        if kind == "joined":
            return self.joined()
        if kind == "thought":
            verb = self.one(("think", "know", "say", "hope"))
            inner = replace(self.any_clause(timed=0.3), time_first=False)
            if verb == "hope":
                inner = self.clause_in("future", (self.action, self.doing, self.move, self.going))
            return Thought(self.person(), verb, inner)
        if kind == "existence":
            return self.existence()
        if kind == "whole":
            return Whole(times.whole(self))
        if kind == "weather":
            return Statement(self.weather(self.one(("progress", "past", "future"))))
        return Statement({"related": self.related, "like": self.liking, "price": self.price}[kind]())
