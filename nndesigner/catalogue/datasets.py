"""The data sets that come with the program, and those it fetches: what each holds, where it is from, what is known."""

from nndesigner.catalogue.data import DataSet, Field

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
DATA_SETS: tuple[DataSet, ...] = (*_FROM_SKLEARN, *_FETCHED)
BY_NAME: dict[str, DataSet] = {data_set.name: data_set for data_set in DATA_SETS}
