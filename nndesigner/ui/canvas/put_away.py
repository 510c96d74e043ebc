"""Items of what was taken off the canvas last, kept so that undoing it lays them down again instead of making them anew."""

from nndesigner.graph import Edge, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.items import EdgeItem, NodeItem


class PutAway:
    """The items that the last change took away, and the project that they showed."""

    def __init__(self) -> None:
        self._shown: Project | None = None
        self._nodes: dict[str, NodeItem] = {}
        self._edges: dict[Edge, EdgeItem] = {}

    def begin(self, shown: Project) -> None:
        """Other items are taken away now, which show this project; those before are let go."""
        self._shown, self._nodes, self._edges = shown, {}, {}

    def put_node(self, item: NodeItem) -> None:
        """Keeps a card."""
        self._nodes[item.node.name] = item

    def put_edge(self, item: EdgeItem) -> None:
        """Keeps a wire."""
        self._edges[item.edge] = item

    def shows(self, project: Project) -> bool:
        """Whether the cards that are kept look right in this project as they are."""
        shown = self._shown
        return (
            shown is not None
            and shown.graph is project.graph
            and shown.blocks is project.blocks
            and shown.code is project.code
            and shown.data is project.data
        )

    def take_node(self, node: Node) -> NodeItem | None:
        """The card of just this node, at rest and not selected."""
        item = self._nodes.get(node.name)
        if item is None or item.node is not node:
            return None
        del self._nodes[node.name]
        item.hover(False)
        item.light(None)
        item.setSelected(False)
        return item

    def take_edge(self, edge: Edge) -> EdgeItem:
        """The item of a wire, kept or new."""
        item = self._edges.pop(edge, None)
        if item is None:
            return EdgeItem(edge)
        item.set_state("")
        item.setSelected(False)
        return item
