"""Source files of published architectures, in the styles people write them, are read; what is drawn computes the same.

What counts as the original is the file itself, run by torch here. The reader only ever gets its text.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from nndesigner import plan
from nndesigner.matching import match
from nndesigner.model import Network
from nndesigner.script.reader import Reading, Source, read
from tests.sampling import sampled

pytestmark = pytest.mark.usefixtures("young_heap")

SOURCES = Path(__file__).parent / "sources"


@dataclass(frozen=True)
class Published:
    """A network of a file: `main` is its class, the function that makes it, or the variable that holds it.

    `parameters` is how many the publication, or the usual implementation of it, says it has. What begins with one of
    `unused` learns, but gives nothing once the network is in use. `words` is how many words its input is taken from.
    Of those in the folder `habits`, the number of parameters is that of the original. One is not `exact` where a
    `contiguous()`, which is not drawn, decides how a convolution is computed: the last bits may differ.
    """

    file: str
    main: str
    inputs: tuple[tuple[int, ...], ...]
    parameters: int
    unused: tuple[str, ...] = ()
    words: int = 0
    siblings: tuple[str, ...] = ()
    folder: str = "published"
    exact: bool = True

    def __str__(self) -> str:
        return f"{self.file}-{self.main}"


PICTURE = ((1, 3, 224, 224),)
SMALL = ((2, 3, 32, 32),)
DIGITS = ((2, 1, 28, 28),)
FILES = (
    Published("lenet5", "LeNet5", ((2, 1, 32, 32),), 61_706),
    Published("mnist_example", "Net", DIGITS, 1_199_882),
    Published("alexnet", "AlexNet", PICTURE, 61_100_840),
    Published("vgg", "vgg16", PICTURE, 138_357_544),
    Published("vgg", "vgg19_bn", PICTURE, 143_678_248),
    Published("vgg_cifar", "VGG", SMALL, 14_728_266),
    Published("resnet18", "resnet18", PICTURE, 11_689_512),
    Published("resnet50", "resnet50", PICTURE, 25_557_032),
    Published("resnet50", "resnext50_32x4d", PICTURE, 25_028_904),
    Published("resnet_cifar", "resnet20", SMALL, 269_722),
    Published("preact_resnet", "PreActResNet18", SMALL, 11_171_146),
    Published("wide_resnet", "WideResNet", SMALL, 36_479_194),
    Published("densenet", "densenet121", PICTURE, 7_978_856),
    Published("googlenet", "GoogLeNet", PICTURE, 13_004_888, unused=("aux1", "aux2")),
    Published("squeezenet", "squeezenet1_0", PICTURE, 1_248_424),
    Published("squeezenet", "squeezenet1_1", PICTURE, 1_235_496),
    Published("mobilenet_v1", "MobileNetV1", PICTURE, 4_231_976),
    Published("mobilenet_v2", "MobileNetV2", PICTURE, 3_504_872),
    Published("mobilenet_v3", "mobilenetv3_small", PICTURE, 2_542_856),
    Published("shufflenet_v2", "shufflenet_v2_x1_0", PICTURE, 2_278_604),
    Published("efficientnet", "EfficientNet", PICTURE, 5_288_548),
    Published("se_resnet", "SEResNet", PICTURE, 28_071_976),
    Published("unet", "UNet", ((1, 3, 64, 96),), 31_037_633),
    Published("vit", "deit_tiny_patch16_224", PICTURE, 5_717_416),
    Published("gpt", "model", ((2, 32),), 10_745_088 + 65 * 384, words=65),
    Published("transformer_classifier", "TextClassifier", ((2, 20),), 2_825_476, words=20000),
    Published("lstm_classifier", "model", ((2, 20),), 551_682, words=5000),
    Published("bilstm_classifier", "LSTMClassifier", ((2, 20),), 4_810_857, words=25002),
    Published("char_gru", "decoder", ((2, 20),), 840_804, words=100),
    Published("autoencoder", "ConvAutoencoder", DIGITS, 210_369),
    Published("vae", "VAE", DIGITS, 652_824),
    Published("dcgan", "netG", ((2, 100, 1, 1),), 3_576_704),
    Published("dcgan", "netD", ((2, 3, 64, 64),), 2_765_568),
    Published("mlp_mixer", "mixer_s16", PICTURE, 18_528_264),
    Published("convnext", "convnext_tiny", PICTURE, 28_589_128),
    Published("tcn", "model", ((2, 1, 100),), 66_510),
    Published("siamese", "SiameseNetwork", ((2, 1, 105, 105),) * 2, 38_951_745),
    Published("sequential_script", "model", ((2, 784),), 109_386),
    Published("ordered_dict", "Net", DIGITS, 269_322),
    Published("two_files", "SmallResNet", SMALL, 279_466, siblings=("two_files_parts",)),
    Published("textcnn", "TextCNN", ((2, 40),), 1_179_405, words=8000),
    Published("unet_functional", "UNet", ((1, 3, 64, 64),), 7_782_913),
    Published("unet_dict", "UNet", ((1, 3, 64, 64),), 7_763_041),
    Published("densenet_cifar", "densenet_cifar", SMALL, 1_000_618),
    Published("inception_v3", "inception_v3", ((1, 3, 299, 299),), 23_834_568),
    Published("pix2pix", "unet_256", ((1, 3, 256, 256),), 54_413_955),
    Published("pix2pix", "resnet_9blocks", ((1, 3, 64, 64),), 11_378_179),
    Published("annotated_transformer", "make_model", ((2, 10), (2, 10)), 44_157_451, words=11),
    Published("llama", "model", ((2, 32),), 6_054_048, words=1000),
    Published("bert", "BertForSequenceClassification", ((2, 20),), 863_106, words=3000),
    Published("swin_block", "SwinStage", ((1, 3, 112, 112),), 93_280),
    Published("pointnet", "PointNetCls", ((2, 3, 128),), 1_614_129),
    Published("darknet53", "darknet53", PICTURE, 41_609_928),
    Published("yolo_v1", "model", ((1, 3, 448, 448),), 85_787_534),
    Published("cbam_resnet", "ResNet", SMALL, 682_194),
    Published("fpn", "FPN50", ((1, 3, 128, 128),), 26_262_336),
    Published("deeplab", "DeepLab", ((1, 3, 64, 64),), 266_421),
    Published("segnet", "SegNet", ((1, 3, 64, 64),), 230_988),
    Published("nin", "net", ((1, 1, 224, 224),), 1_992_166),
    Published("ncf", "NeuMF", ((8,), (8,)), 107_833, words=943),
    Published("nerf", "NeRF", ((16, 90),), 595_844),
    Published("dqn", "policy_net", ((2, 4, 84, 84),), 3_293_863),
    Published("actor_critic", "net", ((2, 8),), 9_669),
    Published("attention_unet", "AttU_Net", ((1, 3, 64, 64),), 34_878_573),
    Published("srgan", "netG", ((1, 3, 24, 24),), 734_219),
    Published("gcn", "GCN", ((2, 12, 16), (2, 12, 12)), 172),
    Published("wavenet", "WaveNet", ((2, 1, 100),), 108_832),
    Published("ppo_agent", "Agent", ((2, 4, 84, 84),), 1_687_719),
    Published("mobilenet_v3_large", "mobilenet_v3_large", PICTURE, 5_483_032),
    Published("res2net", "res2net50_26w_4s", PICTURE, 25_699_120),
    Published("diffusion_unet", "Unet", ((2, 1, 32, 32), (2,)), 2_638_145),
    Published("style_transfer", "TransformerNet", ((1, 3, 64, 64),), 1_679_235),
    Published("crnn", "CRNN", ((2, 1, 32, 100),), 8_331_301),
    Published("deepfm", "DeepFactorizationMachineModel", ((4, 10),), 46_610, words=2000),
    Published("dlinear", "Model", ((2, 96, 7),), 4_656),
    Published("module_dict", "resnet18", PICTURE, 11_689_512),
    Published("rrdb", "model", ((1, 3, 16, 16),), 2_309_507),
    Published("bigram_gpt", "BigramLanguageModel", ((2, 32),), 209_729, words=65),
    Published("lstm_cell", "SineLSTM", ((2, 8),), 32_284),
    Published("mha_transformer", "DecoderLM", ((2, 16),), 222_644, words=500),
    Published("c3d", "C3D", ((1, 3, 16, 48, 48),), 7_127_909),
    Published("backbone_children", "FineTuned", SMALL, 9_541),
    Published("backbone_children", "Swapped", SMALL, 1_559),
    Published("convlstm", "ConvLSTM", ((2, 4, 1, 16, 16),), 7_264),
)

# What can't be drawn, and the lines that are told: a loop over the samples, what torch has and the catalogue lacks.
REFUSED = (
    (
        Published("seq2seq_attention", "model", ((9, 2), (7, 2)), 981_096, words=1000),
        (81,),
        "number of samples",
    ),
)

HABITS = (
    Published("layers", "A1", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("layers", "A2", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("layers", "A3", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("layers", "A4", ((2, 16),), 0, folder="habits"),
    Published("layers", "A5", ((2, 9),), 0, words=100, folder="habits"),
    Published("layers", "A6", ((3, 16),), 0, folder="habits"),
    Published("layers", "A7", ((2, 9),), 0, words=100, folder="habits"),
    Published("layers", "A8", ((2, 16, 8, 8),), 0, folder="habits"),
    Published("layers", "A9", ((2, 12),), 0, folder="habits"),
    Published("layers", "A10", ((2, 3, 16, 16), (2, 6)), 0, folder="habits"),
    Published("layers", "A11", ((2, 4),), 0, folder="habits"),
    Published("layers", "A12", ((2, 8),), 0, folder="habits"),
    Published("layers", "A13", ((2, 4),), 0, folder="habits"),
    Published("layers", "A15", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("layers", "A17", ((2, 6, 16),), 0, folder="habits"),
    Published("layers", "A18", ((2, 6, 5),), 0, folder="habits"),
    Published("layers", "A19", ((2, 10, 8),), 0, folder="habits"),
    Published("layers", "A20", ((2, 1, 32),), 0, folder="habits"),
    Published("blocks", "B1", ((1, 3, 64, 64),), 0, folder="habits"),
    Published("blocks", "B2", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("blocks", "B3", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("blocks", "B4", ((2, 8, 9, 9),), 0, folder="habits"),
    Published("blocks", "B5", ((2, 16, 8, 8),), 0, folder="habits", exact=False),
    Published("blocks", "B6", ((2, 16, 8, 8),), 0, folder="habits"),
    Published("blocks", "B7", ((2, 16, 8, 10),), 0, folder="habits"),
    Published("blocks", "B8", ((2, 20),), 0, folder="habits"),
    Published("blocks", "B9", ((3, 4),), 0, folder="habits"),
    Published("blocks", "B10", ((3, 6), (3, 5)), 0, folder="habits"),
    Published("blocks", "B11", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("blocks", "B12", ((2, 3, 16, 16),), 0, folder="habits"),
    Published("blocks", "B13", ((2, 4),), 0, folder="habits"),
    Published("blocks", "B14", ((2, 9, 8),), 0, folder="habits"),
    Published("blocks", "B15", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("blocks", "B16", ((2, 11),), 0, words=60, folder="habits"),
    Published("tensors", "D3", ((2, 4),), 0, folder="habits"),
    Published("tensors", "D4", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("tensors", "D7", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("tensors", "D8", ((2, 4),), 0, folder="habits"),
    Published("tensors", "D9", ((2, 4),), 0, folder="habits"),
    Published("tensors", "D10", ((2, 3, 32, 32),), 0, folder="habits"),
    Published("tensors", "D11", ((2, 10),), 0, folder="habits"),
    Published("tensors", "D13", ((2, 4),), 0, folder="habits"),
    Published("tensors", "D14", ((2, 6, 8),), 0, folder="habits"),
    Published("arguments", "E1", ((7, 3, 5),), 0, folder="habits"),
    Published("arguments", "E2", ((2, 5, 8),), 0, folder="habits"),
    Published("arguments", "E3", ((2, 3, 9, 9),), 0, folder="habits"),
    Published("arguments", "E4", ((2, 3, 5, 5),), 0, folder="habits"),
    Published("arguments", "E5", ((3, 4),), 0, folder="habits"),
    Published("arguments", "E6", ((2, 6),), 0, words=30, folder="habits"),
    Published("arguments", "E7", ((2, 5, 8), (2, 4, 8)), 0, folder="habits"),
    Published("arguments", "E8", ((3, 4),), 0, folder="habits"),
    Published("arguments", "E9", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("arguments", "E10", ((2, 2, 40),), 0, folder="habits"),
    Published("arguments", "E11", ((2, 2, 9),), 0, folder="habits"),
    Published("arguments", "E12", ((2, 4),), 0, folder="habits"),
    Published("arguments", "E13", ((2, 6),), 0, folder="habits"),
    Published("arguments", "E14", ((2, 5, 8),), 0, folder="habits"),
    Published("arguments", "E15", ((2, 4),), 0, folder="habits"),
    Published("arguments", "E16", ((2, 5),), 0, words=20, folder="habits"),
    Published("settings", "F1", ((2, 12),), 0, folder="habits"),
    Published("settings", "F2", ((2, 3, 9, 9),), 0, folder="habits"),
    Published("settings", "F3", ((2, 6),), 0, folder="habits"),
    Published("settings", "F4", ((2, 3),), 0, words=3, folder="habits"),
    Published("settings", "F5", ((2, 6),), 0, folder="habits"),
    Published("settings", "F6", ((2, 4, 7),), 0, folder="habits"),
    Published("settings", "F7", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("settings", "F8", ((2, 7),), 0, words=20, folder="habits"),
    Published("surgery", "G1", ((2, 3, 12, 12),), 0, folder="habits"),
    Published("surgery", "G2", ((2, 3, 8, 8),), 0, folder="habits"),
    Published("surgery", "G3", ((2, 1, 20, 20),), 0, folder="habits"),
    Published("surgery", "G4", ((2, 3, 6),), 0, folder="habits"),
    Published("surgery", "G5", ((2, 3, 6, 6),), 0, folder="habits"),
    Published("surgery", "G6", ((2, 9),), 0, words=8, folder="habits"),
    Published("surgery", "G10", ((2, 6),), 0, folder="habits"),
)
# What would be drawn wrong, or can't be: it is told, and never drawn in silence.
UNSAFE = (
    (Published("layers", "A14", ((2, 3, 8, 8),), 0, folder="habits"), "weight of a layer"),
    (Published("tensors", "D1", ((2, 3, 8, 8),), 0, folder="habits"), "in its place"),
    (Published("tensors", "D2", ((2, 4),), 0, folder="habits"), "in its place"),
    (Published("tensors", "D5", ((2, 4),), 0, folder="habits"), "in its place"),
    (Published("surgery", "G7", ((2, 4),), 0, folder="habits"), "renorm_"),
    (Published("surgery", "G8", ((2, 4),), 0, folder="habits"), "i0"),
    (Published("surgery", "G9", ((2, 3, 8, 8),), 0, folder="habits"), "in another way"),
    (Published("surgery", "G11", ((2, 4),), 0, folder="habits"), "something else"),
    (Published("tensors", "D6", ((2, 5), (2, 5)), 0, words=20, folder="habits"), "inside several networks"),
)


@cache
def module(name: str) -> ModuleType:
    return importlib.import_module(f"tests.sources.{name}")


def source(one: Published) -> Source:
    text = (SOURCES / one.folder / f"{one.file}.py").read_text()
    beside = {name: (SOURCES / one.folder / f"{name}.py").read_text() for name in one.siblings}
    return Source(text, f"{one.file}.py", one.main, one.inputs, beside)


def original(one: Published) -> nn.Module:
    """The network as torch makes it, every weight other than it began, so that none hides behind a zero or a one."""
    made = getattr(module(f"{one.folder}.{one.file}"), one.main)
    model: nn.Module = made if isinstance(made, nn.Module) else made()
    random = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.02 * torch.randn(weight.shape, generator=random)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer += 0.1 * torch.randn(buffer.shape, generator=random)
            elif name.endswith("running_var"):
                buffer *= 0.5 + torch.rand(buffer.shape, generator=random)
    return model.eval()


def batch(one: Published) -> list[torch.Tensor]:
    random = torch.Generator().manual_seed(2)
    if one.words:
        return [torch.randint(one.words, shape, generator=random) for shape in one.inputs]
    return [torch.randn(shape, generator=random) for shape in one.inputs]


def drawn_as(reading: Reading, weights: Mapping[str, torch.Tensor]) -> Network:
    """The drawn network with these weights: by name, and what names leave over by shape, from the same part of it.

    A table that the file computes once is computed from constants here: these stay as they are drawn.
    """
    made = plan.make(reading.project)
    with torch.device("meta"):
        network = Network(made)
    wanted = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    found = match(wanted, shapes)
    pairs = dict(found.pairs)
    left = [name for name in shapes if name not in set(pairs.values())]
    for own in (*found.missing, *(misfit.name for misfit in found.misfits)):
        fitting = [other for other in left if shapes[other] == wanted[own]]
        if fitting:
            pairs[own] = max(fitting, key=lambda other: _common(own, other))
            left.remove(pairs[own])
    state = {own: weights[other].clone() for own, other in pairs.items()}
    if open_ := wanted.keys() - pairs.keys():
        assert not open_ & {name for name, _ in network.named_parameters()}
        plain = Network(made).state_dict()
        state |= {own: plain[own] for own in open_}
    network.load_state_dict(state, assign=True)
    return network.eval()


def _common(own: str, other: str) -> int:
    """How many parts two names begin with alike."""
    pairs = zip(re.split(r"[._]", own), re.split(r"[._]", other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def tensors(result: Any) -> Iterator[torch.Tensor]:
    """All tensors in what a network gives, in order."""
    if isinstance(result, torch.Tensor):
        yield result
        return
    for one in result.values() if isinstance(result, dict) else result or ():
        yield from tensors(one)


def computed(work: Callable[..., Any], inputs: list[torch.Tensor]) -> list[torch.Tensor]:
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(3)
        return list(tensors(work(*(one.clone() for one in inputs))))


def assert_read_as(one: Published, model: nn.Module, parameters: int) -> None:
    """The network is read without a remark of what is wrong, has so many parameters, and computes the same bits."""
    reading = read(source(one))
    assert [str(remark) for remark in reading.errors] == []
    made = plan.make(reading.project)
    assert [problem.message for problem in made.errors] == []
    assert made.parameters == parameters
    network = drawn_as(reading, model.state_dict())
    inputs = batch(one)
    expected, found = computed(model, inputs), computed(network, inputs)
    assert len(found) == len(expected)
    if one.exact:
        assert all(map(torch.equal, found, expected))
    else:
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("one", sampled(FILES, 44), ids=str)
def test_a_published_network_is_read_counted_and_computes_the_same_bits(one: Published) -> None:
    model = original(one)
    assert sum(weight.numel() for weight in model.parameters()) == one.parameters

    unused = [w.numel() for name, w in model.named_parameters() if name.startswith(one.unused or ("?",))]

    assert_read_as(one, model, one.parameters - sum(unused))


@pytest.mark.parametrize("one", sampled(HABITS, 24), ids=str)
def test_what_people_are_in_the_habit_of_writing_is_read_to_the_same_bits(one: Published) -> None:
    model = original(one)

    assert_read_as(one, model, sum(weight.numel() for weight in model.parameters()))


@pytest.mark.parametrize(("one", "words"), UNSAFE, ids=str)
def test_what_would_be_drawn_wrong_is_told(one: Published, words: str) -> None:
    reading = read(source(one))

    assert any(words in remark.message and remark.line for remark in reading.errors)


def test_a_weight_that_two_layers_share_is_told() -> None:
    reading = read(source(Published("layers", "A16", ((2, 5),), 0, words=50, folder="habits")))

    assert not reading.errors
    assert any("two layers share" in remark.message and remark.line for remark in reading.remarks)


@pytest.mark.parametrize(("one", "lines", "word"), REFUSED, ids=lambda found: str(found))
def test_what_cannot_be_drawn_is_told_with_its_line(
    one: Published, lines: tuple[int, ...], word: str
) -> None:
    reading = read(source(one))

    assert {remark.line for remark in reading.errors} >= set(lines)
    assert all(word in remark.message for remark in reading.errors if remark.line in lines)
    assert reading.project.graph.nodes
