"""A source parsed even where it is broken: the statements that are no Python are left out, each with a remark."""

import ast
import re
import warnings

from nndesigner.script.reader.reading import Remark

_MOST_REPAIRS = 60
_DEEPEST = 150  # brackets within brackets; the parser of Python itself gives up at 200


def parsed(text: str) -> tuple[ast.Module, list[Remark]]:
    """The statements of a text, and a remark for each line that had to be left out. Numbers of lines stay."""
    remarks: list[Remark] = []
    if "\0" in text:
        remarks.append(Remark("this is no text: it holds null bytes", text.count("\n", 0, text.index("\0")) + 1))
        text = text.replace("\0", " ")
    lines = text.removeprefix("\ufeff").splitlines()
    if deep := _too_deep(lines):
        remarks.append(Remark("brackets are nested too deep; the rest is left out", deep))
        lines = lines[: deep - 1]
    for _ in range(_MOST_REPAIRS):
        try:
            return _tree(lines), remarks
        except SyntaxError as error:
            line = min(max(1, error.lineno or len(lines)), max(1, len(lines)))
            remarks.append(_repaired(lines, line, error))
        except (ValueError, RecursionError, MemoryError):
            break
    remarks.append(Remark("this is no Python that can be read"))
    return ast.Module([], []), remarks


def _tree(lines: list[str]) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse("\n".join(lines) + "\n")


def _too_deep(lines: list[str]) -> int:
    """The line in which brackets are nested deeper than is read, or 0. Strings and comments count as if they were code."""
    depth = 0
    for number, line in enumerate(lines, 1):
        for sign in re.findall(r"[()\[\]{}]", line):
            depth += 1 if sign in "([{" else -1
            if depth > _DEEPEST:
                return number
        depth = max(0, depth)
    return 0


def _repaired(lines: list[str], line: int, error: SyntaxError) -> Remark:
    """Leaves the statement of a line out, or what else is wrong there, and says so."""
    reason = (error.msg or "no Python").removesuffix(" (<unknown>, line 0)")
    where = re.search(r"on line (\d+)", reason)
    if isinstance(error, IndentationError) and reason.startswith("expected an indented block") and where:
        head = int(where[1])
        lines[head - 1 : head] = [_margin(lines[head - 1]) + "pass"]
        return Remark(f"{_words(reason)}; it is left out", head)
    first, last = _statement(lines, line)
    if not lines:
        lines.append("")
    shown = lines[line - 1].strip()[:60]
    if all(not one.strip() or one.strip() == "pass" for one in lines[first - 1 : last]):
        # Nothing left of the statement, and it is still wrong: what opens it goes too.
        first = last = _before(lines, first)
    margin = _margin(lines[first - 1])
    for number in range(first, last + 1):
        lines[number - 1] = ""
    lines[first - 1] = margin + "pass"
    what = f"{shown!r} is left out" if shown else "it is left out"
    return Remark(f"{_words(reason)}; {what}", line)


def _before(lines: list[str], first: int) -> int:
    for number in range(first - 1, 0, -1):
        if lines[number - 1].strip() not in ("", "pass"):
            return number
    return first


def _statement(lines: list[str], line: int) -> tuple[int, int]:
    """The lines of the statement a line belongs to, as far as brackets and indentation tell."""
    first = line
    while first > 1 and _open(lines[: first - 1]) > 0 and line - first < 400:
        first -= 1
    last, margin = line, len(_margin(lines[first - 1])) if lines else 0
    depth = _open(lines[first - 1 : last]) if lines else 0
    while depth > 0 and last < len(lines):
        following = lines[last]
        if following.strip() and len(_margin(following)) <= margin and not following.strip().startswith((")", "]", "}")):
            break  # the bracket was never closed
        last += 1
        depth = _open(lines[first - 1 : last])
    return first, last


def _open(lines: list[str]) -> int:
    """How many brackets are open after the statements these lines end with: counted back to a line that begins one."""
    depth = 0
    for line in lines:
        plain = re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", line)
        begins = re.match(r"\s*(def|class|return|if|for|self\.\w+ =|import|from|with)\b", plain)
        if begins:
            depth = 0
        depth = max(0, depth + len(re.findall(r"[(\[{]", plain)) - len(re.findall(r"[)\]}]", plain)))
    return depth


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _words(reason: str) -> str:
    if found := re.match(r"keyword argument repeated: (\w+)", reason):
        return f"{found[1]} is given twice"
    reason = reason.partition(". Perhaps")[0].partition(". Did")[0]
    return f"this is no Python ({reason})"
