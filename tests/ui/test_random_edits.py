"""Whatever is done in whatever order, the canvas shows the graph, and the history leads to the first project and the last."""

from edits import RandomEdits, settings_for
from hypothesis.stateful import run_state_machine_as_test

from nndesigner.ui import theme


def test_items_always_equal_the_graph_and_the_history_leads_to_both_ends(qapp, own_folders):
    theme.apply(qapp, theme.LIGHT)
    before = RandomEdits.count

    run_state_machine_as_test(RandomEdits, settings=settings_for(600, steps=50))

    assert RandomEdits.count > before
