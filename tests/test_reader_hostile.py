"""Sources that would do harm if they were run, or hang or swell whoever reads them: none is run, each is answered."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nndesigner import child
from nndesigner.__main__ import main
from nndesigner.script.reader.reading import LONGEST, Reading, ReadingError, Source, read_apart, read_file
from tests.sampling import sampled

pytestmark = pytest.mark.usefixtures("young_heap")

SECONDS = 20.0
GROWTH = 200 * 2**20  # bytes

NET = """
import torch
from torch import nn
import torch.nn.functional as F

{above}
class Net({bases}):
    {body}
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        {inside}

    def forward(self, x{argument}):
        {before}
        return self.fc(x)
{below}
"""
TOUCH = "__import__('pathlib').Path({marker!r}).touch()"


def network(
    above: str = "",
    *,
    bases: str = "nn.Module",
    body: str = "",
    inside: str = "",
    argument: str = "",
    before: str = "",
    below: str = "",
) -> str:
    """A small network with something in one of its places; where it says TOUCH, a file would be written."""

    def indented(lines: str, depth: int) -> str:
        return lines.replace("\n", "\n" + " " * depth)

    return NET.format(
        above=above,
        bases=bases,
        body=indented(body, 4) or "pass",
        inside=indented(inside, 8) or "pass",
        argument=argument,
        before=indented(before, 8) or "pass",
        below=below,
    )


# What would write a file if anything of it were run. In all of them the layer `fc` is plain to see.
RUNNING = {
    "at the level of the module": network("TOUCH"),
    "at the level of the module, before everything": "TOUCH\n" + network(),
    "under the main guard": network(below="if __name__ == '__main__':\n    TOUCH"),
    "in a branch that holds": network("if True:\n    TOUCH"),
    "in a default argument": network(argument=", y=TOUCH"),
    "in a default argument of a function": network("def helper(x=TOUCH):\n    return x"),
    "in a default argument by name": network("def helper(*, x=TOUCH):\n    return x"),
    "in the default argument of a lambda": network("helper = lambda x=TOUCH: x"),
    "in a decorator of a function": network("@(lambda f: TOUCH)\ndef helper():\n    pass"),
    "in a decorator of the class": network("def bad(c):\n    TOUCH\n    return c\n\n@bad"),
    "in a decorator with arguments": network("@print(TOUCH)"),
    "in a decorator of forward": network(body="@(lambda f: (TOUCH, f)[1])\ndef helper(self):\n    pass"),
    "in the body of the class": network(body="TOUCH"),
    "in a value of the class": network(body="value = TOUCH"),
    "in an annotated value of the class": network(body="value: TOUCH = TOUCH"),
    "in a loop in the body of the class": network(body="for i in range(3):\n    TOUCH"),
    "in the bases of the class": network(bases="nn.Module, (TOUCH, object)[1]"),
    "in a metaclass": network(
        "class Meta(type):\n    def __new__(cls, *a, **k):\n        TOUCH\n        return type.__new__(cls, *a, **k)",
        bases="nn.Module, metaclass=Meta",
    ),
    "in the argument of a metaclass": network(bases="nn.Module, metaclass=(TOUCH, type)[1]"),
    "in another argument of the class": network(bases="nn.Module, flag=TOUCH"),
    "in __prepare__": network(
        "class Meta(type):\n    @classmethod\n    def __prepare__(cls, *a):\n        TOUCH\n        return {}",
        bases="nn.Module, metaclass=Meta",
    ),
    "in __init_subclass__": network(
        "class Early(nn.Module):\n    def __init_subclass__(cls, **k):\n        TOUCH", bases="Early"
    ),
    "in __set_name__": network(
        "class Field:\n    def __set_name__(self, owner, name):\n        TOUCH", body="field = Field()"
    ),
    "in __class_getitem__": network("class Box:\n    def __class_getitem__(cls, i):\n        TOUCH\nBox[1]"),
    "in __getattr__ of the module": network("def __getattr__(name):\n    TOUCH"),
    "in __del__": network(
        "class Late:\n    def __del__(self):\n        TOUCH\n\nlate = Late()\ndel late\nlate = None"
    ),
    "in __repr__ of what a remark may show": network(
        "class Loud:\n    def __repr__(self):\n        TOUCH\n        return ''\n    __str__ = __repr__",
        inside="nn.Linear(Loud(), 2)\nraise ValueError(f'{Loud()!r}')",
    ),
    "in __eq__ and __hash__": network(
        "class Same:\n    def __eq__(self, o):\n        TOUCH\n    def __hash__(self):\n        TOUCH\n        return 1",
        inside="self.known = {Same(): 1, Same(): 2}\nself.yes = Same() == 1 and 1 in [Same()]",
    ),
    "in an annotation": network("value: TOUCH = 1\n\ndef helper(x: TOUCH) -> TOUCH:\n    return x"),
    "in an annotation as a text": network("import typing\ndef helper(x: 'TOUCH'):\n    pass\ntyping.get_type_hints(helper)"),
    "in an f-string": network("value = f'{TOUCH}'".replace("'", '"')),
    "in the format of an f-string": network('value = f"{1:{TOUCH}}"'),
    "in a walrus": network("if (value := TOUCH):\n    pass"),
    "in a comprehension": network("value = [TOUCH for _ in range(3)]"),
    "in the condition of a comprehension": network("value = {i: i for i in range(3) if TOUCH}"),
    "in a generator": network("value = list(TOUCH for _ in range(3))"),
    "in a slice": network("value = [1, 2, 3][TOUCH or 0:]"),
    "in an assertion": network("assert TOUCH, TOUCH"),
    "in an exception": network("try:\n    raise ValueError\nexcept (TOUCH, ValueError)[1]:\n    TOUCH\nfinally:\n    TOUCH"),
    "in a with": network("with open(TOUCH) as file:\n    TOUCH"),
    "in a match": network("match 1:\n    case x if TOUCH:\n        TOUCH"),
    "in a del": network("values = [1]\ndel values[TOUCH or 0]"),
    "in a star": network("print(*[TOUCH], **{'end': TOUCH})"),
    "in the constructor": network(inside="TOUCH"),
    "in the size of a layer": network(inside="self.other = nn.Linear(TOUCH or 4, 2)"),
    "in forward": network(before="TOUCH"),
    "behind a return": network("def helper():\n    return 1\n    TOUCH\nhelper()"),
    "through exec": network('exec("TOUCH")'),
    "through eval": network('eval("TOUCH")'),
    "through compile": network('exec(compile("TOUCH", "name", "exec"))'),
    "through a renamed eval": network('e = eval\nb = __builtins__\ne("TOUCH")\nb.eval("TOUCH")\nb["eval"]("TOUCH")'),
    "through getattr": network('getattr(__builtins__, "ev" + "al")("TOUCH")'),
    "through globals": network('globals()["__builtins__"]["eval"]("TOUCH")\nvars()["x"] = TOUCH'),
    "through the name of an import": network("import os\nos.system('touch MARKER')\nos.popen('touch MARKER').read()"),
    "through subprocess": network("import subprocess\nsubprocess.run(['touch', 'MARKER'])\nsubprocess.getoutput('touch MARKER')"),
    "through ctypes": network("import ctypes\nctypes.CDLL(None).system(b'touch MARKER')"),
    "through a pickle": network(
        "import pickle\npickle.loads(b\"cposix\\nsystem\\n(S'touch MARKER'\\ntR.\")",
        inside="self.load_state_dict(torch.load('MARKER'))",
    ),
    "through torch": network(
        "torch.save({}, 'MARKER')\ntorch.hub.load('MARKER', 'x')\ntorch.os.system('touch MARKER')\n"
        "torch.utils.cpp_extension.load('x', ['MARKER'])\ntorch.jit.script(TOUCH)\ntorch._C._jit_init()\n"
        "torch.ops.load_library('MARKER')\ntorch.storage.pickle.loads(b'')\ntorch.sys.modules['os'].system('touch MARKER')",
        inside="torch.save(self, 'MARKER')",
        before="torch.save(x, 'MARKER')\nx = torch.from_file('MARKER', True, 4)",
    ),
    "through a method of a tensor": network(before="x.apply_(lambda v: TOUCH)\nx.numpy().tofile('MARKER')\nx.map_(x, print)"),
    "through a hook": network(inside="self.register_forward_hook(lambda *a: TOUCH)\nself.fc.apply(lambda m: TOUCH)"),
    "through numpy": network("import numpy as np\nnp.save('MARKER', [1])\nnp.load('MARKER', allow_pickle=True)"),
    "through warnings and logging": network(
        "import logging, warnings\nlogging.FileHandler('MARKER')\nlogging.config.dictConfig({'()': 'os.system'})"
    ),
    "through known libraries": network(
        "import math, functools, itertools, collections, copy, operator, types, typing, dataclasses\n"
        "functools.reduce(lambda a, b: TOUCH, [1, 2])\nfunctools.partial(open, 'MARKER', 'w')()\n"
        "operator.methodcaller('touch')(1)\noperator.attrgetter('__class__')(1)\n"
        "collections.namedtuple('N', 'a\\nb')\ntyping.get_type_hints(1)\nmath.__loader__\n"
        "collections._sys.modules\nfunctools.__builtins__['eval']('TOUCH')\ncopy.copyreg.pickle\n"
        "sorted([1, 2], key=lambda a: TOUCH)\nlist(map(lambda a: TOUCH, [1]))\nlist(filter(lambda a: TOUCH, [1]))"
    ),
    "through the walk over dunder names": network(
        "().__class__.__base__.__subclasses__()\n"
        "[c for c in ().__class__.__mro__[1].__subclasses__() if c.__name__ == 'Popen'][0](['touch', 'MARKER'])\n"
        "(lambda: 0).__globals__['__builtins__']['eval']('TOUCH')\nprint.__self__.eval('TOUCH')\n"
        "nn.Module.__init__.__globals__['os'].system('touch MARKER')\n(1).__class__.__class__('X', (), {})\n"
        "''.__class__.__base__.__subclasses__",
        inside="self.__class__.__init__.__globals__['os'].system('touch MARKER')\nself.fc.__reduce__()\n"
        "self.__dict__['x'] = 1\nself.__class__ = int\nself.forward.__func__.__code__ = None",
        before="x.__class__.__base__.__subclasses__()\nx.__reduce__()\nx.__class__.__init__.__globals__",
    ),
    "through the format of a text": network(
        "'{0.__class__.__base__.__subclasses__}'.format(1)\n'{0.__init__.__globals__[os]}'.format(nn.Module)\n"
        "'%(a)s' % {'a': TOUCH}\n'{x.__class__}'.format_map({'x': 1})\nstr.format('{0.__class__}', 1)\n"
        "format(1, '{0.__class__}')",
        inside="name = '{0.fc.__class__.__init__.__globals__}'.format(self)\nself.add_module(name, nn.ReLU())",
    ),
    "through a name that is a layer's": network(
        inside="self.add_module('x = TOUCH', nn.ReLU())\nsetattr(self, 'a\\nTOUCH', nn.ReLU())\n"
        "self.d = nn.ModuleDict({'__class__': nn.ReLU(), 'TOUCH': nn.ReLU()})",
        before="x = getattr(self, 'x = TOUCH')(x)\nx = self.d['TOUCH'](x)\nx = self.d['__class__'](x)",
    ),
    "through type": network("Made = type('Made', (nn.Module,), {'x': TOUCH})\ntype(1)\ntype('A', (), {})()"),
    "in a layout behind the script": network(below='# nndesigner layout: {"x": "TOUCH"}\n# nndesigner: TOUCH\n# {{TOUCH}}'),
}  # fmt: skip

# What would swell, hang or confuse a reader. In these, too, `fc` is plain to see.
SWELLING = {
    "a tower of powers": network("value = 9**9**9**9", inside="self.a = nn.Linear(9**9**9, 2)"),
    "powers in small steps": network("value = 2\nfor _ in range(10000):\n    value = value * value"),
    "a power of a float": network("value = 1e308**1e308\nother = (-1.5)**0.5\nthird = 0.0**-1"),
    "pow with three": network("value = pow(3, 10**9, 10**9 + 7)\nother = pow(9, 9**9)\nthird = pow(7, -1, 0)"),
    "a shift": network("value = 1 << 10**12\nother = 1 << (1 << 40)\nthird = 1 >> -1"),
    "a long text": network("value = 'a' * 10**10", inside="self.add_module('a' * 10**10, nn.ReLU())"),
    "a text that doubles": network("value = 'a'\nfor _ in range(100):\n    value = value + value"),
    "a text that is joined": network("value = ('x' * 90000).join(['y'] * 90000)\nother = 'a'.replace('', 'b' * 90000) * 9"),
    "a text that is filled": network("value = 'a'.ljust(10**10)\nother = 'a'.zfill(10**10)\nthird = 'a\\t'.expandtabs(10**10)\nfourth = 'a'.center(10**10)"),
    "a text with a width": network("value = f'{1:>10000000000}'\nother = '%10000000000d' % 1\nthird = '{:>10000000000}'.format(1)\nfourth = '{0:{1}}'.format(1, 10**10)\nfifth = '%*d' % (10**10, 1)\nsixth = format(1, '>10000000000')\nseventh = f'{1.0:.999999999f}'"),
    "a list of zeros": network("value = [0] * 10**10\nother = (0,) * 10**10", inside="self.a = [nn.ReLU()] * 10**10"),
    "a list of lists": network("value = [[0] * 90000] * 90000\nflat = sum(value, [])\nother = [x for y in value for x in y]"),
    "a list in itself": network("value = []\nvalue.append(value)\nother = {}\nother['a'] = other\nthird = value == value\nfourth = str(value)\nfor _ in range(99):\n    value += value", inside="self.a = nn.Sequential(*value)\nself.b = nn.ModuleList(value)"),
    "a list that doubles": network("value = [0]\nwhile True:\n    value = value + value"),
    "a list that grows under a loop": network("value = [0]\nfor one in value:\n    value.append(one)"),
    "a list that grows by itself": network("value = [0]\nfor _ in range(100):\n    value.extend(value)\n    value += value\n    value *= 2\n    value[len(value):] = value"),
    "nested lists that double": network("value = [0]\nfor _ in range(200):\n    value = [value, value]", inside="self.a = nn.Linear(value, 2)\nself.b = nn.Conv2d(1, 1, value)\nself.c = nn.Sequential(value)\nself.value = value\nprint(str(value), value == value, value == [value])\nvalue2 = copy.deepcopy(value)", below="import copy"),
    "nested tuples that double": network("value = (0,)\nfor _ in range(200):\n    value = (value, value)\nother = {value: 1}\nthird = value in {value: 1}\nfourth = value < value", inside="self.a = nn.Conv2d(1, 1, value)\nself.b = torch.zeros(value)\nself.c = nn.LayerNorm(value)", argument=", y=None", before="x = x.view(value)\nx = x.reshape(*value)\nx = x[value]\nx = torch.cat(value)"),
    "a dict that doubles": network("value = {0: 0}\nfor i in range(100):\n    value = {**value, **{(i, k): k for k in value}}"),
    "a long range": network("for i in range(10**12):\n    pass\nvalue = list(range(10**12))\nother = sum(range(10**12))\nthird = 10**13 in range(10**12)\nfourth = tuple(range(-10**30, 10**30))\nfifth = len(range(10**30))\nsixth = sorted(range(10**12))\nseventh = max(range(10**12))\neighth = list(reversed(range(10**12)))\nninth = list(zip(range(10**12), range(10**12)))\ntenth = list(enumerate(range(10**12)))", inside="self.a = nn.Sequential(*[nn.ReLU() for _ in range(10**12)])"),
    "products of ranges": network("import itertools\nvalue = list(itertools.product(range(1000), repeat=10))\nother = list(itertools.permutations(range(100)))\nthird = list(itertools.chain(*[range(90000)] * 90000))\nfourth = list(itertools.repeat(1))\nfifth = next(itertools.count())\nsixth = list(itertools.accumulate(range(10**12)))\nseventh = list(itertools.islice(itertools.count(), 10**12))"),
    "nested comprehensions": network("value = [[[[[[[[1 for a in range(99)] for b in range(99)] for c in range(99)] for d in range(99)] for e in range(99)] for f in range(99)] for g in range(99)] for h in range(99)]"),
    "one comprehension of many loops": network("value = [1 for a in range(999) for b in range(999) for c in range(999) for d in range(999) if False]"),
    "nested loops": network("for a in range(9999):\n    for b in range(9999):\n        for c in range(9999):\n            pass"),
    "an endless loop": network("while True:\n    pass"),
    "an endless loop that grows": network("value = 1\nwhile value:\n    value += 1"),
    "an endless loop in the constructor": network(inside="while True:\n    self.a = nn.Linear(4, 4)"),
    "an endless loop in forward": network(before="while True:\n    x = self.fc(x)"),
    "an endless loop with continue": network("while True:\n    try:\n        continue\n    finally:\n        pass"),
    "an endless recursion": network("def helper(n):\n    return helper(n + 1)\nhelper(0)", inside="helper(0)"),
    "an endless recursion of two": network("def a():\n    return b()\ndef b():\n    return a()\na()", inside="a()"),
    "a recursion that branches": network("def helper(n):\n    return helper(n - 1) + helper(n - 1) if n else 1\nhelper(50)", inside="self.n = helper(40)"),
    "a recursion of lambdas": network("f = lambda f: f(f)\nf(f)\ny = (lambda x: x(x))(lambda x: x(x))"),
    "a property of itself": network(body="@property\ndef size(self):\n    return self.size + self.size", inside="self.size"),
    "a network inside itself": network(inside="self.again = Net()\nself.fc = nn.Linear(4, 2)"),
    "a layer inside itself": network(inside="self.own = self\nself.list = nn.ModuleList([self])\nself.s = nn.Sequential(self)\nself.s.append(self.s)", before="x = self.s(x)"),
    "an Ackermann function": network("def a(m, n):\n    return n + 1 if m == 0 else a(m - 1, 1) if n == 0 else a(m - 1, a(m, n - 1))\na(4, 4)"),
    "an endless generator": network("def g():\n    while True:\n        yield 1\nvalue = list(g())\nother = sum(g())", inside="self.a = nn.Sequential(*g())"),
    "an endless iterator": network("value = list(iter(lambda: 1, 2))\nother = list(iter(int, 1))\nthird = dict(iter(lambda: (1, 2), 3))"),
    "a class that is its own base": network("class A(nn.Module):\n    pass\nclass A(A):\n    pass\nA.__bases__ = (A,)\nclass B(C):\n    pass\nclass C(B):\n    pass"),
    "an alias of itself": network("x = x\nself = self\nnn = nn\nNet = None"),
    "a large integer": network("value = 0x" + "f" * 100_000 + "\nother = " + "9" * 4000 + "\nvalue = value * value * value", inside="self.a = nn.Linear(10**4000, 2)\nself.b = nn.Linear(4, 10**18)\nself.c = nn.Conv2d(10**9, 10**9, 10**9)\nself.d = nn.Embedding(2**63, 2**63)\nself.p = nn.Parameter(torch.zeros(10**9, 10**9))"),
    "layers of enormous size": network(inside="self.a = nn.Linear(4, 2**40)\nself.b = nn.Linear(2**40, 2**40)\nself.c = nn.Linear(2**40, 4)\nself.d = nn.Conv2d(2**31, 2**31, 2**31)\nself.e = nn.LSTM(2**30, 2**30, num_layers=2**20)\nself.t = nn.Transformer(2**20, 2**10, 2**20, 2**20)\nself.u = nn.TransformerEncoder(nn.TransformerEncoderLayer(2**20, 4), 2**40)", before="x = self.c(self.b(self.a(x)))"),
    "tensors of enormous size": network(inside="self.register_buffer('a', torch.zeros(2**20, 2**20, 2**20))\nself.b = torch.arange(10**15)\nself.c = nn.Parameter(torch.randn(10**6, 10**6))\nself.d = torch.linspace(0, 1, 10**15)", before="x = x + torch.zeros(2**40)\nx = x.repeat(2**20, 2**20)\nx = x.expand(2**40, 4)\nx = F.pad(x, (2**40, 2**40))\nx = F.one_hot(x.long(), 2**40)\nx = F.interpolate(x, scale_factor=1e9)\nx = torch.cat([x] * 90000)\nx = torch.stack([x] * 10**10)"),
    "numbers that are none": network("value = float('nan')\nother = float('inf')\nthird = int(float('inf'))\nfourth = round(float('nan'))\nfifth = int('9' * 90000)\nsixth = 1e999\nseventh = int('1' * 10**6, 36)\neighth = -(-1e999 % 1)\nninth = divmod(1e308, 1e-308)\ntenth = 5 // 1e-320\neleventh = complex(1, 1)\ntwelfth = 1j", inside="self.a = nn.Dropout(float('nan'))\nself.b = nn.Linear(int(1e300), 2)\nself.c = nn.Dropout(1e999)\nself.d = nn.Linear(float('inf'), 2)\nself.e = nn.BatchNorm1d(4, eps=float('nan'), momentum=-1e999)", before="x = self.e(x)"),
    "a sum of a thousand terms": network("value = " + " + ".join(["1"] * 3000)),
    "a chain of ten thousand calls": network(before="x = x" + ".relu()" * 10_000),
    "a chain of many attributes": network("value = nn" + ".a" * 3000),
    "a chain of many subscripts": network("value = [0]\nother = value" + "[0]" * 3000),
    "many brackets": network("value = " + "(" * 5000 + "1" + ")" * 5000),
    "many lists": network("value = " + "[" * 150 + "]" * 150 + "\nother = " + "[" * 5000),
    "many signs": network("value = " + "-" * 5000 + "1\nother = " + "not " * 5000 + "1\nthird = " + "~" * 5000 + "1"),
    "many lambdas": network("value = " + "lambda: " * 3000 + "1"),
    "many awaits and stars": network("value = " + "await " * 500 + "1\nother = [" + "*" * 500 + "a]"),
    "many conditions": network("value = " + "1 if 0 else " * 3000 + "1"),
    "many comparisons": network("value = " + " < ".join(["1"] * 3000) + "\nother = " + " and ".join(["1"] * 3000)),
    "many ifs": network("\n".join(" " * depth + "if True:" for depth in range(95)) + "\n" + " " * 95 + "pass"),
    "more ifs than Python has": network("\n".join(" " * depth + "if True:" for depth in range(1000)) + "\n" + " " * 1000 + "pass"),
    "many elifs": network("if 0:\n    pass\n" + "elif 0:\n    pass\n" * 3000),
    "many functions in functions": network("\n".join(" " * depth + f"def f{depth}():" for depth in range(90)) + "\n" + " " * 90 + "pass"),
    "many classes in classes": network("\n".join(" " * depth + f"class C{depth}(nn.Module):" for depth in range(90)) + "\n" + " " * 90 + "pass"),
    "many nested f-strings": network("value = " + "f'{" * 100 + "1" + "}'" * 100),
    "many arguments": network("def helper(" + ", ".join(f"a{i}" for i in range(5000)) + "):\n    pass\nhelper(" + ", ".join(["1"] * 5000) + ")"),
    "many names": network("\n".join(f"v{i} = {i}" for i in range(50_000))),
    "many classes": network("\n".join(f"class C{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.x = C{i - 1}() if {i} else nn.ReLU()\n    def forward(self, x):\n        return self.x(x)" for i in range(2000))),
    "a long line of bases": network("class A0(nn.Module):\n    pass\n" + "".join(f"class A{i}(A{i - 1}):\n    pass\n" for i in range(1, 3000)), bases="A2999"),
    "many remarks": network("\n".join(f"unknown_{i}(1)" for i in range(20_000)), inside="\n".join(f"self.a{i} = unknown()" for i in range(5000))),
    "many broken lines": network("\n".join(f"value {i} = = (" for i in range(3000))),
    "a long name": network(f"{'a' * 100_000} = 1\nb = {'c' * 100_000}\nd.{'e' * 100_000}", inside=f"self.{'f' * 100_000} = nn.ReLU()\nself.{'g' * 90_000}.h()", before=f"x = self.{'f' * 100_000}(x)\nx = x.{'i' * 90_000}()\nx = F.{'j' * 90_000}(x)\nraise {'k' * 90_000}"),
    "a long text in a message": network("raise ValueError('" + "x" * 100_000 + "')\nimport " + "m" * 90_000, inside="raise ValueError('" + "x" * 100_000 + "\\n' * 99)"),
    "a long line": network("value = [" + "1, " * 200_000 + "]"),
    "a long comment": network("#" + "x" * 500_000),
    "a long docstring": network('"""' + "x\n" * 200_000 + '"""'),
    "many empty lines": network("\n" * 900_000),
    "many spaces": network("value = 1" + " " * 900_000 + "; \t"),
    "many semicolons": network("value = 1;" * 30_000),
    "form feeds and other ends of lines": network("value = 1\x0c\x0b\x1c\x1d\x1e\x85\u2028\u2029value = 2\r\r\n\x0c"),
    "continued lines": network("value = 1 + \\\n" * 20_000 + "1"),
    "tabs and spaces mixed": network("if True:\n\tvalue = 1\n        other = 2\n \tthird = 3"),
    "letters that turn the direction": network("value\u202e = 1\naccess = 'user\u202e \u2066# admin\u2069 \u2066'\n\u05d0\u05d1 = 1", inside="self.\u05d0\u05d1 = nn.ReLU()\nself.add_module('\u202eevil\u2066', nn.ReLU())", before="x = self.\u05d0\u05d1(x)\nx = getattr(self, '\u202eevil\u2066')(x)"),
    "letters that look alike": network("\uff45\uff56\uff41\uff4c('TOUCH')\n\u1d07val = 1\n\ufb01 = 2", inside="self.\uff46\uff43 = nn.Linear(4, 2)\nself.\u212b = nn.ReLU()", before="x = self.\u00c5(x)"),
    "zero-width letters": network("va\u200blue = 1\nself\u200d.x = 2\n\ufeff\ufeffx = 3\nx\u00a0=\u00a04"),
    "signs beyond the plane": network("value = '\U0001f600' * 1000\n\U0001d4d0 = 1", inside="self.\U0001d4d0 = nn.ReLU()\nself.add_module('\U0001f600', nn.ReLU())", before="x = self.A(x)"),
    "halves of letters": network("value = '\\ud800'\nother = '\\udfff' + '\\ud83d'", inside="self.add_module('\\ud800', nn.ReLU())\nself.b = nn.ReLU(name='\\ud800')\nraise ValueError('\\ud800')"),
    "names with a dunder": network(inside="self.__fc = nn.ReLU()\nself.__class__.x = 1\nself.__init__ = nn.ReLU()\nself.forward_ = nn.ReLU()\nself.__doc__ = nn.ReLU()\nself.training = nn.ReLU()\nself.None_ = nn.ReLU()\nself._modules['a b'] = nn.ReLU()\nsetattr(self, 'class', nn.ReLU())\nsetattr(self, '', nn.ReLU())\nsetattr(self, '1', nn.ReLU())"),
}  # fmt: skip

# What needs not leave anything to be read: an answer is enough.
HOPELESS = {
    "nothing": "",
    "spaces": " \n\t\n",
    "a null byte": "import torch\0\nTOUCH",
    "null bytes": "\0" * 100_000,
    "a null byte in a text": network("value = 'a\0b'"),
    "half a letter": "import torch\nx = '\ud800'\n\udc00 = 1",
    "noise": "".join(chr(33 + (i * i * 31 + i // 7) % 90) for i in range(50_000)),
    "letters of every kind": "".join(map(chr, range(1, 0x3000))),
    "brackets and nothing else": "([{" * 100_000,
    "brackets that only close": ")]}" * 100_000,
    "quotes and nothing else": "'\"" * 100_000,
    "backslashes": "\\\n" * 100_000,
    "a colon in each line": "if x:\n" * 50_000,
    "a class in each line": "class A(nn.Module):\n" * 20_000,
    "a deepening margin": "\n".join(" " * depth + "x" for depth in range(1000)),
    "another language": "#include <stdio.h>\nint main(void) { system(\"touch MARKER\"); return 0; }\n" * 100,
    "a shell script": "#!/bin/sh\ntouch MARKER\n",
    "HTML": "<html><script>alert(1)</script><!-- " + "<div>" * 10_000,
    "Python 2": "print 'a'\nexec 'TOUCH'\nraise E, 'x'\n",
    "no network": "def f(x):\n    return x\n",
    "a network of another library": "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(2)])\n",
    "a text as long as is read": "x = 1\n" * (LONGEST // 6),
    "ten million letters": "import torch\n" + "x = 1\n" * 1_700_000,
    "ten million letters in a line": "x" * 10_000_000,
    "a million layers": network(inside="self.many = nn.ModuleList([nn.Linear(4, 4) for _ in range(1000000)])"),
    "a million layers one by one": network(inside="self.many = nn.ModuleList()\nfor i in range(1000):\n    for j in range(1000):\n        self.many.append(nn.Linear(4, 4))"),
    "many layers": network(inside="self.many = nn.ModuleList([nn.Linear(4, 4) for _ in range(15000)])", before="for one in self.many:\n    x = one(x)"),
    "many operations": network(before="for i in range(19000):\n    x = x + 1"),
    "blocks in blocks by powers": "import torch\nfrom torch import nn\n" + "".join(
        f"class B{depth}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        + ("        self.fc = nn.Linear(4, 4)\n" if not depth else "".join(f"        self.b{i} = B{depth - 1}()\n" for i in range(8)))
        + "    def forward(self, x):\n"
        + ("        return self.fc(x)\n" if not depth else "        return " + "".join(f"self.b{i}(" for i in range(8)) + "x" + ")" * 8 + "\n")
        for depth in range(12)
    ),
    "one block called by powers": "import torch\nfrom torch import nn\n" + "".join(
        f"class B{depth}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.b = {'nn.Linear(4, 4)' if not depth else f'B{depth - 1}()'}\n"
        "    def forward(self, x):\n        return self.b(self.b(x))\n"
        for depth in range(40)
    ),
    "lists of layers by powers": network(inside="layers = [nn.Linear(4, 4)]\nfor _ in range(60):\n    layers = layers + layers\nself.many = nn.Sequential(*layers)", before="x = self.many(x)"),
    "containers by powers": network(inside="s = nn.Sequential(nn.Linear(4, 4))\nfor _ in range(60):\n    s = nn.Sequential(s, s)\nself.s = s", before="x = self.s(x)"),
    "copies by powers": "import copy\n" + network(inside="s = nn.Sequential(nn.Linear(4, 4))\nfor _ in range(60):\n    s = nn.Sequential(copy.deepcopy(s), copy.deepcopy(s))\nself.s = s", before="x = self.s(x)"),
    "children by powers": network(inside="s = nn.Sequential(nn.Linear(4, 4))\nfor _ in range(60):\n    s = nn.Sequential(s, s)\nself.s = s\ns.requires_grad_(False)\nfor p in s.parameters():\n    p.requires_grad = False\nself.n = sum(p.numel() for p in self.parameters())\nfor m in self.modules():\n    pass\nfor n, m in self.named_modules():\n    print(n)"),
    "results by powers": network(before="y = (x, x)\nfor _ in range(60):\n    y = (y, y)\nreturn y"),
    "a deep network": "import torch\nfrom torch import nn\n" + "".join(
        f"class B{depth}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.b = {'nn.Linear(4, 4)' if not depth else f'B{depth - 1}()'}\n"
        "    def forward(self, x):\n        return self.b(x)\n"
        for depth in range(500)
    ),
}  # fmt: skip


def written(text: str, marker: Path) -> str:
    """A source with what would write the file `marker` put in."""
    return text.replace("TOUCH", TOUCH.format(marker=str(marker))).replace("MARKER", str(marker))


def answer(ask: Callable[[], Reading]) -> Reading | ReadingError:
    """What is answered; sees to it that it comes in time, is fit to be shown, and leaves this process as it was."""
    child.ask(
        os.getpid
    )  # it stands ready, as in the program: how long Python takes to start is not what is measured
    before, began = _memory(), time.monotonic()
    try:
        found: Reading | ReadingError = ask()
    except ReadingError as error:
        found = error
    seconds, after = time.monotonic() - began, _memory()
    assert seconds < SECONDS
    if before is not None and after is not None:
        assert after - before < GROWTH
    shown = [str(found)] if isinstance(found, ReadingError) else [one.message for one in found.remarks]
    for sentence in shown:
        assert sentence and len(sentence) <= 400, sentence[:1000]
        assert "fault of this program" not in sentence, sentence
        assert sentence.isprintable(), repr(sentence)
    return found


def _memory() -> int | None:
    """The bytes of memory this process has, where the system tells."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def lines_fit(found: Reading, text: str) -> bool:
    """Whether each remark names a line there is."""
    return all(0 <= one.line <= text.count("\n") + 1 for one in found.remarks)


@pytest.mark.parametrize("name", sampled(list(RUNNING), 20))
def test_nothing_of_a_source_is_run(name: str, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    text = written(RUNNING[name], marker)

    found = answer(lambda: read_apart(Source(text, inputs=((1, 4),))))

    assert not marker.exists()
    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes
    assert lines_fit(found, text)


# What the limits of the process stop; all else that swells is left out, and the rest of the source read.
STOPPED = frozenset(
    [
        "nested lists that double",
        "nested tuples that double",
        "products of ranges",
        "tensors of enormous size",
    ]
)


@pytest.mark.parametrize("name", sampled(list(SWELLING), 20))
def test_what_swells_or_hangs_is_left_or_stopped(name: str, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    text = written(SWELLING[name], marker)

    found = answer(lambda: read_apart(Source(text, inputs=((1, 4),))))

    assert not marker.exists()
    if name in STOPPED and isinstance(found, ReadingError):
        assert "could not be read: it " in str(found)
        return
    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes
    assert lines_fit(found, text)


@pytest.mark.parametrize("name", sampled(list(HOPELESS), 10))
def test_what_is_hopeless_is_answered(name: str, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    text = written(HOPELESS[name], marker)

    found = answer(lambda: read_apart(Source(text, inputs=((1, 4),))))

    assert not marker.exists()
    assert isinstance(found, ReadingError) or lines_fit(found, text)


def test_these_sources_would_write_a_file_if_they_were_run(tmp_path: Path) -> None:
    for name in (
        "at the level of the module",
        "in a decorator of a function",
        "in the argument of a metaclass",
    ):
        marker = tmp_path / re.sub(r"\W", "_", name)

        subprocess.run(
            [sys.executable, "-c", written(RUNNING[name], marker)], check=False, capture_output=True
        )

        assert marker.exists()


# Files.


def test_a_pipe_or_a_folder_or_a_device_is_no_source(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, Path("/dev/zero")):
        assert isinstance(answer(lambda path=path: read_file(path)), ReadingError)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.py")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = 1\ny = '\xff'\n", "line 2"),
        (b"# -*- coding: rot13 -*-\nk = 1\n", "rot13"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\nx = 1\n", "utf-7"),
        (b"# coding: " + b"z" * 1500 + b"\n", "is not read"),
        (b"# coding: unicode_escape\nx = 1\n", "unicode-escape"),
        (b"# coding: ascii\nx = '\xc3\xa4'\n", "ASCII"),
        ("x = 1\n".encode("utf-16"), "UTF-16"),
        (b"x = 1\n" * 1_000_000, "longer"),
        ("ä".encode() * 1_500_000, "longer"),
        (b"\xf0\x9f" * 1000, "line 1"),
    ],
)  # fmt: skip
def test_a_file_in_no_known_encoding_or_too_long_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(data)

    found = answer(lambda: read_file(path))

    assert isinstance(found, ReadingError)
    assert words in str(found)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"# -*- coding: latin-1 -*-\n", "latin-1"),
        (b"#!/usr/bin/env python\n# -*- coding: cp1252 -*-\r\n", "cp1252"),
        (b"\xef\xbb\xbf# coding: utf-8\n", "utf-8"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_declares(tmp_path: Path, head: bytes, encoding: str) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(head + network(inside="self.größe = nn.Linear(2, 3)", before="y = self.größe(self.fc(x))\nreturn y").encode(encoding))  # fmt: skip

    found = answer(lambda: read_file(path, inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert [node.kind for node in found.project.graph.nodes.values()].count("Linear") == 2


# Modules beside the file.

PART = "from torch import nn\n\nclass Part(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.inner = nn.Linear(2, 3)\n\n    def forward(self, x):\n        return self.inner(x)\n"


def with_part(line: str) -> str:
    return network(line, inside="self.part = Part()", before="return self.part(self.fc(x))")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("from .part import Part", "part.py"),
        ("from part import Part", "part.py"),
        ("from folder.part import Part", "part.py"),
        ("from .parts import Part", "parts/__init__.py"),
        ("from .parts.one import Part", "parts/one.py"),
        ("from . import part\nPart = part.Part", "part.py"),
        ("from .part import (\n    Part,\n)", "part.py"),
        ("from .part import *", "part.py"),
    ],
)
def test_a_module_beside_a_file_is_read_with_it(tmp_path: Path, line: str, place: str) -> None:
    folder = tmp_path / "folder"
    (folder / place).parent.mkdir(parents=True)
    (folder / place).write_text(PART)
    (folder / "net.py").write_text(with_part(line))

    found = answer(lambda: read_file(folder / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert found.project.graph.nodes["part"].kind == "Part"


def test_a_module_that_a_module_beside_imports_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("from .one import Part")
    (tmp_path / "parts" / "one.py").write_text(PART)
    (tmp_path / "net.py").write_text(with_part("from parts import Part"))

    found = answer(lambda: read_file(tmp_path / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert found.project.graph.nodes["part"].kind == "Part"


@pytest.mark.parametrize(
    "line",
    [
        "from ..part import Part",
        "from .. import part\nPart = part.Part",
        "from ...outside.part import Part",
        "from .linked import Part",
        "from .linked_folder.part import Part",
        "from linked import Part",
        "from .inner.linked import Part",
        "import sys\nsys.path.append('..')\nfrom part import Part",
    ],
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, line: str) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "outside" / "folder"
    (folder / "inner").mkdir(parents=True)
    for place in (tmp_path, outside):
        (place / "part.py").write_text(PART)
        (place / "__init__.py").write_text("")
    (folder / "linked.py").symlink_to(outside / "part.py")
    (folder / "linked_folder").symlink_to(outside)
    (folder / "inner" / "linked.py").symlink_to(outside / "part.py")
    (folder / "__init__.py").write_text("")
    text = with_part(line)
    (folder / "net.py").write_text(text)

    found = answer(lambda: read_file(folder / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes
    assert "Part" not in found.project.blocks
    assert found.errors
    assert lines_fit(found, text)


def test_modules_beside_are_not_run_either(tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    (tmp_path / "part.py").write_text(
        written(PART + "\nTOUCH\n\ndef __getattr__(name):\n    TOUCH\n", marker)
    )
    (tmp_path / "__init__.py").write_text(written("TOUCH", marker))
    (tmp_path / "torch.py").write_text(written("TOUCH", marker))
    (tmp_path / "net.py").write_text(with_part("from .part import Part\nfrom .part import nothing"))

    found = answer(lambda: read_file(tmp_path / "net.py", inputs=((1, 4),)))

    assert not marker.exists()
    assert isinstance(found, Reading)
    assert "part" in found.project.graph.nodes


def test_modules_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from .two import b\nfrom .net import Net\na = b")
    (tmp_path / "two.py").write_text("from .one import a\nfrom .two import b\nb = a")
    (tmp_path / "net.py").write_text(
        network("from .one import a\nfrom .two import b\nfrom .net import Net as Other")
    )

    found = answer(lambda: read_file(tmp_path / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes


def test_no_more_than_fifty_modules_and_two_million_bytes_are_read(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"m{number}.py").write_text(f"from .m{number + 1} import x\n#" + "x" * 100_000)
    (tmp_path / "net.py").write_text(
        network("from .m0 import x\n" + "\n".join(f"import m{i}" for i in range(200)))
    )

    found = answer(lambda: read_file(tmp_path / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes


def test_a_long_or_broken_module_beside_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * 500_000)
    (tmp_path / "broken.py").write_bytes(b"\xff\xfe\0\0")
    (tmp_path / "wrong.py").write_text("def x(:\n" * 3000)
    (tmp_path / "net.py").write_text(
        network("from .long import x\nfrom .broken import y\nfrom .wrong import z")
    )

    found = answer(lambda: read_file(tmp_path / "net.py", inputs=((1, 4),)))

    assert isinstance(found, Reading)
    assert "fc" in found.project.graph.nodes


# The command line.


def test_the_command_line_answers_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker, target = tmp_path / "executed", tmp_path / "net.nnd"
    path = tmp_path / "net.py"
    path.write_text(written("".join(text for name, text in RUNNING.items() if "module" in name), marker))

    code = main(["import", str(path), "--input", "1,4", "-o", str(target)])

    assert not marker.exists()
    assert code in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


def test_the_command_line_refuses_what_is_no_source_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = tmp_path / "net.py", tmp_path / "net.nnd"
    path.write_bytes(b"\0\xff" * 1000)

    code = main(["import", str(path), "-o", str(target)])

    assert code != 0
    assert not target.exists()
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
