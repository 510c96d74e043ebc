"""How the data of a project is read, split, prepared and varied, as lines of a script: the recipe, written down."""

import os.path
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from nndesigner.catalogue.data import DataSet
from nndesigner.data.large import BatchReader, FilePart, FilesDataset, sampled
from nndesigner.data.places import bundled_folder, cache_folder
from nndesigner.data.recipe import Call, Reading, recipe
from nndesigner.graph import Value
from nndesigner.project import Project
from nndesigner.script.lines import INDENT, WIDTH, Line, assigned, broken, call, literal, string, text

# The arguments of loaders that may be places; others, such as a separator, may look like one.
_PLACES = frozenset({"path", "folder", "second", "table", "images", "labels", "test_images", "test_labels"})


@dataclass(frozen=True)
class Source:
    """Where the data lies: a `folder` or a `file`, as an expression, and what a loader is given of it.

    `default` is where it is looked for, beside the script itself where that is `here`. `bundled` are the names of
    files that come with this program.
    """

    sort: str
    default: str
    given: Mapping[str, str]
    functions: tuple[Callable[..., Any], ...] = ()
    bundled: tuple[str, ...] = ()

    def default_beside(self, here: str) -> str:
        """The expression, where `here` is the expression for the folder of the script."""
        return self.default.replace("HERE", here) if self.bundled else self.default


class Data:
    """The data of a project in its script."""

    def __init__(self, project: Project, data_set: DataSet, params: Mapping[str, Value]) -> None:
        self.data_set, self.params, self.training = data_set, params, project.training
        self.recipe = recipe(data_set, params, project.training)
        self.first = data_set.outputs(params)[0].name
        self.source = _source(data_set, self.recipe.load.arguments)

    @property
    def varied(self) -> bool:
        """Whether batches are varied while training."""
        return bool(self.recipe.augment)

    @property
    def by_file(self) -> bool:
        """Whether records are read from their files while they are learned from."""
        return self.recipe.reading is not None

    @property
    def title(self) -> str:
        """What it is called."""
        words = " ".join(self.data_set.title.split()).replace("\\", "/").replace('"', "'")
        return "".join(letter for letter in words if letter.isprintable())

    @property
    def words(self) -> str:
        """What it is, for the head of a script."""
        return f"{self.title} ({self.data_set.size:,} records)"

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """The functions that are called."""
        steps = [call for step in self.recipe.prepare for call in (step.fit, step.apply) if call is not None]
        calls = [self.recipe.load, self.recipe.split, *steps, *(call for _, call in self.recipe.augment)]
        found = list(dict.fromkeys(call.function for call in calls))
        if self.recipe.reading is not None:
            found += [self.recipe.reading.read.function, FilesDataset, BatchReader, FilePart]
            found += [sampled] if self.recipe.fitted is not None else []
        return [*(self.source.functions if self.source else ()), *found]

    @property
    def imports(self) -> list[str]:
        """What the lines need that are written here."""
        fitted = self.by_file and self.recipe.fitted is not None
        return [
            *(["from pathlib import Path"] if self.source else []),
            *(["from functools import partial"] if fitted else []),
        ]

    def varying(self) -> Iterator[Line]:
        """The function that varies a batch, if there is something to vary."""
        if not self.varied:
            return
        yield from text(
            0, "def varied(batch, generator):", '    """A batch of the training part, varied at random."""'
        )
        for name, one in self.recipe.augment:
            yield from self._called(1, [f'batch["{name}"]'], one, [f'batch["{name}"]', "generator"])
        yield from text(0, "    return batch", "", "")

    def reading(self) -> Iterator[Line]:
        """The function that reads and prepares some records, where they are not all held."""
        how = self.recipe
        if how.reading is None:
            return
        fits = how.fitted is not None
        yield from text(0, f"def prepared(paths{', fitted=None' if fits else ''}):")
        later = "; not scaled yet where nothing is fitted" if fits else ""
        yield from text(1, f'"""What the network takes of these files{later}."""')
        yield from self._called(1, ["data"], how.reading.read, ["paths"])
        name = self.first
        for step in how.prepare:
            given = [f'data["{one}"]' for one in step.inputs]
            if step.fit is not None:
                yield from text(1, "if fitted is None:", "    return data")
                given.append("fitted")
            yield from self._called(1, [f'data["{name}"]'], step.apply, given)
        yield from text(1, f'return {{"{name}": data["{name}"]}}', "", "")

    @property
    def call(self) -> list[str]:
        """The arguments of `load_data` by name."""
        return [*([self.source.sort] if self.source else []), "device"]

    def loading(self) -> Iterator[Line]:
        """The function that gives the three parts, from the files on: tensors by the names of the fields."""
        how, training = self.recipe, self.training
        told = "read from their files as they are needed" if self.by_file else "tensors by their names"
        yield from text(
            0,
            f"def load_data({', '.join(self.call)}):",
            f'    """The parts to train, to validate and to test with: {told}."""',
        )
        if how.split_by != "part":
            shares = f"{training.test:.0%} of the records are kept for the end, {training.validation:.0%} are"
            yield from text(1, f"# {shares} watched while training")
        yield from self._reading_all()
        by = f'data["{how.split_by}"]' if how.split_by else f'len(data["{how.first}"])'
        yield from self._called(1, ["train", "validation", "test"], how.split, [by])
        if how.reading is not None:
            yield from self._from_files(how.reading)
            return
        for step in how.prepare:
            given = [f'data["{name}"]' for name in step.inputs]
            if step.fit is not None:
                yield from self._called(1, ["fitted"], step.fit, [f"{given[0]}[train]"])
                given.append("fitted")
            yield from self._called(1, [f'data["{name}"]' for name in step.outputs], step.apply, given)
        yield from broken(1, "fields = ", tuple(one.name for one in self.data_set.outputs(self.params)))
        yield from text(
            1,
            "return [",
            "    {name: torch.from_numpy(data[name][part]).to(device) for name in fields}",
            "    for part in (train, validation, test)",
            "]",
        )

    def _from_files(self, reading: Reading) -> Iterator[Line]:
        """Three parts whose records are read while they are learned from."""
        step, named = self.recipe.fitted, "prepared"
        if step is not None and step.fit is not None:
            given = [
                "prepared",
                'data["path"][train]',
                string(step.inputs[0]),
                f"most={reading.sample}",
                f"piece={reading.piece}",
            ]
            yield from call(1, "sample = sampled", given)
            yield from self._called(1, ["fitted"], step.fit, ["sample"])
            named = "partial(prepared, fitted=fitted)"
        others = [one.name for one in self.data_set.outputs(self.params) if one.name != self.first]
        known = "{" + ", ".join(f'"{name}": data["{name}"]' for name in others) + "}"
        yield from call(1, "files = FilesDataset", ['data["path"]', known, named])
        yield from text(
            1,
            f"reader = BatchReader(files, piece={reading.piece})",
            "parts = (train, validation, test)",
            "return [FilePart(reader, part, str(device)) for part in parts]",
        )

    def _reading_all(self) -> Iterator[Line]:
        name, values = self.recipe.load.function.__name__, self.recipe.load.arguments
        places = self.source.given if self.source else {}
        arguments = [
            f"{key}={places[key]}" if key in places else f"{key}={literal(value)}"
            for key, value in values.items()
        ]
        if all(len(one) < WIDTH - 2 * len(INDENT) for one in arguments):
            yield from call(1, f"data = {name}", arguments)
            return
        yield from text(1, f"data = {name}(")
        for (key, value), one in zip(values.items(), arguments, strict=True):
            yield from text(2, f"{one},") if key in places else broken(2, f"{key}=", value, ",")
        yield from text(1, ")")

    @staticmethod
    def _called(depth: int, left: list[str], one: Call, given: list[str]) -> list[Line]:
        named = [f"{name}={literal(value)}" for name, value in one.arguments.items()]
        return assigned(depth, left, one.function.__name__, [*given, *named])


def _source(data_set: DataSet, placed: Mapping[str, Value]) -> Source | None:
    """Where a data set lies; None where a library brings it.

    `placed` are the arguments of its loader as they are on this machine. What this program keeps is looked for by its
    name, what is in the home folder from there, so that the text is the same on every machine.
    """
    found = {key: str(value) for key, value in data_set.arguments.items() if isinstance(value, str)}
    for key, value in found.items():
        if value.startswith("cache:"):
            name = value.removeprefix("cache:")
            return Source("folder", f"cache_folder({string(name)})", {key: "str(folder)"}, (cache_folder,))
    bundled = {
        key: value.removeprefix("resource:") for key, value in found.items() if value.startswith("resource:")
    }
    if bundled:
        names = tuple(bundled.values())
        given = {key: f"str(folder / {string(name)})" for key, name in bundled.items()}
        return Source("folder", f"bundled_folder({string(names[0])}, HERE)", given, (bundled_folder,), names)
    own = {
        key: str(value)
        for key, value in placed.items()
        if key in _PLACES and isinstance(value, str) and PurePath(value).is_absolute()
    }
    if len(own) == 1:
        ((key, place),) = own.items()
        sort = "folder" if key == "folder" else "file"
        return Source(sort, _spelled(Path(place)), {key: f"str({sort})"})
    return _several(own) if own else None


def _several(own: Mapping[str, str]) -> Source:
    """Several files: the folder they have in common, and where in it each lies."""
    folders = [str(Path(place).parent) for place in own.values()]
    try:
        common = Path(os.path.commonpath(folders))
        within = {key: Path(place).relative_to(common).as_posix() for key, place in own.items()}
    except ValueError:  # on several drives; a place that is whole stands for itself
        common = Path(folders[0])
        within = {key: Path(place).as_posix() for key, place in own.items()}
    given = {key: f"str(folder / {string(name)})" for key, name in within.items()}
    return Source("folder", _spelled(common), given)


def _spelled(place: Path) -> str:
    """A place as an expression, from the home folder where it is in it."""
    home = Path.home()
    if place == home:
        return "Path.home()"
    if home.is_absolute() and home != Path(home.anchor) and place.is_relative_to(home):
        return f"Path.home() / {string(place.relative_to(home).as_posix())}"
    return f"Path({string(place.as_posix())})"
