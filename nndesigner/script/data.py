"""How the data of a project is read, split, prepared and varied, as lines of a script: the recipe, written down."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from nndesigner.catalogue.data import DataSet
from nndesigner.data.large import BatchReader, FilePart, FilesDataset, sampled
from nndesigner.data.recipe import Call, Reading, recipe
from nndesigner.graph import Value
from nndesigner.project import Project
from nndesigner.script.lines import INDENT, WIDTH, Line, assigned, broken, call, literal, string, text


class Data:
    """The data of a project in its script."""

    def __init__(self, project: Project, data_set: DataSet, params: Mapping[str, Value]) -> None:
        self.data_set, self.params, self.training = data_set, params, project.training
        self.recipe = recipe(data_set, params, project.training)
        self.first = data_set.outputs(params)[0].name
        self._places = {
            name: value
            for name, value in self.recipe.load.arguments.items()
            if isinstance(value, str) and PurePath(value).is_absolute()
        }

    @property
    def varied(self) -> bool:
        """Whether batches are varied while training."""
        return bool(self.recipe.augment)

    @property
    def by_file(self) -> bool:
        """Whether records are read from their files while they are learned from."""
        return self.recipe.reading is not None

    @property
    def words(self) -> str:
        """What it is, for the head of a script."""
        title = self.data_set.title
        return f"{' '.join(title.split())} ({self.data_set.size:,} records)".replace("\\", "/").replace(
            '"', "'"
        )

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """The functions that are called."""
        steps = [call for step in self.recipe.prepare for call in (step.fit, step.apply) if call is not None]
        calls = [self.recipe.load, self.recipe.split, *steps, *(call for _, call in self.recipe.augment)]
        found = list(dict.fromkeys(call.function for call in calls))
        if self.recipe.reading is not None:
            found += [self.recipe.reading.read.function, FilesDataset, BatchReader, FilePart]
            found += [sampled] if self.recipe.fitted is not None else []
        return found

    @property
    def imports(self) -> list[str]:
        """What the lines need that are written here."""
        return ["from functools import partial"] if self.by_file and self.recipe.fitted is not None else []

    def places(self) -> Iterator[Line]:
        """Where the files lie."""
        if self._places:
            yield from text(0, "# where the data lies")
        for name, place in self._places.items():
            yield from text(0, f"data_{name} = {string(str(place))}")

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

    def preparing(self) -> Iterator[Line]:
        """From the files to three parts: tensors by the names of the fields."""
        how, training = self.recipe, self.training
        if how.split_by != "part":
            shares = f"{training.test:.0%} of the records are kept for the end, {training.validation:.0%} are"
            yield from text(1, f"# {shares} watched while training")
        yield from self._loading()
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
        to = ".to(device)" if self.training.device != "cpu" else ""
        yield from broken(1, "fields = ", tuple(one.name for one in self.data_set.outputs(self.params)))
        yield from text(
            1,
            "train, validation, test = (",
            f"    {{name: torch.from_numpy(data[name][part]){to} for name in fields}}",
            "    for part in (train, validation, test)",
            ")",
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
            "train, validation, test = (",
            "    FilePart(reader, part, device) for part in (train, validation, test)",
            ")",
        )

    def _loading(self) -> Iterator[Line]:
        name, values = self.recipe.load.function.__name__, self.recipe.load.arguments
        arguments = [
            f"{key}=data_{key}" if key in self._places else f"{key}={literal(value)}"
            for key, value in values.items()
        ]
        if all(len(one) < WIDTH - 2 * len(INDENT) for one in arguments):
            yield from call(1, f"data = {name}", arguments)
            return
        yield from text(1, f"data = {name}(")
        for (key, value), one in zip(values.items(), arguments, strict=True):
            yield from text(2, f"{one},") if key in self._places else broken(2, f"{key}=", value, ",")
        yield from text(1, ")")

    @staticmethod
    def _called(depth: int, left: list[str], one: Call, given: list[str]) -> list[Line]:
        named = [f"{name}={literal(value)}" for name, value in one.arguments.items()]
        return assigned(depth, left, one.function.__name__, [*given, *named])
