"""German sentences for meanings: cases, three declensions of the adjective, verb second and verb last."""

from sentences import (
    HE,
    Age,
    Clause,
    Comparison,
    Entity,
    Existence,
    Joined,
    Name,
    Pair,
    Phrase,
    Profession,
    Pronoun,
    Question,
    Sentence,
    Statement,
    Thought,
    Whole,
    slot_of,
)
from times import german_number
from words import Adjective, Said

SUBJECTS = {"I": "ich", "you": "du", "he": "er", "she": "sie", "we": "wir", "they": "sie", "it": "es"}
PRONOUNS = {
    "nominative": SUBJECTS,
    "accusative": {"I": "mich", "you": "dich", "he": "ihn", "she": "sie", "we": "uns", "they": "sie"},
    "dative": {"I": "mir", "you": "dir", "he": "ihm", "she": "ihr", "we": "uns", "they": "ihnen"},
}
REFLEXIVE = ("mich", "dich", "sich", "uns", "sich")
POSSESSIVES = {"I": "mein", "you": "dein", "he": "sein", "she": "ihr", "we": "unser", "they": "ihr"}
KINDS = ("m", "f", "n", "plural")
ARTICLES = {
    "nominative": ("der", "die", "das", "die"),
    "accusative": ("den", "die", "das", "die"),
    "dative": ("dem", "der", "dem", "den"),
}
# Endings of dieser, of ein and mein, and of adjectives after these and after nothing.
THIS = {
    "nominative": ("er", "e", "es", "e"),
    "accusative": ("en", "e", "es", "e"),
    "dative": ("em", "er", "em", "en"),
}
EIN = {
    "nominative": ("", "e", "", "e"),
    "accusative": ("en", "e", "", "e"),
    "dative": ("em", "er", "em", "en"),
}
WEAK = {
    "nominative": ("e", "e", "e", "en"),
    "accusative": ("en", "e", "e", "en"),
    "dative": ("en", "en", "en", "en"),
}
MIXED = {
    "nominative": ("er", "e", "es", "en"),
    "accusative": ("en", "e", "es", "en"),
    "dative": ("en", "en", "en", "en"),
}
STRONG = {
    "nominative": ("er", "e", "es", "e"),
    "accusative": ("en", "e", "es", "e"),
    "dative": ("em", "er", "em", "en"),
}
SEIN = ("bin", "bist", "ist", "sind", "sind")
WAR = ("war", "warst", "war", "waren", "waren")
HABEN = ("habe", "hast", "hat", "haben", "haben")
WERDEN = ("werde", "wirst", "wird", "werden", "werden")
MODALS = {
    "can": ("kann", "kannst", "kann", "können", "können"),
    "must": ("muss", "musst", "muss", "müssen", "müssen"),
    "want": ("will", "willst", "will", "wollen", "wollen"),
    "wanted": ("wollte", "wolltest", "wollte", "wollten", "wollten"),
}
THOUGHTS = {
    "think": ("denke", "denkst", "denkt", "denken", "denken"),
    "know": ("weiß", "weißt", "weiß", "wissen", "wissen"),
    "say": ("sage", "sagst", "sagt", "sagen", "sagen"),
    "hope": ("hoffe", "hoffst", "hofft", "hoffen", "hoffen"),
}
# Languages and music are denied by kein, games and instruments by nicht.
DENIED = {"Musik": "keine Musik", **{f"{word}": f"kein {word}" for word in (
    "Französisch", "Deutsch", "Chinesisch", "Spanisch", "Italienisch",
)}}  # fmt: skip


def noun_word(thing: Phrase, case: str) -> str:
    """The noun in its case."""
    noun = thing.noun
    if not thing.plural:
        return noun.german[1] if noun.german_weak and case != "nominative" else noun.german[0]
    word = noun.german[1]
    return word + "n" if case == "dative" and word[-1] not in "ns" else word


def phrase(thing: Phrase, case: str = "nominative", negative: bool = False) -> str:
    """A noun with what goes with it."""
    noun = thing.noun
    column = 3 if thing.plural else KINDS.index(noun.german_gender)
    before, endings = determined(thing, case, column, negative)
    words = [before]
    if thing.adjective:
        words.append(thing.adjective.german_stem + endings[case][column])
    words.append(noun_word(thing, case))
    if thing.contents:
        words.append(thing.contents.german[0])
    text = " ".join(word for word in words if word)
    if thing.relative:
        pronoun = ("der", "die", "das", "die")[column]
        text += f", {pronoun} {last(thing.relative, Phrase(noun, 'the', thing.plural), '')},"
    return text


def determined(
    thing: Phrase, case: str, column: int, negative: bool
) -> tuple[str, dict[str, tuple[str, str, str, str]]]:
    """What stands before the noun, and the endings that adjectives take after it."""
    determiner = thing.determiner
    if determiner == "the":
        return ARTICLES[case][column], WEAK
    if determiner == "this":
        return "dies" + THIS[case][column], WEAK
    if determiner == "own" and isinstance(thing.owner, Name):
        return f"{thing.owner.name}s", STRONG
    if determiner == "own" and thing.owner:
        return POSSESSIVES[thing.owner.english] + EIN[case][column], MIXED
    if determiner == "number":
        return german_number(thing.number), STRONG
    if determiner in ("some", "many"):
        return {"some": "einige", "many": "viele"}[determiner] + ("n" if case == "dative" else ""), STRONG
    if negative and determiner in ("a", "mass", "kind"):
        return "kein" + EIN[case][column], MIXED
    if determiner == "a":
        return "ein" + EIN[case][column], MIXED
    return "", STRONG


def entity(thing: Entity, case: str = "nominative", negative: bool = False) -> str:
    """Somebody or something in a case."""
    if isinstance(thing, Pronoun):
        return PRONOUNS[case][thing.english]
    if isinstance(thing, Name):
        return thing.name
    if isinstance(thing, Pair):
        return f"{thing.first.name} und {thing.second.name}"
    return phrase(thing, case, negative)


def feminine(thing: Entity) -> bool:
    """Whether a profession is said of a woman."""
    return (
        thing.noun.german_gender == "f" if isinstance(thing, Phrase) else getattr(thing, "gender", "m") == "f"
    )


def finite(clause: Clause, subject: Entity) -> tuple[str, str, str]:
    """The finite verb, its separable prefix, and the infinitive or participle at the end."""
    slot = slot_of(subject)
    verb = clause.verb
    if verb is None:
        if isinstance(clause.state, Profession) and clause.state.wish:
            return MODALS["want"][slot], "", "werden"
        return (WAR if clause.tense == "past" else SEIN)[slot], "", ""
    if clause.modal:
        modal = "wanted" if clause.modal == "want" and clause.tense == "past" else clause.modal
        return MODALS[modal][slot], "", verb.german
    if clause.tense == "past":
        return (SEIN if verb.german_sein else HABEN)[slot], "", verb.german_participle
    if clause.tense == "future":
        return WERDEN[slot], "", verb.german
    return verb.german_present[slot], verb.german_prefix, ""


def middle(clause: Clause, subject: Entity) -> list[str]:
    """What stands between the finite verb and the end: pronouns, time, objects, nicht, place, goal."""
    verb = clause.verb
    words = []
    if verb and verb.german_reflexive:
        words.append(REFLEXIVE[slot_of(subject)])
    thing = clause.object
    plain = verb is not None and thing is not None and not verb.german_preposition
    if plain and isinstance(thing, Pronoun):
        words.append(entity(thing, verb.german_case))
    if clause.time and not clause.time_first:
        words.append(clause.time.german)
    if clause.often:
        words.append(clause.often.german)
    if clause.tense == "progress":
        words.append("gerade")
    if clause.recipient:
        words.append(entity(clause.recipient, "dative"))
    denied = clause.negative
    if plain and not isinstance(thing, Pronoun):
        words.append(entity(thing, verb.german_case, clause.negative))
        if isinstance(thing, Phrase) and thing.determiner in ("a", "mass", "kind"):
            denied = False
    tail = verb.german_tail if verb else ""
    if clause.negative and tail in DENIED:
        tail, denied = DENIED[tail], False
    if verb is None and clause.negative and isinstance(clause.state, Profession):
        denied = False
    if denied:
        words.append("nicht")
    if verb and thing and verb.german_preposition:
        words.append(f"{verb.german_preposition} {entity(thing, 'accusative')}")
    if clause.place:
        words.append(clause.place.german)
    words.append(tail)
    if clause.goal:
        words.append(clause.goal.german)
    if verb is None:
        words.append(state(clause, subject))
    return [word for word in words if word]


def state(clause: Clause, subject: Entity) -> str:
    """What somebody or something is."""
    what = clause.state
    if isinstance(what, Adjective):
        return what.german
    if isinstance(what, Comparison):
        return f"{what.adjective.german_comparative} als {entity(what.other)}"
    if isinstance(what, Profession):
        woman = feminine(subject)
        denied = ("keine " if woman else "kein ") if clause.negative else ""
        return denied + what.german[woman]
    if isinstance(what, Age):
        return f"{german_number(what.years)} Jahre alt"
    if isinstance(what, Phrase):
        return phrase(what)
    assert isinstance(what, Said)
    return what.german


def joined(*words: str) -> str:
    """The words with a space between."""
    return " ".join(word for word in words if word)


def second(clause: Clause, first: str = "") -> str:
    """A main clause: the verb comes second, after the time, a question word or the subject.

    A `first` of "?" puts the verb first.
    """
    head, prefix, end = finite(clause, clause.subject)
    subject = entity(clause.subject)
    between = middle(clause, clause.subject)
    if first:
        return joined("" if first == "?" else first, head, subject, *between, end, prefix)
    if clause.time and clause.time_first:
        return joined(clause.time.german, head, subject, *between, end, prefix)
    return joined(subject, head, *between, end, prefix)


def last(clause: Clause, subject: Entity, spoken: str) -> str:
    """A subordinate clause: the verb comes last, and takes its prefix back."""
    head, prefix, end = finite(clause, subject)
    if prefix:
        head = f"{prefix} {head}" if prefix == "spazieren" else prefix + head
    return joined(spoken, *middle(clause, subject), end, head)


def subordinate(clause: Clause) -> str:
    """A subordinate clause with its subject."""
    return last(clause, clause.subject, entity(clause.subject))


def asked(question: Question) -> str:
    """A clause as it is asked."""
    clause, about = question.clause, question.about
    if about == "who":
        head, prefix, end = finite(clause, HE)
        return joined("wer", head, *middle(clause, HE), end, prefix) + "?"
    word = {"yes": "?", "what": "was", "where": "wo", "when": "wann", "why": "warum", "many": "wie viele"}[
        about
    ]
    if about == "where" and clause.verb and clause.verb.german_sein and clause.verb.english[0] == "go":
        word = "wohin"
    if about == "many" and isinstance(clause.object, Phrase):
        word = f"wie viele {clause.object.noun.german[1]}"
        clause = Clause(clause.subject, clause.verb, clause.tense, place=clause.place, time=clause.time)
    return second(clause, word) + "?"


def sentence(meaning: Sentence) -> str:
    """A sentence without its capital letter."""
    return whole(meaning).replace(",.", ".")


def whole(meaning: Sentence) -> str:
    """A sentence as it comes together."""
    if isinstance(meaning, Statement):
        return f"{second(meaning.clause)}."
    if isinstance(meaning, Question):
        return asked(meaning)
    if isinstance(meaning, Joined):
        if meaning.word == "if":
            return f"wenn {subordinate(meaning.first)}, {second(meaning.second, '?')}."
        if meaning.word == "but":
            return f"{second(meaning.first)}, aber {second(meaning.second)}."
        word = {"because": "weil", "while": "während"}[meaning.word]
        return f"{second(meaning.first)}, {word} {subordinate(meaning.second)}."
    if isinstance(meaning, Thought):
        verb = THOUGHTS[meaning.verb][slot_of(meaning.thinker)]
        return f"{entity(meaning.thinker)} {verb}, dass {subordinate(meaning.clause)}."
    if isinstance(meaning, Existence):
        verb = "sind" if meaning.phrase.plural else "ist"
        if meaning.question:
            return f"wie viele {meaning.phrase.noun.german[1]} sind {meaning.place.german}?"
        return f"{meaning.place.german} {verb} {phrase(meaning.phrase)}."
    assert isinstance(meaning, Whole)
    return meaning.said.german
