"""What torch has and the catalogue leaves out, each with the reason.

A test walks torch's own lists of names: each is in the catalogue or here.
"""

_LAZY = ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm")

EXCLUDED: dict[str, str] = {
    "torch.optim.Optimizer": "the class that all optimizers come from",
    "torch.optim.lr_scheduler.LRScheduler": "the class that all schedulers come from",
    "torch.optim.lr_scheduler.LambdaLR": "takes a Python function, which a project does not hold",
    "torch.optim.lr_scheduler.MultiplicativeLR": "takes a Python function, which a project does not hold",
    "torch.optim.lr_scheduler.SequentialLR": "is made of other schedulers; a warm-up is a param of each",
    "torch.optim.lr_scheduler.ChainedScheduler": "is made of other schedulers; the settings hold one",
    "torch.nn.NLLLoss2d": "an old name of NLLLoss",
    "torch.nn.TripletMarginWithDistanceLoss": "takes a Python function; TripletMarginLoss has the usual distances",
    "torch.nn.AdaptiveLogSoftmaxWithLoss": "a layer and a loss in one, with weights of its own",
    "torch.nn.LinearCrossEntropyLoss": "a layer and a loss in one: a Linear and a CrossEntropyLoss do the same",
    "torch.nn.LinearCrossEntropyOptions": "settings of LinearCrossEntropyLoss",
    "torch.nn.Module": "what every layer is, and the network itself",
    "torch.nn.Container": "an old name of Module",
    "torch.nn.Sequential": "layers one behind the other, which wires say",
    "torch.nn.ModuleList": "holds layers, as the canvas does; a layer that is repeated becomes one",
    "torch.nn.ModuleDict": "holds layers by name, as the canvas does",
    "torch.nn.ParameterList": "holds parameters, as the canvas does with Parameter",
    "torch.nn.ParameterDict": "holds parameters by name, as the canvas does with Parameter",
    "torch.nn.RNNBase": "the class that RNN, LSTM and GRU come from",
    "torch.nn.RNNCellBase": "the class that the cells come from",
    "torch.nn.TransformerEncoder": "a TransformerEncoderLayer that is repeated, which every layer can be",
    "torch.nn.TransformerDecoder": "a TransformerDecoderLayer that is repeated, which every layer can be",
    "torch.nn.SyncBatchNorm": "a BatchNorm over several machines; torch makes it of one, convert_sync_batchnorm",
    "torch.nn.CrossMapLRN2d": "an old LocalResponseNorm, which torch keeps for old models and does not document",
    **{
        f"torch.nn.Lazy{name}": f"a {name} that waits for its sizes; here all follow from the wires"
        for name in (
            "Linear",
            *(f"{kind}{axes}d" for kind in _LAZY for axes in (1, 2, 3)),
        )
    },
}

_NORMS = (*(f"{kind}Norm{axes}d" for kind in ("Batch", "Instance") for axes in (1, 2, 3)), "GroupNorm")

# What layers of torch take and a person is not asked for: of any layer, or of one.
EXCLUDED_ARGUMENTS: dict[str, str] = {
    "device": "is chosen for the whole network",
    "dtype": "is float32 for the whole network",
    "inplace": "saves memory, changes no result, and breaks networks in which something else needs the input",
    "min_value": "is an old name of min_val",
    "max_value": "is an old name of max_val",
    "custom_encoder": "takes a Python object",
    "custom_decoder": "takes a Python object",
    **{f"ConvTranspose{axes}d.padding_mode": "has one value only, zeros" for axes in (1, 2, 3)},
    **{f"{name}.bias": "is not known to the oldest torch this program runs with" for name in _NORMS},
}
