"""What a person should know of a table before it is used."""

from collections.abc import Iterator, Mapping

import numpy as np

from nndesigner.data.looking.found import Column, counted, listed, verb
from nndesigner.data.looking.tables.looked import Looked
from nndesigner.data.looking.tables.reading import Reading
from nndesigner.data.looking.tables.tally import Facts, Tally
from nndesigner.data.looking.tables.telling import same_as

_MOST_TOLD = 20


def remarks_of(
    looked: Looked,
    reading: Reading,
    columns: tuple[Column, ...],
    arrays: Mapping[str, np.ndarray],
) -> list[str]:
    """What a person should know, a sentence each: of the target, the columns, the rows, the classes, the file."""
    return [
        *_of_target(looked, reading, arrays),
        *_of_columns(looked, columns),
        *_of_sample(looked.facts, columns),
        *_of_classes(reading, arrays),
        *_of_file(looked),
        *_of_dates(reading, columns),
        *_of_group(looked, reading),
    ]


def _of_target(
    looked: Looked, reading: Reading, arrays: Mapping[str, np.ndarray]
) -> Iterator[str]:
    target = reading.target
    if not looked.choices.get("target"):
        classes = f"one of {len(reading.types[target]) - 1} classes"
        kind = "a number" if "target" in arrays else classes
        yield f"{target} was taken for what is to be predicted, as {kind}."
    if dropped := looked.facts.rows - len(next(iter(arrays.values()))):
        yield f"{counted(dropped, 'row')} without {target} {verb(dropped, 'was', 'were')} left out."


def _of_columns(looked: Looked, columns: tuple[Column, ...]) -> Iterator[str]:
    """Columns that are not used as they stand there, and those with holes."""
    tallies, ignored = looked.facts.tallies, looked.choices.get("ignore") or ()
    told = []
    for one in columns:
        if not one.used and one.name not in ignored:
            told.append(f"{one.name} is left out: it {one.why}.")
        elif one.role == "feature" and "can't be read" in one.why:
            words = listed([repr(word) for word in tallies[one.name].unread], 3)
            told.append(f"{one.name} {one.why}: {words}.")
        elif one.role == "feature" and "it alone tells" in one.why:
            told.append(f"{one.name} {one.why}.")
    yield from told[:_MOST_TOLD]
    if rest := len(told[_MOST_TOLD:]):
        yield f"{counted(rest, 'further column')} of such kinds: see the list of columns."
    if holes := [
        _holes(tallies[one.name])
        for one in columns
        if one.role == "feature" and one.missing
    ]:
        yield f"Values are missing in {listed(holes, 8)}."


def _of_sample(facts: Facts, columns: tuple[Column, ...]) -> Iterator[str]:
    """What comes twice."""
    features = [one.name for one in columns if one.role == "feature"]
    for first, second in same_as(facts.sample, features):
        yield f"{first} and {second} say the same."
    if again := int(facts.sample.duplicated().sum()):
        yield (
            f"{counted(again, 'row')} {verb(again, 'repeats', 'repeat')} another, so the test part may hold rows "
            "that were trained on."
        )


def _of_classes(reading: Reading, arrays: Mapping[str, np.ndarray]) -> Iterator[str]:
    if "label" not in arrays:
        return
    classes, label = reading.types[reading.target][1:], arrays["label"]
    counts = np.bincount(label, minlength=len(classes))
    if rare := [name for name, count in zip(classes, counts, strict=True) if count < 5]:
        yield f"Fewer than 5 rows are of the class {listed(rare)}."
    if counts.max() > 0.8 * len(label):
        yield f"{counts.max() / len(label):.0%} of the rows are of the class {classes[int(counts.argmax())]}."


def _of_file(looked: Looked) -> Iterator[str]:
    if looked.encoding in ("cp1252", "latin-1") and not looked.choices.get("encoding"):
        yield "The text is not UTF-8 and was read as Western European: look whether its letters are right."
    if not looked.dialect.header:
        yield "The table has no names of columns, so they are numbered."
    if renamed := looked.dialect.renamed:
        yield f"Several columns have one name, so they were told apart as {listed(renamed)}."
    if above := len(looked.dialect.before):
        yield f"{counted(above, 'line')} above the table {verb(above, 'was', 'were')} passed over."


def _of_dates(reading: Reading, columns: tuple[Column, ...]) -> Iterator[str]:
    used = {one.name for one in columns if one.used}
    for name, kind in reading.types.items():
        if name in used and kind[:1] == ("date",) and kind[1].startswith("%m/%d"):
            yield f"The dates of {name} were read with the month first."


def _of_group(looked: Looked, reading: Reading) -> Iterator[str]:
    if reading.group and not looked.choices.get("group"):
        yield f"Rows of the same {reading.group} can be kept together when the data are split."


def _holes(tally: Tally) -> str:
    """A column with the number of its missing values, and how they are written if not by nothing."""
    words = [word for word in tally.holes if word]
    return f"{tally.name} ({tally.missing:,}{', written ' + listed(words) if words else ''})"
