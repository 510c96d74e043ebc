"""The data sets that come with the program, and those it fetches: what each holds, where it is from, what is known."""

from dataclasses import replace

from nndesigner.catalogue import data
from nndesigner.catalogue.data import DATASET, DataSet, Field
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value

_UCI = "UCI Machine Learning Repository, as shipped with scikit-learn"
_CC_BY = "CC BY 4.0"
_DIGITS = tuple("0123456789")

_FROM_SKLEARN = (
    DataSet(
        "digits",
        "Handwritten digits",
        "Pictures of 8×8 grey pixels of digits written by 43 people.",
        1797,
        f"Optical Recognition of Handwritten Digits, {_UCI}",
        _CC_BY,
        (
            Field("image", (1, 8, 8), "Grey values from 0 to 1", sort="image"),
            Field("label", (), "Which digit it is", "int64", _DIGITS, sort="label"),
        ),
        "bundled.load_digits",
        known="Scanned in the nineties from forms filled in the United States. Who wrote which digit is not told, "
        "so the same hand may stand in the training and in the test part.",
        start={"normalize": False},
    ),
    DataSet(
        "iris",
        "Iris flowers",
        "Four lengths of a flower, and which of three species it is.",
        150,
        f"R. A. Fisher, 1936; {_UCI}",
        _CC_BY,
        (
            Field("features", (4,), "Sepal and petal lengths and widths", prepare="standardize"),
            Field("label", (), "The species", "int64", ("setosa", "versicolor", "virginica"), sort="label"),
        ),
        "bundled.load_iris",
        known="Fifty flowers of each species; one species is easily told apart, the other two overlap. A test part of "
        "thirty flowers says little.",
    ),
    DataSet(
        "wine",
        "Wine",
        "Thirteen chemical measurements of wines from three growers.",
        178,
        f"M. Forina and others, 1988; {_UCI}",
        _CC_BY,
        (
            Field("features", (13,), "Alcohol, malic acid, ash, …", prepare="standardize"),
            Field("label", (), "The grower", "int64", ("grower 1", "grower 2", "grower 3"), sort="label"),
        ),
        "bundled.load_wine",
        known="All from one region of Italy. The columns differ in size by a factor of a thousand, so it shows what "
        "normalization is for.",
    ),
    DataSet(
        "breast-cancer",
        "Breast cancer",
        "Thirty measurements of cell nuclei, and whether the tumour was benign.",
        569,
        f"W. H. Wolberg and others, 1995; {_UCI}",
        _CC_BY,
        (
            Field("features", (30,), "Radius, texture, perimeter, …", prepare="standardize"),
            Field("benign", (1,), "1 where the tumour was benign, else 0"),
        ),
        "bundled.load_breast_cancer",
        known="357 benign, 212 malignant, from one hospital in Wisconsin. For learning only, not for medicine.",
    ),
    DataSet(
        "diabetes",
        "Diabetes",
        "Ten measurements of a patient, and how far the disease had gone a year later.",
        442,
        "B. Efron and others, 2004, as shipped with scikit-learn",
        "none stated",
        (
            Field("features", (10,), "Age, sex, body mass, blood pressure, …", prepare="standardize"),
            Field("progression", (1,), "Disease progression", prepare="standardize"),
        ),
        "bundled.load_diabetes",
        known="Progression was measured from 25 to 346 and is standardized here, so an error of 1 is 77 of those. A "
        "straight line explains half of its variance, and little does better.",
    ),
)
_FETCHED = (
    DataSet(
        "mnist",
        "MNIST",
        "Pictures of 28×28 grey pixels of handwritten digits.",
        70000,
        "Y. LeCun, C. Cortes, C. J. C. Burges, 1998",
        "none stated at the source",
        (
            Field("image", (1, 28, 28), "Grey values from 0 to 255", prepare="standardize", sort="image"),
            Field("label", (), "Which digit it is", "int64", _DIGITS, sort="label"),
        ),
        "fetched.load_mnist",
        {"folder": "cache:mnist"},
        {"train": 60000, "test": 10000},
        known="Written by clerks and by pupils; nobody wrote in both parts. A few labels are wrong or can't be read "
        "by people either, so about 99.8 % is as far as it goes.",
        fetched=True,
    ),
    DataSet(
        "fashion-mnist",
        "Fashion-MNIST",
        "Pictures of 28×28 grey pixels of articles of clothing.",
        70000,
        "H. Xiao, K. Rasul, R. Vollgraf, Zalando Research, 2017",
        "MIT",
        (
            Field("image", (1, 28, 28), "Grey values from 0 to 255", prepare="standardize", sort="image"),
            Field(
                "label", (), "Which article it is", "int64",
                ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
                sort="label",
            ),
        ),
        "fetched.load_mnist",
        {"folder": "cache:fashion-mnist"},
        {"train": 60000, "test": 10000},
        known="Made to take the place of MNIST, and harder: shirts, T-shirts and pullovers are hard to tell apart.",
        fetched=True,
    ),
    DataSet(
        "cifar10",
        "CIFAR-10",
        "Photographs of 32×32 coloured pixels of ten kinds of things.",
        60000,
        "A. Krizhevsky, V. Nair, G. Hinton, 2009",
        "none stated at the source",
        (
            Field("image", (3, 32, 32), "Red, green and blue from 0 to 255", prepare="standardize", sort="image"),
            Field(
                "label", (), "What is shown", "int64",
                ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
                sort="label",
            ),
        ),
        "fetched.load_cifar10",
        {"folder": "cache:cifar10"},
        {"train": 50000, "test": 10000},
        known="Some pictures of the test part have near duplicates in the training part. Only an MD5 was published.",
        fetched=True,
    ),
    DataSet(
        "fsdd",
        "Free Spoken Digits",
        "Recordings of spoken English digits, 8 kHz, by six speakers.",
        3000,
        "Z. Jackson and others, Free Spoken Digit Dataset",
        "CC BY-SA 4.0",
        (
            Field("sound", (), "The recording", sort="sound"),
            Field("label", (), "Which digit is said", "int64", _DIGITS, sort="label"),
        ),
        "fetched.load_fsdd",
        {"folder": "cache:fsdd"},
        {"train": 2700, "test": 300},
        "speaker",
        "The official test part has the first five recordings of each digit by each speaker, so every speaker is heard "
        "in training: to know how it does with a stranger, split by speaker.",
        fetched=True,
    ),
    DataSet(
        "multi30k",
        "Multi30k",
        "Captions of photographs in English, and their translation into German.",
        31014,
        "D. Elliott, S. Frank, K. Sima’an, L. Specia, 2016",
        "none stated",
        (
            Field("source", (), "The English sentence", sort="text"),
            Field("target", (), "The German sentence so far", sort="pair"),
        ),
        "fetched.load_multi30k",
        {"folder": "cache:multi30k"},
        {"train": 29000, "validation": 1014, "test": 1000},
        known="What photographs show, so mostly people doing something, in the present tense. The test part is that of 2016.",
        fetched=True,
    ),
)  # fmt: skip
_OURS = "Made by programs of this project"
_MADE = "MIT"


def _toy(name: str, title: str, sentence: str, classes: tuple[str, ...], known: str) -> DataSet:
    return DataSet(
        name,
        title,
        sentence,
        1000,
        _OURS,
        _MADE,
        (
            Field("point", (2,), "Where a point lies, from left to right and from below to above"),
            Field("label", (), "To which it belongs", "int64", classes, sort="label"),
        ),
        f"bundled.load_{name}",
        known=known,
    )


_TWO = ("first", "second")
_TOYS = (
    _toy(
        "moons",
        "Moons",
        "Points of two half moons that reach into each other.",
        _TWO,
        "Nine nearest neighbours tell 98.6 % of them right, and no straight line does.",
    ),
    _toy(
        "circles",
        "Circles",
        "Points of a ring within a ring.",
        ("outer", "inner"),
        "Nine nearest neighbours tell 99.0 % of them right; the distance from the middle is all that counts.",
    ),
    _toy(
        "spirals",
        "Spirals",
        "Points of three spirals around one middle.",
        (*_TWO, "third"),
        "Every point can be told right, but a network needs two layers or more for it.",
    ),
    _toy(
        "xor",
        "Exclusive or",
        "Points of a square whose opposite quarters belong together.",
        ("same", "different"),
        "Nine nearest neighbours tell 91 % of them right: at the borders the labels are noisy. What a single layer can’t learn.",
    ),
    _toy(
        "gauss",
        "Two clouds",
        "Points of two round clouds that overlap a little.",
        _TWO,
        "A straight line tells 98 % of them right, and nothing can do better.",
    ),
)


def _translation(code: str, language: str, known: str, **start: Value) -> DataSet:
    return DataSet(
        f"translation-{code}",
        f"English to {language}",
        f"English sentences and their {language}, made by a grammar.",
        26000,
        _OURS,
        _MADE,
        (
            Field("source", (), "The English sentence", sort="text"),
            Field("target", (), f"The {language} sentence so far", sort="pair"),
        ),
        "bundled.load_translation",
        {"path": f"resource:translation-{code}.tsv.gz"},
        {"train": 24000, "validation": 1000, "test": 1000},
        known="Agreement, tenses, negation, questions, numbers, dates and times of the day, with about 900 English words. "
        f"{known} Every English sentence has one translation, and none of the test part is in the training part. The "
        "sentences are correct but often mean odd things: what learns from them does not translate real text.",
        start=start,
    )


_MADE_BY_US = (
    _translation(
        "fr", "French", "“You” is always tu, the past is the passé composé.", vocabulary=1400, length=32
    ),
    _translation("de", "German", "“You” is always du, the past is the Perfekt.", vocabulary=1400, length=24),
    _translation(
        "zh", "Chinese", "The past is told by 了, each character is a token.", vocabulary=900, length=40
    ),
    DataSet(
        "spoken-digits",
        "Spoken digits, synthetic",
        "The digits 0 to 9, said by 96 synthetic voices, with noise.",
        1920,
        f"{_OURS} with espeak-ng 1.51",
        _MADE,
        (
            Field("sound", (), "The recording", sort="sound"),
            Field("label", (), "Which digit is said", "int64", _DIGITS, sort="label"),
        ),
        "bundled.load_spoken_digits",
        {"path": "resource:spoken-digits.ogg", "table": "resource:spoken-digits.csv"},
        {"train": 1280, "validation": 320, "test": 320},
        "voice",
        "Synthetic: eight English accents and twelve timbres, with noise of 5 to 35 dB. No voice is in two parts, but all "
        "come from one synthesizer and are more alike than people are.",
    ),
    DataSet(
        "stories",
        "Stories",
        "Short tales and letters, for models that read character by character.",
        7032,
        _OURS,
        _MADE,
        (Field("text", (), "The characters so far", sort="corpus"),),
        "bundled.load_text",
        {"path": "resource:stories.txt"},
        {"train": 5626, "validation": 703, "test": 703},
        known="303 tales told by a grammar, in seven patterns; phrases recur, so a model soon knows them by heart.",
        start={"tokens": "characters", "vocabulary": 96, "length": 64},
    ),
)
DATA_SETS: tuple[DataSet, ...] = (*_FROM_SKLEARN, *_TOYS, *_MADE_BY_US, *_FETCHED)
BY_NAME: dict[str, DataSet] = {data_set.name: data_set for data_set in DATA_SETS}
KINDS: tuple[Kind, ...] = tuple(
    replace(kind, params=(replace(DATASET, choices=tuple(BY_NAME)),)) if kind.role == "data" else kind
    for kind in data.KINDS
)
