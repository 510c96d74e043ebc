"""What a network is trained for, as lines of a script: how a batch becomes one number, how a part is measured."""

from collections.abc import Iterable, Iterator

from nndesigner import catalogue
from nndesigner.catalogue.kind import taken
from nndesigner.plan import Place, Plan, unused
from nndesigner.project import Project
from nndesigner.script.lines import Line, assigned, call, literal, returned, text

PRECISIONS = {"bf16": "torch.bfloat16", "fp16": "torch.float16"}


class Objective:
    """The losses of a project as lines.

    `by_file` says whether records are read while they are learned from, `alone` that there is one process, always.
    """

    def __init__(self, project: Project, plan: Plan, *, by_file: bool = False, alone: bool = False) -> None:
        self.project, self.plan, self.training = project, plan, project.training
        self.by_file, self.alone = by_file, alone
        self.optimizer = catalogue.BY_NAME[self.training.optimizer.kind]
        first = plan.objectives[0]
        self.metric = first.kind.metric if first.target is not None else ""
        self.words = self.metric.replace("_", " ")
        self.given = "loss, prediction, target" if self.metric else "loss"

    def comparing(self) -> Iterator[Line]:
        """How a batch becomes one number."""
        functions = {
            one.name: unused(f"{one.name}_function", f"{one.name}_function_", self.project.blocks)
            for one in self.plan.objectives
        }
        results = self._result_names(functions.values())
        for one in self.plan.objectives:
            arguments = [f"{name}={literal(value)}" for name, value in one.arguments.items()]
            yield from call(0, f"{functions[one.name]} = {one.kind.spelled}", arguments, node=one.name)
        compares = ", and the prediction and target it compares" if self.metric else ""
        yield from text(
            0, "", "", "def objective(model, batch):", f'    """The loss of a batch{compares}."""'
        )
        depth = 1
        fields = [f'batch["{field}"]' for _, field in self.plan.inputs.values()]
        if self.training.precision in PRECISIONS:
            given = [f"{fields[0]}.device.type", PRECISIONS[self.training.precision]]
            yield from call(1, "with torch.autocast", given, ":")
            depth = 2
        yield from assigned(depth, list(results.values()), "model", fields)

        def named(place: Place) -> str:
            return results.get(place, f'batch["{place[1]}"]')

        for number, one in enumerate(self.plan.objectives):
            arrived = {name: named(place) for name, place in one.inputs.items()}
            by_place, by_name = taken(one.kind, arrived, {})
            compared = [*by_place, *(f"{name}={value}" for name, value in by_name.items())]
            scale = "" if one.scale == 1 else f"{literal(one.scale)} * "
            sign = "loss + " if number else ""
            yield from call(depth, f"loss = {sign}{scale}{functions[one.name]}", compared, node=one.name)
        first = self.plan.objectives[0]
        measured = [first.prediction, first.target] if self.metric else []
        yield from returned(1, ["loss", *(named(place) for place in measured if place)])

    def _result_names(self, functions: Iterable[str]) -> dict[Place, str]:
        """What `objective` calls the network's results: the name of the Output, or of the layer."""
        outputs = {place: name for name, place in reversed(list(self.plan.outputs.items()))}
        taken_names = {"model", "batch", "loss", *functions}
        compared = {place for one in self.plan.objectives for place in one.inputs.values()}
        names: dict[Place, str] = {}
        for place in self.plan.results:
            name = outputs.get(place, place[0])
            name = unused(name, f"{name}_", taken_names)
            taken_names.add(name)
            names[place] = name if place in compared else "_"
        return names

    @property
    def several(self) -> bool:
        """Whether a step is made of several batches."""
        return self.training.accumulate > 1

    @property
    def shared(self) -> bool:
        """Whether the batch of a process may be only a part of what a step is made of."""
        return self.several or not self.alone

    def closure(self) -> Iterator[Line]:
        """For an optimizer that asks for the loss of a batch several times: a step as a function."""
        if not self.optimizer.closure:
            return
        clip = (
            [f"        nn.utils.clip_grad_norm_(model.parameters(), {self.training.clip!r})"]
            if self.training.clip
            else []
        )
        yield from self._closed(clip)

    def _closed(self, clip: list[str]) -> list[Line]:
        loss = "found[0]" if self.metric else "found"
        part = f"({loss} * share)" if self.shared else loss
        told = loss
        if (
            not self.alone and not self.several
        ):  # what it asks for decides its next step, so it is the same in all
            told = f"summed({loss}.device, {loss}.item() * share)[0] / WORLD"
        return text(
            0,
            f"def step_on(model, optimizer, batch{', share' if self.shared else ''}):",
            f'    """A step on a batch, whose loss {self.optimizer.name} asks for several times; gives it as it was."""',
            "    first = None",
            "",
            "    def closure():",
            "        nonlocal first",
            "        optimizer.zero_grad()",
            "        found = objective(model, batch)",
            "        first = found if first is None else first",
            f"        {part}.backward()",
            *clip,
            f"        return {told}",
            "",
            "    optimizer.step(closure)",
            "    return first",
            "",
            "",
        )

    def evaluation(self) -> list[Line]:
        """How loss and metric of a part are measured."""
        means = f" and {self.words}" if self.metric else ""
        sums = "total, measured, counted" if self.metric else "total"
        shared = [
            "    device = next(model.parameters()).device",
            f"    {sums if self.metric else '(total,)'} = summed(device, {sums})",
        ]
        results = f"total / count{', measured / counted' if self.metric else ''}"
        length = "len(part)" if self.by_file else "len(next(iter(part.values())))"
        return text(
            0,
            "@torch.no_grad()",
            "def evaluate(model, part):",
            f'    """Mean loss{means} over a part of the data{"" if self.alone else ", the same in all processes"}."""',
            "    model.eval()",
            f"    count = {length}",
            f"    {self.sums}",
            *(f"    {row}" for row in self._in_order()),
            f"        {self.given} = objective(model, batch)",
            f"        total += loss.item() * {'len(next(iter(batch.values())))' if self.by_file else '(end - start)'}",
            *(f"        {line}" for line in self.measuring()),
            *([] if self.alone else shared),
            f"    return {results}",
        )

    def _in_order(self) -> list[str]:
        """The head of a loop over the batches of a part, from first to last; of several processes each takes some."""
        if self.by_file and self.alone:
            return ["for chosen in torch.arange(count).split(512):", "    batch = part.batch(chosen)"]
        if self.by_file:
            return [
                "mine = torch.arange(count).split(512)[RANK::WORLD]",
                "for batch in part.batches(mine):",
            ]
        return [
            f"for start in range({'0, count, 512' if self.alone else '512 * RANK, count, 512 * WORLD'}):",
            "    end = min(start + 512, count)",
            "    batch = {name: values[start:end] for name, values in part.items()}",
        ]

    @property
    def sums(self) -> str:
        """The line in which what is measured begins at nothing."""
        return "total, measured, counted = 0.0, 0.0, 0.0" if self.metric else "total = 0.0"

    def measuring(self) -> list[str]:
        """The lines that count the metric of a batch."""
        if not self.metric:
            return []
        return [
            f"found, of = {self.metric}(prediction, target)",
            "measured, counted = measured + float(found), counted + float(of)",
        ]

    def together(self) -> list[Line]:
        """How figures are summed over the processes that torchrun has started, and records divided among them."""
        return text(
            0,
            "def summed(device, *numbers):",
            '    """Each number summed over all processes."""',
            "    if WORLD == 1:",
            "        return numbers",
            "    totals = torch.tensor(numbers, dtype=torch.float64, device=device)",
            "    distributed.all_reduce(totals)",
            "    return totals.tolist()",
            "",
            "",
            "def share_of(chosen):",
            '    """The records of a batch that this process takes, and how many of them count.',
            "",
            "    Where there are fewer records than processes, it takes one that does not count.",
            '    """',
            "    mine = chosen[RANK::WORLD]",
            "    return (mine, len(mine)) if len(mine) else (chosen[:1], 0)",
        )
