"""Help on every kind: its sentence, formula, picture, shapes and link, held against torch and against each other."""

import re

import numpy as np
import pytest
import torch
from pilot import Pilot
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from nndesigner import catalogue, typed
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Block, Code, Edge, Graph, Node, Note
from nndesigner.inference import call, construct, resolved, unpacked
from nndesigner.project import Project
from nndesigner.ui import theme
from nndesigner.ui.help import picture, sliding
from nndesigner.ui.help.figures import Curve, Grids, Path
from nndesigner.ui.help.findings import Findings, find
from nndesigner.ui.help.formula import Fence, FormulaError, Fraction, Root, Row, Scripts, Sign, read
from nndesigner.ui.help.page import KindPage, call_words, siblings
from nndesigner.ui.help.typeset import lines_of
from nndesigner.ui.help.uses import use_of

KINDS = catalogue.KINDS
LINK = re.compile(r"https://docs\.pytorch\.org/docs/stable/generated/torch\.[A-Za-z0-9_.]+\.html")
# Those that differ from others by their dimensions, or whose first look into takes torch seconds.
THOROUGH = [
    kind for kind in KINDS if kind.name.endswith(("1d", "3d")) or kind.name in ("Bilinear", "Transformer")
]
EVERY = [
    pytest.param(kind, id=kind.name, marks=[pytest.mark.thorough] * (kind in THOROUGH)) for kind in KINDS
]


@pytest.fixture(scope="module")
def page(qapp: QApplication) -> KindPage:
    return KindPage()


@pytest.fixture(scope="module")
def findings() -> dict[str, Findings]:
    return {}


def found_of(kind: Kind, known: dict[str, Findings]) -> Findings:
    if kind.name not in known:
        known[kind.name] = find(kind, kind.start_params())
    return known[kind.name]


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_is_explained(kind: Kind, page: KindPage, findings: dict[str, Findings]) -> None:
    assert kind.sentence.rstrip().endswith((".", "?"))
    if kind.target:
        assert kind.formula
        assert len(_signs(read(kind.formula))) == len(_bare(kind.formula))
        assert 1 <= len(lines_of(kind.formula, 17, 500)) <= 2
        assert kind.documentation == "" or LINK.fullmatch(kind.documentation)
        assert bool(kind.documentation) != kind.is_ours
    page.show_kind(kind)
    assert page.findChild(object, "kindPageName").text() == kind.name
    assert page.findChild(object, "kindPageSentence").text() == kind.sentence
    assert page.formula.text == kind.formula
    assert kind.name not in siblings(kind)
    assert all(name in catalogue.BY_NAME for name in siblings(kind))
    found = found_of(kind, findings)
    _paints(kind, found)
    if kind.role in ("layer", "loss"):
        _gives_what_torch_gives(kind.at(kind.start_params()), found)


def _paints(kind: Kind, found: Findings) -> None:
    """The picture stays within its frame and is not blank, light and dark."""
    if kind.role in ("layer", "loss", "optimizer", "scheduler") and not picture.told(kind):
        assert isinstance(found.drawn, Curve | Path | Grids)
    for one in (theme.LIGHT, theme.DARK):
        image = QImage(540, picture.HEIGHT, QImage.Format.Format_RGB32)
        image.fill(QColor(one.raised))
        painter = QPainter(image)
        picture.paint(painter, QRectF(0, 0, 540, picture.HEIGHT), kind, kind.start_params(), one, found.drawn)
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(picture.HEIGHT, 540)
        inked = pixels != QColor(one.raised).rgb()
        assert inked.sum() > 500
        assert not inked[:, :2].any() and not inked[:, -2:].any()


def _gives_what_torch_gives(kind: Kind, found: Findings) -> None:
    """The shapes of the example are those of the real thing."""
    given = {name: _tensor(one.at(2), one.dtype) for name, one in found.inputs}
    if kind.name == "CTCLoss":  # real letters, as long as they say
        given["input_lengths"].fill_(16)
        given["target_lengths"].fill_(2)
        given["target"].fill_(1)
    if kind.name.startswith("MaxUnpool"):
        given["indices"].zero_()
    function = construct(kind, found.arguments) if kind.is_module or kind.is_tensor else resolved(kind)
    result = function if kind.is_tensor else call(kind, function, given, found.arguments)
    several = [result] if kind.role == "loss" else list(unpacked(kind.structure, result))
    assert [one.at(2) for _, one in found.outputs] == [tuple(one.shape) for one in several]
    assert [one.dtype for _, one in found.outputs] == [
        str(one.dtype).removeprefix("torch.") for one in several
    ]
    if kind.is_module:
        assert found.parameters == sum(one.numel() for one in function.parameters())


def _tensor(sizes: tuple[int, ...], dtype: str) -> torch.Tensor:
    if dtype == "bool":
        return torch.rand(sizes) < 0.5
    if not dtype.startswith("float"):
        return torch.randint(0, 2, sizes)
    return torch.rand(sizes)


def _signs(part: object) -> str:
    """The signs of a tree, brackets counted."""
    match part:
        case Sign(text=text):
            return text
        case Row(parts=parts):
            return "".join(map(_signs, parts))
        case Scripts(base=base, above=above, below=below):
            return "".join(map(_signs, filter(None, (base, below, above))))
        case Fraction(top=top, bottom=bottom):
            return _signs(top) + "/" + _signs(bottom)
        case Root(inside=inside):
            return "√" + _signs(inside)
        case Fence(inside=inside):
            return "(" + _signs(inside) + ")"
    raise AssertionError(part)


def _bare(formula: str) -> str:
    """A formula without what is drawn instead of written: spaces, the ^, and brackets that a bar or a root replaces."""
    kept = formula.replace(" ", "").replace("^", "")
    lost = len(kept) - len(_signs(read(formula)))
    assert lost in range(0, 2 * formula.count("(") + 1, 2)
    return kept[: len(kept) - lost]


def test_a_formula_becomes_fractions_powers_and_roots() -> None:
    y, equals, fraction = read("y = 1 / (1 + e⁻ˣ)").parts
    assert (y, equals) == (Sign("y", leans=True), Sign("=", apart=True))
    assert isinstance(fraction, Fraction)
    assert fraction.top == Sign("1")
    power = fraction.bottom.parts[-1]
    assert isinstance(power, Scripts)
    assert power.above == Row((Sign("−"), Sign("x", leans=True)))
    (normalized,) = [
        one for one in read("y = γ·(x − mean) / √(variance + ε) + β").parts if isinstance(one, Fraction)
    ]
    assert isinstance(normalized.bottom, Root)
    assert _signs(normalized.top) == "γ·(x−mean)"
    (softmax,) = [one for one in read("y = eˣ / Σ eˣ").parts if isinstance(one, Fraction)]
    assert _signs(softmax.bottom) == "Σex"


@pytest.mark.parametrize("text", ["y = (x", "x) + 1", "/ 2", "^2", "√"])
def test_what_is_no_formula_is_refused_and_still_shown(text: str, qapp: QApplication) -> None:
    with pytest.raises(FormulaError):
        read(text)
    assert lines_of(text, 17, 500)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation", "ceil"),
    [(5, 3, 1, 0, 1, False), (7, 3, 2, 1, 1, False), (9, 3, 2, 1, 2, False), (6, 2, 2, 0, 1, False), (5, 2, 2, 1, 1, True), (8, 3, 3, 1, 1, True)],
)  # fmt: skip
def test_a_window_slides_as_torch_says(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    one = sliding.slide(size, kernel, stride, padding, dilation, ceil=ceil)
    pool = torch.nn.MaxPool1d(kernel, stride, padding, dilation, ceil_mode=ceil)
    assert one.count == pool(torch.zeros(1, 1, size)).shape[-1]
    values = torch.rand(size)
    seen = [max(values[tap].item() for tap in window if 0 <= tap < size) for window in one.windows]
    assert seen == pool(values[None, None]).flatten().tolist()


def test_windows_chosen_to_fit_and_those_of_the_way_back_are_torchs() -> None:
    values = torch.rand(7)
    windows = sliding.fitted(7, 3).windows
    means = [values[list(window)].mean().item() for window in windows]
    assert means == pytest.approx(torch.nn.AdaptiveAvgPool1d(3)(values[None, None]).flatten().tolist())
    back = sliding.backwards(3, 3, 2, 1, 1, 1)
    assert back.count == torch.nn.ConvTranspose1d(1, 1, 3, 2, 1, 1)(torch.zeros(1, 1, 3)).shape[-1]


def test_the_picture_has_the_params_of_the_node(findings: dict[str, Findings]) -> None:
    kind = catalogue.BY_NAME["Conv2d"]
    down, across = sliding.slides_of(
        kind, {"out_channels": 8, "kernel_size": (3, 5), "stride": 2, "padding": "same"}
    )
    assert (down.kernel, across.kernel, across.stride, across.padding) == (3, 5, 2, 2)
    leaky = catalogue.BY_NAME["LeakyReLU"]
    curve = find(leaky, {"negative_slope": 0.5}).drawn
    assert isinstance(curve, Curve)
    assert curve.points[0] == pytest.approx((-4.0, -2.0))
    loss = found_of(catalogue.BY_NAME["MSELoss"], findings).drawn
    assert isinstance(loss, Curve)
    assert loss.points[0] == pytest.approx((-3.0, 9.0))


def test_the_usual_way_can_be_typed() -> None:
    used = [kind for kind in KINDS if use_of(kind)]
    assert len(used) > 100
    for kind in used:
        line = typed.read(use_of(kind), Project())
        assert line.mistake is None, f"{use_of(kind)}: {line.mistake}"
        assert kind.name in {line.graph.nodes[name].kind for name in line.added}


def test_a_script_writes_it_as_people_do(findings: dict[str, Findings]) -> None:
    kind = catalogue.BY_NAME["Conv2d"]
    assert call_words(kind, found_of(kind, findings).arguments) == "nn.Conv2d(4, 32, kernel_size=3)"


def test_the_siblings_of_a_kind_begin_with_its_other_dimensions() -> None:
    assert siblings(catalogue.BY_NAME["MaxPool2d"])[:2] == ("MaxPool1d", "MaxPool3d")


# In the window.


def test_help_comes_by_key_for_the_selected_node_and_leads_on(pilot: Pilot) -> None:
    pilot.window.filing.example("digits")
    pilot.settle()
    pilot.canvas.select(["conv1"])
    pilot.canvas.setFocus()
    pilot.hand.keys("?")
    sheet = pilot.find("kindHelp")
    page = sheet.page
    assert page.kind.name == "Conv2d"
    assert [(fact.name, fact.value) for fact in pilot.find("kindPageShapes").facts] == [
        ("input", "N×1×8×8"),
        ("output", "N×32×8×8"),
    ]
    pilot.wait(lambda: pilot.find("kindPageScript").text() == "nn.Conv2d(1, 32, kernel_size=3, padding=1)")
    page.findChild(QLabel, "kindPageAlso").linkActivated.emit("Conv1d")
    assert page.kind.name == "Conv1d"
    back = pilot.find("kindHelpBack")
    pilot.hand.click(back, back.rect().center())
    assert page.kind.name == "Conv2d"
    assert not back.isEnabled()
    pilot.hand.click(sheet.search, sheet.search.rect().center())
    pilot.hand.type("gelu")
    pilot.hand.keys("Return")
    assert page.kind.name == "GELU"
    pilot.wait(lambda: isinstance(page.picture.drawn, Curve))
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_row_of_the_palette_has_a_card_that_leads_to_its_page(pilot: Pilot) -> None:
    pilot.window.show_workspace("design")
    rows = pilot.find("paletteList")
    row = next(index for index in rows.rows() if index.data() == "LSTM")
    rows.scrollTo(row)
    place = rows.visualRect(row).center()
    QApplication.sendEvent(rows.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, rows.mapToGlobal(place)))
    card = pilot.find("hoverCard")
    assert pilot.window.rect().contains(card.geometry())
    button = pilot.find("hoverCardMore")
    pilot.hand.click(button, button.rect().center())
    assert not card.isVisible()
    assert pilot.find("kindHelp").page.kind.name == "LSTM"


def test_blocks_and_layers_of_ones_own_are_explained_by_what_their_author_says(pilot: Pilot) -> None:
    text = 'class Gate(nn.Module):\n    """Opens and closes.\n\n    By a sigmoid."""\n\n    def forward(self, x):\n        return x * torch.sigmoid(x)\n'
    inside = Graph.of(
        [Node("maps", "Input"), Node("same", "Output")],
        [Edge("maps", "output", "same", "input")],
        [Note("Does nothing yet.")],
    )
    project = Project(
        Graph.of([Node("gate", "Gate"), Node("plain", "Plain")]),
        {"Plain": Block("Plain", inside)},
        code={"Gate": Code("Gate", text)},
    )
    pilot.window.filing.begin(project)
    pilot.window.show_workspace("design")
    pilot.wait(lambda: "gate" in pilot.graph.nodes)
    explained = {}
    for name in ("gate", "plain"):
        pilot.canvas.select([name])
        button = pilot.find("nodeHelp")
        pilot.hand.click(button, button.rect().center())
        explained[name] = pilot.find("kindPageSentence").text()
    assert explained == {"gate": "Opens and closes.\n\nBy a sigmoid.", "plain": "Does nothing yet."}
    assert not pilot.find("kindHelp").page.findChild(QPushButton, "kindPageLink").isVisible()


def test_help_bears_being_used_clumsily(pilot: Pilot) -> None:
    pilot.window.filing.begin(
        Project(Graph.of([Node("lstm1", "LSTM", {"hidden_size": 8, "batch_first": True})]))
    )
    pilot.wait(lambda: "lstm1" in pilot.graph.nodes)
    search = pilot.find("paletteSearch")
    pilot.hand.click(search, search.rect().center())
    pilot.hand.type("what?")
    assert search.text() == "what?"
    pilot.canvas.select(["lstm1"])
    explain = pilot.window.actions_["explain"]
    pilot.canvas.setFocus()
    explain.trigger()
    explain.trigger()
    sheet = pilot.find("kindHelp")
    settings = [label.text() for label in pilot.find("kindPageParams").findChildren(QLabel)]
    assert settings[settings.index("hidden_size") + 2] == "8"
    assert settings[settings.index("batch_first") + 2] == "on"
    pilot.window.filing.begin(Project(Graph.of([Node("relu1", "ReLU")])))
    for _ in range(10):
        pilot.window.document.stack.undo()
    assert sheet.page.kind.name == "LSTM"
    sheet.look_up("no such layer")
    for name in ("ReLU", "GELU", "ReLU"):
        sheet.look_up(name)
    for _ in range(5):
        sheet.go_back()
    assert sheet.page.kind.name == "LSTM"
    sheet.close()
    explain.trigger()
    assert pilot.find("kindHelp").page.kind.name == "LSTM"
