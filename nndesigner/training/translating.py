"""Sentences translated by a network that was trained to say the next word: freely, each word after its own.

While training it is told all words before; here it has only what it said itself, the most likely token each time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from nndesigner.catalogue.data import PADDED
from nndesigner.data import wording
from nndesigner.model import Network
from nndesigner.training.run import Run, told

_BATCH = 64
_BEGIN, _END = 2, 3
_FOLLOWING = "next"
_UNSAYABLE = [0, 1, _BEGIN]  # padding, an unknown word, the beginning


def pair_of(run: Run) -> tuple[str, str] | None:
    """The fields of the sentence and of its translation, where the network is given both; else None.

    The words that follow may reach it too, on their way to the loss.
    """
    sorts = {one.sort: one.name for one in run.data_set.fields}
    found = (sorts.get("text", ""), sorts.get("pair", ""))
    given = {field for _, field in run.plan.inputs.values()}
    return found if given - {_FOLLOWING} == set(found) else None


def translate(run: Run, network: Network, fitted: Mapping[str, Any], sentences: Sequence[str]) -> list[str]:
    """These sentences translated, in the order in which they came.

    `network` has learned what `run` is about, and `fitted` are the tokens that were fitted then, by field. Raises
    `TrainingError` where the computation fails.
    """
    pair = pair_of(run)
    assert pair is not None
    values = run.data_set.values(run.params)
    texts = np.array(list(sentences), dtype=object)
    tokens, length = values["tokens"], values["length"]
    assert isinstance(tokens, str) and isinstance(length, int)
    if not len(texts):
        return []
    numbers = torch.from_numpy(wording.encoded(texts, fitted[pair[0]], tokens, length))
    said = wording.written(decoded(run, network, numbers).numpy(), fitted[pair[1]], tokens)
    return [spelled(one) if tokens == "words" else one for one in said]


@torch.no_grad()
def decoded(
    run: Run,
    network: Network,
    sources: torch.Tensor,
    progress: Callable[[float], None] = lambda _: None,
) -> torch.Tensor:
    """What the network says to sentences, as token numbers (N, length): int64, each row up to 3, then 0.

    Sentences of similar length are done together, as their translations end at about the same time. `progress` is told
    the share that is done.
    """
    pair = pair_of(run)
    assert pair is not None
    network.eval()
    order = torch.argsort((sources > 0).sum(1), stable=True)
    found = torch.zeros_like(sources)
    for done, chosen in enumerate(torch.split(order, _BATCH)):
        progress(done * _BATCH / len(sources))
        with told(f"translating {len(chosen)} sentences"):
            found[chosen] = _batch(run, network, sources[chosen], pair)
    return found


def _batch(run: Run, network: Network, sources: torch.Tensor, pair: tuple[str, str]) -> torch.Tensor:
    unknown = torch.full_like(sources, PADDED).to(run.device)
    given = {pair[0]: sources.to(run.device), pair[1]: None, _FOLLOWING: unknown}
    go_on = network.begun(*(given[field] for _, field in run.plan.inputs.values()))
    place = run.plan.results.index(run.plan.objectives[0].prediction)
    count, length = sources.shape
    so_far = torch.zeros((count, length), dtype=torch.int64, device=run.device)
    so_far[:, 0] = _BEGIN
    said = torch.zeros_like(so_far)
    going = torch.ones(count, dtype=torch.bool, device=run.device)
    for position in range(length):
        results = go_on(so_far)
        scores = _scores(results[place] if isinstance(results, tuple) else results, count, position)
        scores[:, _UNSAYABLE] = -torch.inf
        token = scores.argmax(1)
        said[:, position] = torch.where(going, token, 0)
        going &= token != _END
        if not going.any():
            break
        if position + 1 < length:
            so_far[:, position + 1] = said[:, position]
    return said.cpu()


def _scores(prediction: torch.Tensor, count: int, position: int) -> torch.Tensor:
    """The scores of all tokens at one place: of (N, tokens, length), or of (N·length, tokens)."""
    if prediction.dim() == 2:
        return prediction.view(count, -1, prediction.shape[1])[:, position].float()
    return prediction[:, :, position].float()


def spelled(text: str) -> str:
    """Words and signs with spaces between them, as one writes them: no space before a comma, nor between Chinese signs."""
    text = re.sub(
        r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])",
        "",
        text,
    )
    text = re.sub(r" ([,.;:!?)\]}…%])", r"\1", text)
    text = re.sub(r"([(\[{¿¡]) ", r"\1", text)
    return re.sub(r"(?<=\w) (['’\-]) (?=\w)", r"\1", text)
