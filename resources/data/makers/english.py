"""English sentences for meanings."""

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
from times import english_number
from words import Adjective

OBJECTS = {"I": "me", "you": "you", "he": "him", "she": "her", "we": "us", "they": "them", "it": "it"}
POSSESSIVES = {"I": "my", "you": "your", "he": "his", "she": "her", "we": "our", "they": "their"}
THOUGHTS = {"think": "think thinks", "know": "know knows", "say": "say says", "hope": "hope hopes"}
BE = ("am", "are", "is", "are", "are")
WERE = ("was", "were", "was", "were", "were")


def possessive(owner: Pronoun | Name) -> str:
    """Whose."""
    return POSSESSIVES[owner.english] if isinstance(owner, Pronoun) else f"{owner.name}'s"


def article(word: str) -> str:
    """`a` or `an` before a word."""
    return f"an {word}" if word[0].lower() in "aeiou" else f"a {word}"


def entity(thing: Entity, is_object: bool = False) -> str:
    """Somebody or something."""
    if isinstance(thing, Pronoun):
        return OBJECTS[thing.english] if is_object else thing.english
    if isinstance(thing, Name):
        return thing.name
    if isinstance(thing, Pair):
        return f"{thing.first.name} and {thing.second.name}"
    return phrase(thing)


def phrase(thing: Phrase, negative: bool = False) -> str:
    """A noun with what goes with it; what is not there is `any`."""
    core = thing.noun.english[thing.plural]
    if thing.adjective:
        core = f"{thing.adjective.english} {core}"
    if thing.contents:
        core = f"{core} of {thing.contents.english[0]}"
    if thing.relative:
        core = f"{core} who {verbal(thing.relative, HE)}"
    if thing.determiner == "a":
        return article(core)
    if thing.determiner == "own" and thing.owner:
        return f"{possessive(thing.owner)} {core}"
    if thing.determiner == "number":
        return f"{english_number(thing.number)} {core}"
    before = {
        "the": "the", "this": "these" if thing.plural else "this", "some": "some", "many": "many",
        "mass": "any" if negative else "", "kind": "",
    }[thing.determiner]  # fmt: skip
    return f"{before} {core}".strip()


def state(clause: Clause) -> str:
    """What follows a form of `to be`."""
    what = clause.state
    if isinstance(what, Adjective):
        return what.english
    if isinstance(what, Comparison):
        return f"{what.adjective.comparative} than {entity(what.other, True)}"
    if isinstance(what, Profession):
        return article(what.english)
    if isinstance(what, Age):
        return f"{english_number(what.years)} years old"
    return phrase(what) if isinstance(what, Phrase) else what.english


def parts(clause: Clause, subject: Entity) -> tuple[str, str, str]:
    """The auxiliary (empty where a plain verb does), the plain finite verb, and the verb after an auxiliary."""
    slot = slot_of(subject)
    past = clause.tense == "past"
    if isinstance(clause.state, Profession) and clause.state.wish:
        return (
            "does" if slot == 2 else "do",
            "wants to become" if slot == 2 else "want to become",
            "want to become",
        )
    if clause.verb is None:
        return (WERE if past else BE)[slot], "", ""
    base, third, was, doing = clause.verb.english
    if clause.modal in ("can", "must"):
        return clause.modal, "", base
    if clause.modal == "want":
        wanted = "wanted" if past else ("wants" if slot == 2 else "want")
        return "did" if past else ("does" if slot == 2 else "do"), f"{wanted} to {base}", f"want to {base}"
    if clause.tense == "progress":
        return BE[slot], "", doing
    if clause.tense == "future":
        return "will", "", base
    if past:
        return "did", was, base
    return ("does", third, base) if slot == 2 else ("do", base, base)


def rest(clause: Clause) -> str:
    """What follows the verb, without a leading time."""
    words = []
    if clause.verb is None:
        words.append(state(clause))
    else:
        words.append(clause.verb.particle)
        if clause.recipient:
            words.append(entity(clause.recipient, True))
        if clause.object:
            words.append(
                phrase(clause.object, clause.negative)
                if isinstance(clause.object, Phrase)
                else entity(clause.object, True)
            )
        if clause.goal:
            words.append(clause.goal.english)
    if clause.place:
        words.append(clause.place.english)
    if clause.time and not clause.time_first:
        words.append(clause.time.english)
    return " ".join(word for word in words if word)


def verbal(clause: Clause, subject: Entity) -> str:
    """A clause without its subject."""
    auxiliary, plain, after = parts(clause, subject)
    often = clause.often.english if clause.often else ""
    if clause.negative:
        not_ = "cannot" if auxiliary == "can" else f"{auxiliary} not"
        words = [not_, after, rest(clause)]
    elif plain:
        words = [often, plain, rest(clause)]
    else:
        words = [auxiliary, often, after, rest(clause)]
    return " ".join(word for word in words if word)


def told(clause: Clause) -> str:
    """A clause as it is told."""
    first = f"{clause.time.english} " if clause.time and clause.time_first else ""
    return f"{first}{entity(clause.subject)} {verbal(clause, clause.subject)}"


def asked(question: Question) -> str:
    """A clause as it is asked."""
    clause, about = question.clause, question.about
    if about == "who":
        return f"who {verbal(clause, HE)}?"
    auxiliary, _, after = parts(clause, clause.subject)
    words = {"yes": "", "what": "what", "where": "where", "when": "when", "why": "why", "many": "how many"}[
        about
    ]
    left = clause
    if about == "many" and isinstance(clause.object, Phrase):
        words += f" {clause.object.noun.english[1]}"
        left = Clause(clause.subject, clause.verb, place=clause.place, time=clause.time, goal=clause.goal)
    sentence = [words, auxiliary, entity(clause.subject), after, rest(left)]
    return " ".join(word for word in sentence if word) + "?"


def sentence(meaning: Sentence) -> str:
    """A sentence without its capital letter."""
    if isinstance(meaning, Statement):
        return f"{told(meaning.clause)}."
    if isinstance(meaning, Question):
        return asked(meaning)
    if isinstance(meaning, Joined):
        if meaning.word == "if":
            return f"if {told(meaning.first)}, {told(meaning.second)}."
        comma = "," if meaning.word == "but" else ""
        return f"{told(meaning.first)}{comma} {meaning.word} {told(meaning.second)}."
    if isinstance(meaning, Thought):
        verb = THOUGHTS[meaning.verb].split()[slot_of(meaning.thinker) == 2]
        return f"{entity(meaning.thinker)} {verb} that {told(meaning.clause)}."
    if isinstance(meaning, Existence):
        if meaning.question:
            return f"how many {meaning.phrase.noun.english[1]} are there {meaning.place.english}?"
        verb = "are" if meaning.phrase.plural else "is"
        return f"there {verb} {phrase(meaning.phrase)} {meaning.place.english}."
    assert isinstance(meaning, Whole)
    return meaning.said.english
