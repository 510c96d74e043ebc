"""What surrounds a training, as lines of a script: processes and devices, checkpoints, `fit` and `main`."""

from collections.abc import Iterator

from nndesigner.project import Training
from nndesigner.script.data import Data
from nndesigner.script.lines import Line, assigned, call, text
from nndesigner.script.loop import Loop

PROCESSES = (
    'RANK = int(os.environ.get("RANK", "0"))  # torchrun says which of how many processes',
    'WORLD = int(os.environ.get("WORLD_SIZE", "1"))',
)


def fitting(loop: Loop) -> Iterator[Line]:
    """The function that trains."""
    training = loop.training
    yield from text(
        0,
        "def fit(args, model, train, validation, device):",
        '    """Trains the network, keeps a checkpoint of each epoch and gives what came of it."""',
    )
    yield from loop.setting_up(1)
    yield from loop.keeping(1)
    yield from text(
        1,
        "called = model",
        "if WORLD > 1:",
        '    cards = [device.index] if device.type == "cuda" else None',
        "    called = nn.parallel.DistributedDataParallel(model, device_ids=cards)",
        *(["called = torch.compile(called)"] if training.compile else []),
        "",
    )
    yield from loop.loop(1)
    yield from loop.best(1)
    yield from text(1, f"return {loop.trained}")


def main(name: str, loop: Loop, data: Data) -> Iterator[Line]:
    """The function that is called first; `name` is the network's class."""
    yield from text(
        0,
        "def main(arguments=None):",
        '    """Trains and tests as the command line says."""',
        "    args = parse_arguments(arguments)",
        "    device = find_device(args.device)",
        "    torch.set_num_threads(args.threads)",
        "    torch.manual_seed(args.seed)",
        '    if device.type == "cuda":',
        "        torch.cuda.set_device(device)",
        "    if WORLD > 1:",
        '        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")',
        "",
    )
    parts = ["train", "validation", "test"]
    if data.source is None:
        yield from assigned(1, parts, "load_data", ["device"])
    else:
        yield from text(1, "try:")
        yield from assigned(2, parts, "load_data", ["args.data", "device"])
        yield from text(
            1,
            "except FileNotFoundError as error:",
            '    words = f"there is no {error.filename}: say with --data where the data is"',
            "    raise SystemExit(words) from error",
        )
    yield from built(1, name, loop.training)
    yield from text(
        1,
        "if RANK:",
        "    torch.manual_seed(args.seed + RANK)",
        "model = fit(args, model, train, validation, device)",
        "",
    )
    yield from loop.testing(1)
    yield from text(
        1,
        "save(model.state_dict(), args.output)",
        "if WORLD > 1:",
        "    distributed.destroy_process_group()",
        "",
    )
    yield from text(0, "", 'if __name__ == "__main__":', "    main()")


def built(depth: int, name: str, training: Training) -> list[Line]:
    """The line that makes the network."""
    memory = ["memory_format=torch.channels_last"] if training.channels_last else []
    return call(depth, f"model = {name}().to", ["device", *memory])


def surroundings() -> Iterator[Line]:
    """The functions for devices and checkpoints, each with two empty lines behind it."""
    yield from text(
        0,
        "def find_device(name):",
        '    """The device of this name; each of several processes has a graphics card of its own."""',
        '    if name == "auto" and torch.cuda.is_available():',
        '        name = "cuda"',
        '    elif name == "auto":',
        '        name = "mps" if torch.backends.mps.is_available() else "cpu"',
        '    if name == "cuda":',
        "        name = f\"cuda:{os.environ.get('LOCAL_RANK', '0')}\"",
        "    return torch.device(name)",
        "",
        "",
        "def save(state, path):",
        '    """Writes a file whole or not at all; of several processes the first one does."""',
        "    if RANK == 0:",
        "        path.parent.mkdir(parents=True, exist_ok=True)",
        '        temporary = path.with_name(f"{path.name}.tmp")',
        "        torch.save(state, temporary)",
        "        temporary.replace(path)",
        "",
        "",
        "def save_checkpoint(output, kept, generators, progress):",
        '    """Writes what decides the next epochs, beside the weights."""',
        "    drawn = [{name: one.get_state() for name, one in generators.items()}]",
        "    if WORLD > 1:",
        "        own, drawn = drawn[0], [None] * WORLD",
        "        distributed.all_gather_object(drawn, own)",
        "    state = {name: one.state_dict() for name, one in kept.items()}",
        '    state |= {"generators": drawn, "progress": progress}',
        '    save(state, output.with_suffix(".checkpoint.pt"))',
        "",
        "",
        "def load_checkpoint(path, kept, generators):",
        '    """Brings all to where it was when the checkpoint was written; gives how far that is."""',
        '    state = torch.load(path, map_location="cpu", weights_only=True)',
        '    drawn = state["generators"]',
        "    if len(drawn) != WORLD:",
        '        raise SystemExit(f"{path} is of {len(drawn)} processes, and here are {WORLD}")',
        "    for name, one in kept.items():",
        "        one.load_state_dict(state[name])",
        "    for name, one in generators.items():",
        "        one.set_state(drawn[RANK][name])",
        '    return state["progress"]',
        "",
        "",
    )
