"""The params of a block, which its nodes use in expressions: made, changed, named and taken away."""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from nndesigner.blocks.places import block_named, everywhere, graph_at, uses
from nndesigner.catalogue.param import computed
from nndesigner.expression import Expression, ExpressionError
from nndesigner.graph import Block, Graph, GraphError, Value, check_name
from nndesigner.project import Project


def filled(value: Value, arguments: Mapping[str, Value]) -> Value:
    """A value with its expressions computed from `arguments`, as far as these are numbers themselves.

    Raises `GraphError` where one can't be computed.
    """
    match value:
        case Expression():
            known = {name: arguments[name] for name in value.names() if name in arguments}
            if len(known) == 1 and value.source() in known:
                return known[value.source()]
            try:
                if not any(isinstance(one, Expression) for one in known.values()):
                    return value.value(known)
                return Expression(_substituted(value.source(), known))
            except ExpressionError as error:
                raise GraphError(str(error)) from None
        case tuple():
            return tuple(filled(one, arguments) for one in value)
        case _:
            return value


def _substituted(source: str, known: Mapping[str, Value]) -> str:
    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            value = known.get(node.id)
            if value is None:
                return node
            return ast.parse(
                value.source() if isinstance(value, Expression) else str(value), mode="eval"
            ).body

    return ast.unparse(Put().visit(ast.parse(source, mode="eval")))


def names_in(value: Value) -> Iterable[str]:
    """The params that a value is computed from."""
    if isinstance(value, Expression):
        yield from value.names()
    elif isinstance(value, tuple):
        for one in value:
            yield from names_in(one)


def exposed(project: Project, block: str, node: str, param: str, name: str) -> Project:
    """With a node's param made one of its block's, called `name`, with the present value as the default."""
    holder = block_named(project, block)
    one = holder.graph.nodes.get(node)
    if one is None:
        raise GraphError(f"there is no node named {node!r} in {block}")
    kind = project.kind_of(one)
    value = one.params.get(param, kind.values({}).get(param) if kind else None)
    if computed(value):
        raise GraphError(f"{node}.{param} is computed from the params of {block} already")
    expression = Expression(check_name(name))
    try:
        same = expression.value({name: value}) == value
    except ExpressionError:
        same = False
    if not same:
        raise GraphError(
            f"only a whole number can be a param of a block, and {node}.{param} is {words(value)}"
        )
    grown = with_param(project, block, name, value)
    holder = grown.blocks[block]
    graph = holder.graph.replace_node(one.with_param(param, expression))
    return grown.with_block(replace(holder, graph=graph))


def with_param(project: Project, block: str, name: str, value: Value) -> Project:
    """With one more param of a block; raises `GraphError` for a name it has already."""
    holder = block_named(project, block)
    if name in holder.params:
        raise GraphError(f"{block} has a param {name!r} already; names are unique")
    return project.with_block(replace(holder, params={**holder.params, name: value}))


def with_default(project: Project, block: str, name: str, value: Value) -> Project:
    """With another default of a block's param, which changes every use that sets no value of its own."""
    holder = _with_known(project, block, name)
    return project.with_block(replace(holder, params={**holder.params, name: value}))


def withdrawn(project: Project, block: str, name: str) -> Project:
    """Without a param of a block: what was computed from it gets its default. Raises `GraphError` while a use sets
    another value.
    """
    holder = _with_known(project, block, name)
    default = holder.params[name]
    for path, use in uses(project, block):
        value = graph_at(project, path).nodes[use].params.get(name, default)
        if value != default:
            shown = value.text if isinstance(value, Expression) else words(value)
            raise GraphError(f"{use} sets {name} to {shown}; bring it back to {words(default)} first")
    params = {one: value for one, value in holder.params.items() if one != name}
    return _with_params_replaced(
        project, holder, params, {name: default}, lambda one: None if one == name else one
    )


def param_renamed(project: Project, block: str, old: str, new: str) -> Project:
    """With a param of a block called otherwise, in its expressions and its uses too."""
    holder = _with_known(project, block, old)
    if new == old:
        return project
    if new in holder.params:
        raise GraphError(f"{block} has a param {new!r} already; names are unique")
    params = {new if one == old else one: value for one, value in holder.params.items()}
    change = {old: Expression(check_name(new))}
    return _with_params_replaced(project, holder, params, change, lambda one: new if one == old else one)


def _with_known(project: Project, block: str, name: str) -> Block:
    holder = block_named(project, block)
    if name not in holder.params:
        raise GraphError(f"{block} has no param {name!r}")
    return holder


def _with_params_replaced(
    project: Project,
    block: Block,
    params: Mapping[str, Value],
    change: Mapping[str, Value],
    named: Callable[[str], str | None],
) -> Project:
    """With a block's params, the expressions in it, and the params its uses set all following a change."""
    kept: dict[str, Value] = {one: Expression(one) for one in params if one not in change}

    def within(graph: Graph) -> Graph:
        nodes = {
            name: replace(
                node, params={key: filled(value, {**kept, **change}) for key, value in node.params.items()}
            )
            if any(set(names_in(value)) & change.keys() for value in node.params.values())
            else node
            for name, node in graph.nodes.items()
        }
        return replace(graph, nodes=nodes)

    def at_uses(graph: Graph) -> Graph:
        if not any(node.kind == block.name for node in graph.nodes.values()):
            return graph
        nodes = {
            name: replace(
                node, params={new: value for key, value in node.params.items() if (new := named(key))}
            )
            if node.kind == block.name
            else node
            for name, node in graph.nodes.items()
        }
        return replace(graph, nodes=nodes)

    grown = project.with_block(replace(block, graph=within(block.graph), params=params))
    return everywhere(grown, at_uses)


def words(value: Value) -> str:
    """A value as people say it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case tuple():
            return " × ".join(map(str, value))
        case _:
            return str(value)
