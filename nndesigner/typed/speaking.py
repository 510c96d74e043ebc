"""What the words of one line mean: kinds of the project and the catalogue, and blocks of the library, which come along."""

from collections.abc import Mapping

from nndesigner import library
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import GraphError
from nndesigner.project import Project, block_kind
from nndesigner.typed.kinds import SHARED, calls_of, near_names
from nndesigner.typed.parsing import Layer, Mistake, Stopped


class Speaking:
    """The kinds one line speaks of. Its `project` gets the blocks of the library that it speaks of."""

    def __init__(self, project: Project, kept: Mapping[str, Project]) -> None:
        self.project, self._kept = project, kept
        self._calls = calls_of(project, kept)

    def called(self, layer: Layer) -> Kind | None:
        """The kind a step speaks of, as it is listed; of the library alone where that is said."""
        if not layer.output:
            return self._calls.called(layer.name)
        return self._calls.called_in_library(layer.output) if layer.name == SHARED else None

    def is_kind(self, name: str) -> bool:
        """Whether the project or the catalogue has a kind of this very name."""
        kind = self._calls.names.get(name)
        return kind is not None and not library.is_marked(kind.name)

    def kind(self, layer: Layer) -> Kind:
        """The kind a step speaks of, once it is in the project; raises `Stopped` where there is none."""
        kind = self.called(layer)
        if kind is None:
            raise Stopped(self._unknown(layer))
        if not library.is_marked(kind.name):
            return kind
        before = self.project
        try:
            self.project, name = library.brought(before, self._kept[library.plain(kind.name)])
        except GraphError as error:
            words = str(error)
            raise Stopped(Mistake(layer.start, layer.end, f"{words[:1].upper()}{words[1:]}")) from None
        if self.project is not before:
            self._calls = calls_of(self.project, self._kept)
        return block_kind(self.project.blocks[name])

    def _unknown(self, layer: Layer) -> Mistake:
        name, there = layer.name, f"There is no layer called {layer.name}"
        near = near_names(self._calls.names, layer.name)
        if layer.output:
            name = f"{layer.name}.{layer.output}"
            there = f"There is no layer called {name}"
        if layer.output and layer.name == SHARED:
            there = f"There is no block {layer.output} in the library"
            near = [f"{SHARED}.{one}" for one in near_names(self._calls.shared, layer.output)]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return Mistake(layer.start, layer.start + len(name), f"{there}{hint}")
