"""Recurrent layers: a sequence read step by step, with what was read so far kept in a hidden state."""

from collections.abc import Sequence

from nndesigner.catalogue.kind import CHECK_BATCH, Follows, Kind, Param, Port, Structure, TensorType

_SEQUENCE = Port("input", ranks=(3,), axes="N, steps, features", sentence="One row of features for each step")
_ROWS = Port("input", ranks=(2,), axes="N, features", sentence="The features of one step")
_OUTPUT = Port("output", sentence="The hidden state after each step, of the last layer")
_H_N = Port(
    "h_n", sentence="The hidden state of each layer after the last step; the batch is its second axis"
)
_C_N = Port("c_n", sentence="The cell state of each layer after the last step; the batch is its second axis")
_STATE = "layers, N, hidden"

_HIDDEN = Param("hidden_size", "int", sentence="How many numbers the hidden state has", initial=64, minimum=1)
_NONLINEARITY = Param(
    "nonlinearity", "choice", "tanh", "What the new state is passed through", choices=("tanh", "relu")
)
_BIAS = Param("bias", "bool", True, "Whether a constant is added")
_DEEP = (
    Param("num_layers", "int", 1, "How many layers stand on one another", minimum=1, maximum=100),
    _BIAS,
    Param("batch_first", "bool", False, "Whether the batch is the first axis, not the second", initial=True),
    Param(
        "dropout", "float", 0.0, "How much is dropped between the layers, but not after the last",
        minimum=0, maximum=1,
    ),
    Param("bidirectional", "bool", False, "Whether a second one reads from the end, beside the first"),
)  # fmt: skip
_PROJECTION = Param(
    "proj_size", "int", 0, "To how many numbers the hidden state is brought down; 0: not at all", minimum=0
)


def _states(layers: bool, *names: str, group: str = "") -> tuple[Port, ...]:
    """What a layer begins with instead of zeros."""
    ranks, axes = ((3,), _STATE) if layers else ((2,), "N, hidden")
    words = {"hx": "hidden state", "h_0": "hidden state", "c_0": "cell state"}
    return tuple(
        Port(
            name, ranks=ranks, axes=axes, optional=True, group=group,
            sentence=f"The {words[name]} to begin with; without it, zeros",
        )
        for name in names
    )  # fmt: skip


def _layer(
    name: str,
    sentence: str,
    formula: str,
    states: tuple[Port, ...],
    params: tuple[Param, ...],
    synonyms: str,
    outputs: tuple[Port, ...] = (_OUTPUT, _H_N),
    returns: Structure = (),
) -> Kind:
    return Kind(
        name, "recurrent", f"torch.nn.{name}", sentence, formula, inputs=(_SEQUENCE, *states), outputs=outputs,
        params=params, follows=(Follows("input_size", "input", 2),), example=(TensorType((CHECK_BATCH, 6, 8)),),
        synonyms=f"recurrent sequence time series text memory {synonyms}", returns=returns, stem=name.lower(),
    )  # fmt: skip


def _cell(
    name: str,
    sentence: str,
    formula: str,
    states: tuple[Port, ...],
    params: Sequence[Param],
    synonyms: str,
    outputs: tuple[Port, ...] = (Port("output", sentence="The new hidden state"),),
) -> Kind:
    return Kind(
        name, "recurrent", f"torch.nn.{name}", sentence, formula, inputs=(_ROWS, *states), outputs=outputs,
        params=tuple(params), follows=(Follows("input_size", "input", 1),), example=(TensorType((CHECK_BATCH, 8)),),
        synonyms=f"recurrent one step {synonyms}", stem=name.lower(),
    )  # fmt: skip


_RNN = "hₜ = tanh(W x + b + U hₜ₋₁ + c)"
_LSTM = "cₜ = f·cₜ₋₁ + i·g,  hₜ = o·tanh(cₜ)"
_GRU = "hₜ = (1 − z)·n + z·hₜ₋₁"

KINDS = (
    _layer(
        "RNN",
        "Reads a sequence step by step and keeps one hidden state. Forgets soon; LSTM and GRU remember longer.",
        _RNN,
        _states(True, "hx"),
        (_HIDDEN, _DEEP[0], _NONLINEARITY, *_DEEP[1:]),
        "elman vanilla simple",
    ),
    _layer(
        "LSTM",
        "Reads a sequence step by step, with a memory whose gates learn what to keep, to forget and to show.",
        _LSTM,
        _states(True, "h_0", "c_0", group="hx"),
        (_HIDDEN, *_DEEP, _PROJECTION),
        "long short-term gates projection",
        outputs=(_OUTPUT, _H_N, _C_N),
        returns=("output", ("h_n", "c_n")),
    ),
    _layer(
        "GRU",
        "Reads a sequence step by step, with gates that learn what to keep: an LSTM with one state and fewer weights.",
        _GRU,
        _states(True, "hx"),
        (_HIDDEN, *_DEEP),
        "gated unit gates",
    ),
    _cell(
        "RNNCell",
        "One step of an RNN, for a loop of your own.",
        _RNN,
        _states(False, "hx"),
        (_HIDDEN, _BIAS, _NONLINEARITY),
        "rnn cell",
    ),
    _cell(
        "LSTMCell",
        "One step of an LSTM, for a loop of your own. Gives the new hidden state and the new cell state.",
        _LSTM,
        _states(False, "h_0", "c_0", group="hx"),
        (_HIDDEN, _BIAS),
        "lstm cell",
        outputs=(Port("h_1", sentence="The new hidden state"), Port("c_1", sentence="The new cell state")),
    ),
    _cell(
        "GRUCell",
        "One step of a GRU, for a loop of your own.",
        _GRU,
        _states(False, "hx"),
        (_HIDDEN, _BIAS),
        "gru cell",
    ),
)
