"""What is told of a whole data set."""

from collections.abc import Mapping

from nndesigner.data.problem import DataError
from nndesigner.data.recipe import recipe
from nndesigner.data.showing.columns import columns_of
from nndesigner.data.showing.distributions import distributions_of
from nndesigner.data.showing.opened import Opened, class_names
from nndesigner.data.shown import Distribution, Overview
from nndesigner.graph import Value
from nndesigner.project import Training

_MOST_CLASSES = 60


def overview(
    shown: Opened, params: Mapping[str, Value], training: Training
) -> Overview:
    """What is told of the whole data set, prepared and split like that."""
    how = recipe(shown.data_set, params, training)
    every = shown.known or shown
    problem = ""
    sizes: tuple[tuple[str, int], ...] = ()
    try:
        split = every.training_part(how, training)
        sizes = tuple(
            zip(("train", "validation", "test"), map(len, split), strict=True)
        )
    except DataError as error:
        problem = str(error)
    label = shown.label
    columns, told = columns_of(shown)
    found: list[Distribution] = []
    for one in shown.data_set.fields:
        found += distributions_of(shown, one, params)
    names = class_names(label)[:_MOST_CLASSES] if label is not None else ()
    return Overview(every.size, sizes, problem, names, (*found, *told), columns)
