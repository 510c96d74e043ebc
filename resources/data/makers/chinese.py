"""Chinese sentences for meanings: measure words, time and place before the verb, 了, 会, 正在, no spaces."""

from sentences import (
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
)
from times import chinese_number
from words import Adjective, Said

PRONOUNS = {"I": "我", "you": "你", "he": "他", "she": "她", "we": "我们", "they": "他们", "it": ""}
THOUGHTS = {"think": "觉得", "know": "知道", "say": "说", "hope": "希望"}
QUESTIONS = {"where": "在哪里", "when": "什么时候", "why": "为什么"}


def phrase(thing: Phrase, bare: bool = False) -> str:
    """A noun with its measure word; `bare` where a verb is denied, so that nothing is counted."""
    noun = thing.noun
    core = (thing.adjective.attribute if thing.adjective else "") + noun.chinese
    if thing.contents:
        return chinese_number(thing.number) + noun.measure + thing.contents.chinese
    person = noun.classes & {"person"}
    determiner = thing.determiner
    if determiner == "own" and thing.owner:
        many = "们" if thing.plural and person else ""
        return possessive(thing) + core + many
    if thing.relative:
        return f"{clause(thing.relative, '')}的那{noun.measure}{core}"
    if determiner in ("mass", "kind") or "place" in noun.classes or noun.mass or (bare and determiner == "a"):
        return core
    if determiner == "the":
        if thing.plural:
            return f"{core}们" if person else f"那些{core}"
        return f"那{noun.measure}{core}"
    if determiner == "this":
        return f"这些{core}" if thing.plural else f"这{noun.measure}{core}"
    if determiner in ("some", "many"):
        return {"some": "一些", "many": "很多"}[determiner] + core
    return chinese_number(thing.number) + noun.measure + core


def possessive(thing: Phrase) -> str:
    """Whose; my mother goes without 的."""
    owner = thing.owner
    if isinstance(owner, Name):
        return f"{owner.chinese}的"
    assert isinstance(owner, Pronoun)
    close = ("kin" in thing.noun.classes and owner.slot < 3) or (
        thing.adjective is not None and thing.adjective.attribute.endswith("的")
    )
    return PRONOUNS[owner.english] + ("" if close else "的")


def entity(thing: Entity, bare: bool = False) -> str:
    """Somebody or something."""
    if isinstance(thing, Pronoun):
        return PRONOUNS[thing.english]
    if isinstance(thing, Name):
        return thing.chinese
    if isinstance(thing, Pair):
        return f"{thing.first.chinese}和{thing.second.chinese}"
    return phrase(thing, bare)


def state(told: Clause) -> str:
    """What somebody or something is."""
    what = told.state
    if isinstance(what, Adjective):
        return what.denial if told.negative else what.predicate
    if isinstance(what, Comparison):
        return f"比{entity(what.other)}{what.adjective.chinese}"
    if isinstance(what, Profession):
        if what.wish:
            return f"{'不' if told.negative else ''}想当{what.chinese}"
        return f"{'不' if told.negative else ''}是{what.chinese}"
    if isinstance(what, Age):
        return f"{chinese_number(what.years)}岁"
    if isinstance(what, Phrase):
        return f"是{phrase(what)}"
    assert isinstance(what, Said)
    not_ = ("没" if told.tense == "past" else "不") if told.negative else ""
    return f"{not_}在{what.chinese}"


def verbal(told: Clause, thing: str, place: str, about: str = "") -> str:
    """The verb with what makes its tense, the place and the object."""
    verb = told.verb
    assert verb is not None
    after = thing + (told.goal.chinese if told.goal else "")
    recipient = entity(told.recipient) if told.recipient else ""

    def filled(form: str) -> str:
        form = form.replace("{r}", recipient) if "{r}" in form else form + recipient
        return form.replace("{o}", after) if "{o}" in form else form + after

    base, past = filled(verb.chinese), filled(verb.chinese_past)
    negative = told.negative
    if told.modal:
        word = {"can": "会" if verb.skill else "能", "must": "必须", "want": "想"}[told.modal]
        return f"{'不' if negative else ''}{word}{place}{base}"
    if told.tense == "progress":
        if negative:
            return f"没{place or '在'}{base}"
        return f"正{place or '在'}{base}"
    if told.tense == "past":
        if negative:
            return f"没{place}{base}"
        if about in ("where", "when"):
            return f"{place}{base}"
        return place + past
    if told.tense == "future":
        return f"{'不' if negative else ''}会{place}{base}"
    if negative:
        return f"{'没' if verb.chinese == '有' else '不'}{place}{base}"
    return place + base


def clause(told: Clause, subject: str | None = None, then: bool = False) -> str:
    """A clause; `then` puts 就 after the subject."""
    who = entity(told.subject) if subject is None else subject
    time = told.time.chinese if told.time else ""
    opening = time + who if told.time_first else who + ("就" if then else "") + time
    often = told.often.chinese if told.often else ""
    if told.verb is None:
        return opening + state(told)
    place = f"在{told.place.chinese}" if told.place else ""
    if told.subject == IT:
        return time + (told.place.chinese if told.place else "") + verbal(told, "", "")
    never = often == "从来不"
    thing = entity(told.object, told.negative or never) if told.object else ""
    return opening + often + verbal(told, thing, place)


def asked(question: Question) -> str:
    """A clause as it is asked."""
    told, about = question.clause, question.about
    if about == "yes":
        if isinstance(told.state, Adjective):
            plain = told.state.predicate.removeprefix("很")
            return f"{entity(told.subject)}{told.time.chinese if told.time else ''}{plain}吗？"
        return f"{clause(told)}吗？"
    if about == "who":
        if isinstance(told.state, Adjective):
            return f"{told.time.chinese if told.time else ''}谁{told.state.predicate}？"
        return f"{clause(told, '谁')}？"
    who = entity(told.subject)
    time = told.time.chinese if told.time else ""
    place = f"在{told.place.chinese}" if told.place else ""
    thing = entity(told.object) if told.object else ""
    if told.verb is None:
        return f"{who}{time}{QUESTIONS[about]}{state(told)}？"
    verb = told.verb.english[0]
    if about == "what":
        return f"{who}{time}{verbal(told, '什么', place)}？"
    if about == "many" and isinstance(told.object, Phrase):
        return (
            f"{who}{time}{verbal(told, f'几{told.object.noun.measure}{told.object.noun.chinese}', place)}？"
        )
    if about == "where":
        if verb in ("go", "live"):
            return f"{who}{time}{verbal(told, '哪里', '')}？"
        place = "在哪里"
        if told.tense == "past":
            return f"{who}{time}是{verbal(told, thing, place, about)}的？"
        return f"{who}{time}{verbal(told, thing, place)}？"
    if about == "when" and told.tense == "past":
        return f"{who}是什么时候{verbal(told, thing, place, about)}的？"
    return f"{who}{time}{QUESTIONS[about]}{verbal(told, thing, place)}？"


def sentence(meaning: Sentence) -> str:
    """A sentence."""
    if isinstance(meaning, Statement):
        return f"{clause(meaning.clause)}。"
    if isinstance(meaning, Question):
        return asked(meaning)
    if isinstance(meaning, Joined):
        first, second = meaning.first, meaning.second
        if meaning.word == "if":
            return f"如果{clause(first)}，{clause(second, then=True)}。"
        if meaning.word == "because":
            return f"因为{clause(second)}，所以{clause(first)}。"
        if meaning.word == "while":
            return f"{clause(second)}的时候，{clause(first)}。"
        return f"{clause(first)}，但是{clause(second)}。"
    if isinstance(meaning, Thought):
        return f"{entity(meaning.thinker)}{THOUGHTS[meaning.verb]}{clause(meaning.clause)}。"
    if isinstance(meaning, Existence):
        noun = meaning.phrase.noun
        if meaning.question:
            return f"{meaning.place.chinese}有几{noun.measure}{noun.chinese}？"
        return f"{meaning.place.chinese}有{phrase(meaning.phrase)}。"
    assert isinstance(meaning, Whole)
    return meaning.said.chinese
