"""What each action of the table does in a window. Parts of it that are made late are asked for only then."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from nndesigner.ui.about import show_about
from nndesigner.ui.commands import Commands
from nndesigner.ui.key_sheet import KeySheet
from nndesigner.ui.text_size import TextSize
from nndesigner.ui.trial_run import TRIALS, Trial

if TYPE_CHECKING:
    from nndesigner.ui.main_window import MainWindow
    from nndesigner.ui.parts import Parts


def slots_of(window: "MainWindow") -> dict[str, Callable[..., object]]:
    """A slot for the name of every action."""
    filing, run = window.filing, window.run
    return {
        "new": lambda: filing.new(), "open": lambda: filing.choose(), "save": lambda: _save(window),
        "data": lambda: window.data.open(),
        "save_as": lambda: filing.save_as(), "export": window.exporting.open,
        "save_run": window.exporting.save_run, "welcome": window.show_welcome, "quit": window.close,
        "cut": lambda: window.parts.canvas.cut(), "copy": lambda: window.parts.canvas.copy(),
        "paste": lambda: window.parts.canvas.paste(), "duplicate": lambda: window.parts.canvas.duplicate(),
        "delete": lambda: window.parts.canvas.delete_selection(),
        "select_all": lambda: window.parts.canvas.select_all(), "add_layer": lambda: _add_layer(window),
        "find": lambda: _on_design(window).way.finding.open(),
        "find_next": lambda: window.parts.way.finding.step(1),
        "find_back": lambda: window.parts.way.finding.step(-1),
        "select_found": lambda: window.parts.way.finding.select_all(),
        "back": lambda: window.parts.way.journey.back(), "forward": lambda: window.parts.way.journey.forward(),
        "next_problem": lambda: window.parts.way.problems.step(1),
        "previous_problem": lambda: window.parts.way.problems.step(-1),
        "bookmark": lambda: window.parts.way.keeping.ask(), "bookmarks": lambda: window.parts.way.keeping.open(),
        "fit_selection": lambda: window.parts.way.fit_selection(),
        "minimap": lambda on: window.parts.way.map.show_map(on),
        "type_line": lambda: _on_design(window).typing.open(), "add_here": lambda: _on_design(window).choosing.find(),
        "replace": lambda: window.parts.choosing.replace(),
        "values": lambda: window.parts.card_editing.edit_selected(),
        "rename": lambda: window.parts.nodes.rename(), "bypass": lambda: window.parts.nodes.bypass(),
        "freeze": lambda: window.parts.nodes.freeze(),
        "wire_to": lambda: window.parts.joining.begin(from_output=True),
        "wire_from": lambda: window.parts.joining.begin(from_output=False),
        "swap_inputs": lambda: window.parts.wires.swap_inputs(),
        "disconnect": lambda: window.parts.wires.disconnect_selection(),
        "arrange": lambda: window.parts.arranging.lay_out(),
        "arrange_selection": lambda: window.parts.arranging.lay_out_selection(),
        "arrange_down": lambda: window.parts.arranging.run(False),
        "arrange_across": lambda: window.parts.arranging.run(True),
        "align_left": lambda: window.parts.arranging.align("left"),
        "align_center": lambda: window.parts.arranging.align("center"),
        "align_right": lambda: window.parts.arranging.align("right"),
        "align_top": lambda: window.parts.arranging.align("top"),
        "align_middle": lambda: window.parts.arranging.align("middle"),
        "align_bottom": lambda: window.parts.arranging.align("bottom"),
        "distribute_across": lambda: window.parts.arranging.distribute(True),
        "distribute_down": lambda: window.parts.arranging.distribute(False),
        "note": lambda: window.parts.canvas.annotating.add_note(),
        "frame": lambda: window.parts.canvas.annotating.frame_selection(),
        "frame_color": lambda: window.parts.canvas.annotating.recolor(),
        "make_block": lambda: window.parts.blocks.make(), "unpack_block": lambda: window.parts.blocks.unpack(),
        "make_unique": lambda: window.parts.blocks.make_unique(),
        "keep_block": lambda: window.parts.keeping.keep(),
        "new_block": lambda: window.parts.blocks.new(), "new_own": lambda: window.parts.blocks.new_own(),
        "go_in": lambda: window.parts.blocks.passage.enter_selected(),
        "go_out": lambda: window.parts.blocks.passage.leave(),
        "load_weights": lambda: window.weights.choose(),
        "compare": lambda: window.comparing.choose(),
        "design": lambda: window.show_workspace("design"), "training": lambda: window.show_workspace("training"),
        "code": lambda on: window.workspaces.set_shown("code", on),
        "problems": lambda on: window.workspaces.set_shown("problems", on),
        "history": lambda on: window.workspaces.set_shown("history", on),
        "fit": lambda: window.parts.canvas.fit(), "zoom_in": lambda: window.parts.canvas.zoom_in(),
        "zoom_out": lambda: window.parts.canvas.zoom_out(),
        "zoom_reset": lambda: window.parts.canvas.zoom_reset(), "reset_layout": lambda: window.workspaces.reset(),
        "system": lambda: window._use_theme("system"), "light": lambda: window._use_theme("light"),
        "dark": lambda: window._use_theme("dark"),
        "text_size": lambda: _text_size(window).ask(), "text_larger": lambda: _text_size(window).step(1),
        "text_smaller": lambda: _text_size(window).step(-1),
        "full_screen": lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen),
        "costs_off": lambda: window.parts.lens.show("off"),
        "costs_parameters": lambda: window.parts.lens.show("parameters"),
        "costs_flops": lambda: window.parts.lens.show("flops"),
        "costs_memory": lambda: window.parts.lens.show("memory"),
        "costs_gradients": lambda: window.parts.lens.show("gradients"),
        "costs_time": lambda: window.parts.lens.show("time"), "measure_time": lambda: _measure_time(window),
        "runs": lambda on: _show_runs(window, on), "layers": lambda: _show_layers(window),
        "train": window.train, "pause": run.pause, "resume": run.resume, "step": run.step, "stop": run.stop,
        "try_all": lambda: _try(window, *TRIALS), "about": lambda: show_about(window),
        "commands": lambda: _commands(window).ask(), "keys": lambda: _key_sheet(window).toggle(),
        "explain": lambda: window.parts.explaining.ask(), "tips": lambda: window.parts.tips.bring_back(),
        "initial_loss": lambda: _try(window, "initial_loss"),
        "overfit_one_batch": lambda: _try(window, "overfit_one_batch"),
        "learning_rate_range": lambda: _try(window, "learning_rate_range"),
    }  # fmt: skip


def _on_design(window: "MainWindow") -> "Parts":
    """The parts, with the canvas to be drawn on in front."""
    if not window._drawing:
        window.show_workspace("design")
    return window.parts


def _add_layer(window: "MainWindow") -> None:
    """The palette's search, beside the canvas."""
    window.show_workspace("design")
    window.parts.docks["palette"].show()
    window.parts.palette.setFocus()


def _commands(window: "MainWindow") -> Commands:
    """The command palette, made when it is asked for first."""
    return window.findChild(Commands) or Commands(window)


def _key_sheet(window: "MainWindow") -> KeySheet:
    """The sheet of keys, made when it is asked for first."""
    return window.findChild(KeySheet) or KeySheet(window.actions_, window)


def _text_size(window: "MainWindow") -> TextSize:
    """The choice of the size of text, made when it is asked for first."""
    return window.findChild(TextSize) or TextSize(window)


def _measure_time(window: "MainWindow") -> None:
    """Shown on the cards while it is measured."""
    window.actions_["costs_time"].setChecked(True)
    window.parts.lens.show("time")
    window.parts.lens.measure_time()


def _save(window: "MainWindow") -> None:
    """Saves once what is being typed is read."""
    window.parts.conversation.when_settled(window.filing.save)


def _show_runs(window: "MainWindow", on: bool) -> None:
    """The table of runs, which belongs to the workspace of training."""
    if on:
        window.show_workspace("training")
    window.workspaces.set_shown("runs", on)


def _show_layers(window: "MainWindow") -> None:
    window.show_workspace("training")
    if (page := window.parts.run_page) is not None:
        page.show_view("layers")


def _try(window: "MainWindow", *names: Trial) -> None:
    window.running.try_first(*names)
