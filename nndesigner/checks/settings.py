"""What is wrong with the training settings."""

from nndesigner import catalogue
from nndesigner.expression import Expression
from nndesigner.problem import Problem
from nndesigner.project import Training


def settings_problems(training: Training) -> list[Problem]:
    """What is wrong with the optimizer and the scheduler a project is to be trained with."""
    found = []
    for role, choice in (("optimizer", training.optimizer), ("scheduler", training.scheduler)):
        if choice is None:
            continue
        kind = catalogue.BY_NAME.get(choice.kind)
        if kind is None or kind.role != role:
            message = f"{choice.kind!r} is no {role} that this version knows; it is kept, but can't be used"
            found.append(Problem("", message, role))
            continue
        wrong = [message for _, message in kind.problems(choice.params)]
        wrong += [
            f"{name} is a value of its own, not computed"
            for name, value in choice.params.items()
            if isinstance(value, Expression)
        ]
        if not wrong and choice.params.get("nesterov") and not choice.params.get("momentum"):
            wrong.append("nesterov needs a momentum above 0")
        found += [Problem("", f"{choice.kind}: {message}", role) for message in wrong]
    return found
