"""French sentences for meanings: agreement of articles, adjectives and participles, elision, ne ... pas."""

import re

from sentences import (
    HE,
    IT,
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
from times import french_number, vowel
from words import Adjective, Noun

SUBJECTS = {"I": "je", "you": "tu", "he": "il", "she": "elle", "we": "nous", "they": "ils", "it": "il"}
DIRECT = {"I": "me", "you": "te", "he": "le", "she": "la", "we": "nous", "they": "les"}
INDIRECT = {"I": "me", "you": "te", "he": "lui", "she": "lui", "we": "nous", "they": "leur"}
REFLEXIVE = ("me", "te", "se", "nous", "se")
POSSESSIVES = {
    "I": ("mon", "ma", "mes"), "you": ("ton", "ta", "tes"), "he": ("son", "sa", "ses"), "she": ("son", "sa", "ses"),
    "we": ("notre", "notre", "nos"), "they": ("leur", "leur", "leurs"),
}  # fmt: skip
ETRE = ("suis", "es", "est", "sommes", "sont")
ETAIT = ("étais", "étais", "était", "étions", "étaient")
AVOIR = ("ai", "as", "a", "avons", "ont")
FUTURE = ("ai", "as", "a", "ons", "ont")
MODALS = {
    "can": ("peux", "peux", "peut", "pouvons", "peuvent"),
    "skill": ("sais", "sais", "sait", "savons", "savent"),
    "must": ("dois", "dois", "doit", "devons", "doivent"),
    "want": ("veux", "veux", "veut", "voulons", "veulent"),
    "wanted": ("voulais", "voulais", "voulait", "voulions", "voulaient"),
}
THOUGHTS = {
    "think": ("pense", "penses", "pense", "pensons", "pensent"),
    "know": ("sais", "sais", "sait", "savons", "savent"),
    "say": ("dis", "dis", "dit", "disons", "disent"),
    "hope": ("espère", "espères", "espère", "espérons", "espèrent"),
}
VOWEL = "(?!huit|onze)(?=[aeiouhàâéèêîôœAEIOUÀÂÉÈÊÎÔŒ])"


def elide(text: str) -> str:
    """The text with je, le, la, ne, de, que, me, te, se, si shortened before a vowel."""
    text = re.sub(
        rf"\b([Jj]e|[Ll][ea]|[Nn]e|[Dd]e|[Qq]ue|[MmTtSs]e) {VOWEL}", lambda m: m[1][:-1] + "'", text
    )
    return re.sub(r"\b([Ss])i (?=ils?\b)", r"\1'", text)


def gender(thing: Entity) -> str:
    """The gender that adjectives and participles agree with."""
    if isinstance(thing, Pair):
        return "f" if thing.first.gender == thing.second.gender == "f" else "m"
    return thing.noun.french_gender if isinstance(thing, Phrase) else thing.gender


def plural(thing: Entity) -> bool:
    """Whether adjectives agree in the plural."""
    return slot_of(thing) > 2


def agreeing(participle: str, thing: Entity) -> str:
    """A participle that agrees."""
    form = participle + ("e" if gender(thing) == "f" else "")
    return form + ("s" if plural(thing) and form[-1] not in "sx" else "")


def adjective(word: Adjective, feminine: bool, many: bool, following: str = "") -> str:
    """An adjective that agrees; `following` is the noun that it stands before."""
    form = word.french[feminine]
    if following and not feminine and not many and vowel(following):
        form = word.before_vowel
    if many and form[-1] not in "sx":
        form += "x" if form.endswith("eau") else "s"
    return form


def noun_words(thing: Phrase) -> str:
    """The noun with its adjective, without a determiner."""
    noun = thing.noun
    word = noun.french[thing.plural]
    if thing.adjective:
        feminine = noun.french_gender == "f"
        if thing.adjective.before:
            word = f"{adjective(thing.adjective, feminine, thing.plural, word)} {word}"
        else:
            word = f"{word} {adjective(thing.adjective, feminine, thing.plural)}"
    return word


def definite(words: str, noun: Noun, many: bool, preposition: str = "") -> str:
    """The article, contracted with à or de."""
    if many:
        return f"{ {'': 'les', 'à': 'aux', 'de': 'des'}[preposition] } {words}"
    if noun.french_gender == "f" or vowel(words):
        article = "la" if noun.french_gender == "f" else "le"
        return f"{preposition} {article} {words}".strip()
    return f"{ {'': 'le', 'à': 'au', 'de': 'du'}[preposition] } {words}"


def phrase(thing: Phrase, negative: bool = False, preposition: str = "") -> str:
    """A noun with what goes with it."""
    noun, words = thing.noun, noun_words(thing)
    feminine = noun.french_gender == "f"
    if thing.contents:
        words = f"{words} de {thing.contents.french[0]}"
    after = ""
    if thing.relative:
        after = f" qui {verbal(thing.relative, replaced(thing))}"
    before = f"{preposition} " if preposition else ""
    determiner = thing.determiner
    if determiner == "own" and isinstance(thing.owner, Name):
        return f"{definite(words, noun, thing.plural, preposition)} de {thing.owner.name}"
    if determiner == "own" and thing.owner:
        masculine, of_her, many = POSSESSIVES[thing.owner.english]
        chosen = many if thing.plural else of_her if feminine and not vowel(words) else masculine
        return f"{before}{chosen} {words}"
    if determiner in ("the", "kind"):
        return definite(words, noun, thing.plural, preposition) + after
    if determiner == "this":
        if thing.plural:
            return f"{before}ces {words}"
        return f"{before}{'cette' if feminine else 'cet' if vowel(words) else 'ce'} {words}"
    if determiner == "number":
        return f"{before}{french_number(thing.number)} {words}"
    if determiner == "many":
        return f"{before}beaucoup de {words}"
    if negative:
        return f"de {words}"
    if determiner == "mass":
        return definite(words, noun, False, "de")
    if determiner == "some":
        first = thing.adjective is not None and thing.adjective.before
        return f"{before}{'de' if first else 'des'} {words}"
    return f"{before}{'une' if feminine else 'un'} {words}"


def replaced(thing: Phrase) -> Entity:
    """A phrase as the subject of its own relative clause: the same gender and number."""
    return Phrase(thing.noun, "the", thing.plural)


def entity(thing: Entity, preposition: str = "") -> str:
    """Somebody or something, after a preposition where one is given."""
    before = f"{preposition} " if preposition else ""
    if isinstance(thing, Pronoun):
        return SUBJECTS[thing.english]
    if isinstance(thing, Name):
        return before + thing.name
    if isinstance(thing, Pair):
        return f"{thing.first.name} et {thing.second.name}"
    return phrase(thing, preposition=preposition)


def state(clause: Clause, subject: Entity) -> str:
    """What follows a form of `être`."""
    what = clause.state
    feminine = gender(subject) == "f"
    if isinstance(what, Adjective):
        return adjective(what, feminine, plural(subject))
    if isinstance(what, Comparison):
        word = adjective(what.adjective, feminine, plural(subject))
        if what.adjective.english == "good":
            better = "meilleure" if feminine else "meilleur"
            return f"{better}{'s' if plural(subject) else ''} que {entity(what.other)}"
        return f"plus {word} que {entity(what.other)}"
    if isinstance(what, Profession):
        return what.french[feminine]
    return phrase(what) if isinstance(what, Phrase) else what.french


def finite(clause: Clause, subject: Entity, counted: Phrase | None = None) -> tuple[str, str, str]:
    """The finite verb, what stands between (`en train de`), and the infinitive or participle."""
    slot = slot_of(subject)
    verb = clause.verb
    if verb is None:
        if isinstance(clause.state, Profession) and clause.state.wish:
            return MODALS["want"][slot], "", "devenir"
        if isinstance(clause.state, Age):
            return AVOIR[slot], "", ""
        return (ETAIT if clause.tense == "past" else ETRE)[slot], "", ""
    if clause.modal:
        past = clause.modal == "want" and clause.tense == "past"
        modal = "wanted" if past else "skill" if clause.modal == "can" and verb.skill else clause.modal
        return MODALS[modal][slot], "", verb.french
    if clause.tense == "progress" and subject != IT:
        return ETRE[slot], "en train de", verb.french
    if clause.tense == "past":
        if verb.french_etre:
            return ETRE[slot], "", agreeing(verb.participle, subject)
        participle = verb.participle
        before = (
            clause.object if isinstance(clause.object, Pronoun) and not verb.french_preposition else counted
        )
        return AVOIR[slot], "", agreeing(participle, before) if before else participle
    if clause.tense == "future":
        return verb.future + FUTURE[slot], "", ""
    return verb.french_present[slot], "", ""


def clitic(clause: Clause, subject: Entity) -> str:
    """The pronoun that stands before the verb."""
    if clause.verb and clause.verb.french_reflexive:
        return REFLEXIVE[slot_of(subject)]
    if isinstance(clause.object, Pronoun) and clause.verb:
        return (INDIRECT if clause.verb.french_preposition else DIRECT)[clause.object.english]
    return ""


def rest(clause: Clause, subject: Entity, denied: bool) -> list[str]:
    """What follows the verb, without a leading time."""
    if clause.verb is None:
        age = f"{french_number(clause.state.years)} ans" if isinstance(clause.state, Age) else ""
        words = [age or state(clause, subject)]
    else:
        verb = clause.verb
        tail = verb.french_tail
        if denied and tail == "de la musique":
            tail = "de musique"
        words = [tail]
        if isinstance(clause.object, Phrase) and not verb.french_preposition:
            words.append(phrase(clause.object, denied))
        elif clause.object and not isinstance(clause.object, Pronoun):
            words.append(entity(clause.object, verb.french_preposition))
        if clause.recipient:
            words.append(entity(clause.recipient, "à"))
        if clause.goal:
            words.append(clause.goal.french)
    if clause.place:
        words.append(clause.place.french)
    if clause.time and not clause.time_first:
        words.append(clause.time.french)
    return words


def verbal(clause: Clause, subject: Entity, counted: Phrase | None = None) -> str:
    """A clause without its subject."""
    head, link, body = finite(clause, subject, counted)
    pronoun = clitic(clause, subject)
    never = clause.often is not None and clause.often.french == "jamais"
    denied = clause.negative or never
    often = clause.often.french if clause.often else ""
    # In a compound past the pronoun stands before the auxiliary, else before the infinitive.
    early = not body or (clause.tense == "past" and not clause.modal)
    words = [
        "ne" if denied else "",
        pronoun if early else "",
        head,
        "pas" if clause.negative else "",
        often,
        link,
        "" if early else pronoun,
        body,
        *rest(clause if counted is None else without_object(clause), subject, denied),
    ]
    return " ".join(word for word in words if word)


def without_object(clause: Clause) -> Clause:
    """The clause with its object left out."""
    return Clause(
        clause.subject, clause.verb, clause.tense, place=clause.place, time=clause.time, goal=clause.goal
    )


def told(clause: Clause) -> str:
    """A clause as it is told."""
    first = f"{clause.time.french}, " if clause.time and clause.time_first else ""
    return f"{first}{entity(clause.subject)} {verbal(clause, clause.subject)}"


def asked(question: Question) -> str:
    """A clause as it is asked."""
    clause, about = question.clause, question.about
    if about == "who":
        return f"qui {verbal(clause, HE)} ?"
    counted = None
    opening = {
        "yes": "est-ce que", "what": "qu'est-ce que", "where": "où est-ce que", "when": "quand est-ce que",
        "why": "pourquoi est-ce que", "many": "combien de",
    }[about]  # fmt: skip
    if about == "many" and isinstance(clause.object, Phrase):
        counted = clause.object
        opening = f"combien de {counted.noun.french[1]} est-ce que"
    return f"{opening} {entity(clause.subject)} {verbal(clause, clause.subject, counted)} ?"


def sentence(meaning: Sentence) -> str:
    """A sentence without its capital letter."""
    return elide(unelided(meaning))


def unelided(meaning: Sentence) -> str:
    """A sentence with every word in full."""
    if isinstance(meaning, Statement):
        return f"{told(meaning.clause)}."
    if isinstance(meaning, Question):
        return asked(meaning)
    if isinstance(meaning, Joined):
        first, second = told(meaning.first), told(meaning.second)
        if meaning.word == "if":
            return f"si {first}, {second}."
        joint = {"because": " parce que", "but": ", mais", "while": " pendant que"}[meaning.word]
        return f"{first}{joint} {second}."
    if isinstance(meaning, Thought):
        verb = THOUGHTS[meaning.verb][slot_of(meaning.thinker)]
        return f"{entity(meaning.thinker)} {verb} que {told(meaning.clause)}."
    if isinstance(meaning, Existence):
        if meaning.question:
            return f"combien de {meaning.phrase.noun.french[1]} y a-t-il {meaning.place.french} ?"
        return f"il y a {phrase(meaning.phrase)} {meaning.place.french}."
    assert isinstance(meaning, Whole)
    return meaning.said.french
