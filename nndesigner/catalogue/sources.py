"""Where the data sets that are fetched lie: addresses with mirrors, file names, sizes and checksums."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file at an address.

    `checksum` is the algorithm and the hexadecimal digest, `sha256:…`; `size` is in bytes and serves for progress and
    as a bound, the checksum alone decides.
    """

    name: str
    checksum: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Many small files in a folder of their own, published inside a zip archive whose own bytes may change.

    `checksum` goes over the sorted files: of each its name, a zero byte and its SHA-256 digest, one after the other.
    `size` is what the files have together, in bytes; `most` is what one of them may have.
    """

    folder: str
    files: tuple[str, ...]
    checksum: str
    archive: str
    size: int
    most: int


@dataclass(frozen=True, slots=True)
class Source:
    """How a data set is fetched: each file from the first address that gives it."""

    name: str
    addresses: tuple[str, ...]
    files: tuple[SourceFile, ...] = ()
    collection: Collection | None = None

    @property
    def size(self) -> int | None:
        """Bytes on the disk, where known."""
        sizes = [file.size for file in self.files]
        if self.collection:
            sizes.append(self.collection.size)
        return None if None in sizes else sum(size for size in sizes if size)


_FSDD_COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1"
_MULTI30K_COMMIT = "a3d2e0d26b56f3846f66a952536ffed4e401d05a"
_SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")

SOURCES = (
    Source(
        "mnist",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        (
            SourceFile("train-images-idx3-ubyte.gz", "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422),
            SourceFile("train-labels-idx1-ubyte.gz", "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881),
            SourceFile("t10k-images-idx3-ubyte.gz", "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877),
            SourceFile("t10k-labels-idx1-ubyte.gz", "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542),
        ),
    ),
    Source(
        "fashion-mnist",
        (
            # Without encryption, which the checksums make up for.
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        (
            SourceFile("train-images-idx3-ubyte.gz", "sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
            SourceFile("train-labels-idx1-ubyte.gz", "sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
            SourceFile("t10k-images-idx3-ubyte.gz", "sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
            SourceFile("t10k-labels-idx1-ubyte.gz", "sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
        ),
    ),
    Source(
        "cifar10",
        ("https://www.cs.toronto.edu/~kriz/",),
        # Its authors publish an MD5 and nothing stronger.
        (SourceFile("cifar-10-python.tar.gz", "md5:c58f30108f718f92721af3d95e74349a", 170_498_071),),
    ),
    Source(
        "fsdd",
        ("https://github.com/Jakobovski/free-spoken-digit-dataset/archive/",),
        collection=Collection(
            "recordings",
            tuple(f"{digit}_{speaker}_{index}.wav" for digit in range(10) for speaker in _SPEAKERS for index in range(50)),
            "sha256:a2e8a660492f28d9eed6270b290d26cbc5c81d6077ce87d3c0ad5adf4d4ee696",
            f"{_FSDD_COMMIT}.zip",
            size=21_128_848,
            most=1_000_000,
        ),
    ),
    Source(
        "multi30k",
        (
            f"https://raw.githubusercontent.com/multi30k/dataset/{_MULTI30K_COMMIT}/data/task1/raw/",
            f"https://github.com/multi30k/dataset/raw/{_MULTI30K_COMMIT}/data/task1/raw/",
        ),
        (
            SourceFile("train.en.gz", "sha256:d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f", 568_929),
            SourceFile("train.de.gz", "sha256:726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6", 637_044),
            SourceFile("val.en.gz", "sha256:14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28", 21_650),
            SourceFile("val.de.gz", "sha256:f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a", 24_681),
            SourceFile("test_2016_flickr.en.gz", "sha256:611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9", 21_077),
            SourceFile("test_2016_flickr.de.gz", "sha256:9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8", 22_890),
        ),
    ),
)  # fmt: skip
BY_NAME = {source.name: source for source in SOURCES}
