"""The settings of a training as options of a script's command line, or as plain names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nndesigner import catalogue
from nndesigner.graph import Value
from nndesigner.project import Project, Training
from nndesigner.script.data import Data
from nndesigner.script.lines import Line, call, literal, string, text

Rates = Mapping[str, str]  # what stands for learning rates


@dataclass(frozen=True)
class Option:
    """One setting: its name in Python, its type, its value as an expression, and what it is, in words."""

    name: str
    type: str
    value: str
    words: str
    metavar: str = ""


def options(training: Training) -> list[Option]:
    """What can be set anew each time: what the training uses of it."""
    rates = _rates(training)
    return [
        Option("epochs", "int", str(training.epochs), "how often all records are learned from"),
        Option("batch_size", "int", str(training.batch_size), "how many records make a batch"),
        *(Option(name, "float", literal(value), words) for name, (value, words) in rates.items()),
        *([Option("steps", "int", str(training.steps), "after so many steps it ends")] if training.steps else []),
        *(
            [Option("minutes", "float", f"{training.minutes:g}", "after so many minutes it ends")]
            if training.minutes
            else []
        ),
        *(
            [Option("patience", "int", str(training.patience), "it ends after so many epochs without progress")]
            if training.patience
            else []
        ),
        Option("seed", "int", str(training.seed), "the same seed gives the same weights"),
        Option(
            "threads",
            "int",
            str(training.threads) if training.threads else "max(1, (os.cpu_count() or 2) - 1)",
            "their number decides the last bits",
        ),
    ]  # fmt: skip


def _rates(training: Training) -> dict[str, tuple[Value, str]]:
    """The learning rate, and those of a scheduler that have values of their own."""
    found: dict[str, tuple[Value, str]] = {}
    values = catalogue.BY_NAME[training.optimizer.kind].values(training.optimizer.params)
    if "lr" in values:
        found["lr"] = values["lr"], "the learning rate"
    chosen = training.scheduler
    if chosen is not None:
        given = catalogue.BY_NAME[chosen.kind].values(chosen.params)
        for name, words in (("base_lr", "the lowest learning rate"), ("max_lr", "the highest learning rate")):
            if name in given and given[name] != values.get("lr"):
                found[name] = given[name], words
    return found


def spelled(training: Training, prefix: str) -> Rates:
    """What stands for each of these params of optimizer and scheduler: `args.lr`, where `args.` is the prefix."""
    own = [one.name for one in options(training) if one.name in ("lr", "base_lr", "max_lr")]
    return {
        name: f"{prefix}{name if name in own else 'lr'}"
        for name in ("lr", "base_lr", "max_lr")
        if name in own or "lr" in own
    }


def parsing(project: Project, data: Data, output: str) -> Iterator[Line]:
    """The function that reads the command line."""
    training = project.training
    found = options(training)
    found.append(Option("device", "", string(training.device), "auto, cpu, cuda or mps"))
    if data.source is not None:
        where = data.source.default_beside("Path(__file__).parent")
        what = f"where {data.title} is"
        found.append(Option("data", "Path", where, what, data.source.sort.upper()))
    found.append(
        Option("output", "Path", f"Path({string(output)})", "what the weights are written to", "FILE")
    )
    yield from text(
        0,
        "def parse_arguments(arguments):",
        '    """The settings: those of the command line, and the others as they were drawn."""',
        "    parser = argparse.ArgumentParser(",
        "        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter",
        "    )",
    )
    for one in found:
        yield from call(1, "parser.add_argument", _option(one))
    yield from call(
        1,
        "parser.add_argument",
        ['"--resume"', "type=Path", 'metavar="CHECKPOINT"', 'help="goes on from where a run was left"'],
    )
    yield from text(1, "return parser.parse_args(arguments)")


def _option(one: Option) -> list[str]:
    return [
        f'"--{one.name.replace("_", "-")}"',
        *([f"type={one.type}"] if one.type else []),
        f"default={one.value}",
        *([f"metavar={string(one.metavar)}"] if one.metavar else []),
        f"help={string(one.words.replace('%', '%%'))}",
    ]


def plain(training: Training) -> Iterator[Line]:
    """The settings as names with values, one a line."""
    for one in options(training):
        yield from text(0, f"{one.name} = {one.value}  # {one.words}")
