"""Functions and methods of torch as kinds: under which names each is called, and what its arguments are.

A row has the names, where they stand (t: torch, F: torch.nn.functional, s: torch.special, l: torch.linalg, m: a method
of a tensor), the kind, and the arguments in torch's order: `@port` is a tensor, `name` a param, `name=value` a param
for which the function has another default than the kind, `torch>ours` one that is called otherwise here, `-name` makes
no difference to what is drawn, and `!name=value` must be that value.
"""

import ast
from dataclasses import dataclass
from typing import Any

_ROWS = """
relu Fmt ReLU @input -inplace
relu_ Fmt ReLU @input
relu6 F ReLU6 @input -inplace
leaky_relu F LeakyReLU @input negative_slope -inplace
elu F ELU @input alpha -inplace
selu Ft SELU @input -inplace
celu Ft CELU @input alpha -inplace
gelu F GELU @input approximate
silu F SiLU @input -inplace
mish F Mish @input -inplace
hardswish F Hardswish @input -inplace
hardsigmoid F Hardsigmoid @input -inplace
softplus F Softplus @input beta threshold
hardtanh F Hardtanh @input min_val max_val -inplace
tanhshrink F Tanhshrink @input
softsign F Softsign @input
logsigmoid F LogSigmoid @input
hardshrink F Hardshrink @input lambd
softshrink F Softshrink @input lambd
threshold F Threshold @input threshold value -inplace
sigmoid,sigmoid_,expit Fmts Sigmoid @input
tanh,tanh_ Fmt Tanh @input
softmax Ftm Softmax @input dim !_stacklevel=3 !dtype=None
log_softmax Ftm LogSoftmax @input dim !_stacklevel=3 !dtype=None
softmin F Softmin @input dim !_stacklevel=3 !dtype=None
glu F GLU @input dim
max_pool1d Ft MaxPool1d @input kernel_size stride padding dilation ceil_mode return_indices
max_pool2d Ft MaxPool2d @input kernel_size stride padding dilation ceil_mode return_indices
max_pool3d Ft MaxPool3d @input kernel_size stride padding dilation ceil_mode return_indices
max_unpool1d F MaxUnpool1d @input @indices kernel_size stride padding output_size
max_unpool2d F MaxUnpool2d @input @indices kernel_size stride padding output_size
max_unpool3d F MaxUnpool3d @input @indices kernel_size stride padding output_size
avg_pool1d Ft AvgPool1d @input kernel_size stride padding ceil_mode count_include_pad
avg_pool2d F AvgPool2d @input kernel_size stride padding ceil_mode count_include_pad divisor_override
avg_pool3d F AvgPool3d @input kernel_size stride padding ceil_mode count_include_pad divisor_override
adaptive_avg_pool1d Ft AdaptiveAvgPool1d @input output_size
adaptive_avg_pool2d F AdaptiveAvgPool2d @input output_size
adaptive_avg_pool3d F AdaptiveAvgPool3d @input output_size
adaptive_max_pool1d F AdaptiveMaxPool1d @input output_size return_indices
adaptive_max_pool2d F AdaptiveMaxPool2d @input output_size return_indices
adaptive_max_pool3d F AdaptiveMaxPool3d @input output_size return_indices
lp_pool1d F LPPool1d @input norm_type kernel_size stride ceil_mode
lp_pool2d F LPPool2d @input norm_type kernel_size stride ceil_mode
pixel_shuffle Ft PixelShuffle @input upscale_factor
pixel_unshuffle Ft PixelUnshuffle @input downscale_factor
channel_shuffle Ft ChannelShuffle @input groups
unfold F Unfold @input kernel_size dilation padding stride
fold F Fold @input output_size kernel_size dilation padding stride
local_response_norm F LocalResponseNorm @input size alpha beta k
normalize F Normalize @input p dim eps -out
one_hot F OneHot @input num_classes
pad F Pad @input pad mode value
scaled_dot_product_attention F scaled_dot_product_attention @query @key @value @attn_mask !dropout_p=0 is_causal scale enable_gqa
cosine_similarity Ft CosineSimilarity @x1 @x2 dim eps
pairwise_distance F PairwiseDistance @x1 @x2 p eps keepdim
flatten tm Flatten @input start_dim=0 end_dim
unflatten tm Unflatten @input dim sizes>unflattened_size
unsqueeze,unsqueeze_ tm Unsqueeze @input dim
transpose,swapaxes,swapdims,transpose_ tm Transpose @input dim0 dim1
matmul,mm,mv tm MatMul @input @other
bmm tm BatchMatMul @input @other
add,add_ tm Add @input1 @input2 !alpha=1
mul,multiply,mul_ tm Multiply @input1 @input2
sub,subtract,sub_ tm Subtract @input @other !alpha=1
div,divide,true_divide,div_ tm Divide @input @other !rounding_mode=None
pow tm Power @input exponent
neg,negative tm Negate @input
mean tm Mean @input dim keepdim !dtype=None
sum tm Sum @input dim keepdim !dtype=None
amax tm Amax @input dim keepdim
amin tm Amin @input dim keepdim
std tm Std @input dim correction unbiased keepdim
var tm Var @input dim correction unbiased keepdim
prod tm Prod @input dim keepdim !dtype=None
logsumexp tm LogSumExp @input dim keepdim
argmax tm Argmax @input dim keepdim
argmin tm Argmin @input dim keepdim
cumsum tm Cumsum @input dim !dtype=None
cumprod tm Cumprod @input dim !dtype=None
topk tm TopK @input k dim largest !sorted=True
sort tm Sort @input dim descending !stable=False
norm tm Norm @input p>ord dim keepdim !dtype=None
vector_norm l Norm @input ord dim keepdim !dtype=None
maximum tm Maximum @input @other
minimum tm Minimum @input @other
exp tm Exp @input
log tm Log @input
log1p tms Log1p @input
sqrt tm Sqrt @input
rsqrt tm Rsqrt @input
square tm Square @input
abs,absolute tm Abs @input
sign tm Sign @input
sin tm Sin @input
cos tm Cos @input
erf tms Erf @input
round tms Round @input !decimals=0
floor tm Floor @input
clamp,clip,clamp_ tm Clamp @input min max
clamp_min,clamp_min_ tm Clamp @input min
clamp_max,clamp_max_ tm Clamp @input max
where t Where @condition @input @other
masked_fill,masked_fill_ tm MaskedFill @input @mask value
tril,tril_ tm Tril @input diagonal
triu,triu_ tm Triu @input diagonal
gather tm Gather @input dim @index !sparse_grad=False
select tm Select @input dim index
narrow tm Narrow @input dim start length
roll tm Roll @input shifts dims
repeat_interleave tm RepeatInterleave @input repeats dim !output_size=None
randn_like t RandnLike @input -dtype -device -layout -requires_grad
rand_like t RandLike @input -dtype -device -layout -requires_grad
zeros_like t ZerosLike @input -dtype -device -layout -requires_grad -memory_format
ones_like t OnesLike @input -dtype -device -layout -requires_grad -memory_format
logical_and tm And @input1 @input2
logical_or tm Or @input1 @input2
logical_not tm Not @input
eq tm Equal @input1 @input2
ne,not_equal tm NotEqual @input1 @input2
lt,less tm Less @input1 @input2
le,less_equal tm LessOrEqual @input1 @input2
gt,greater tm Greater @input1 @input2
ge,greater_equal tm GreaterOrEqual @input1 @input2
float m ToFloat @input
long m ToLong @input
bool m ToBool @input
detach m Detach @input
"""
_PREFIXES = {
    "t": "torch.",
    "F": "torch.nn.functional.",
    "s": "torch.special.",
    "l": "torch.linalg.",
    "m": "torch.Tensor.",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function of torch: what it is here (a port, a param, of no matter, or fixed), and its default."""

    name: str
    sort: str
    ours: str
    default: Any = None
    given: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A function of torch: the kind it is, and its arguments in order."""

    kind: str
    arguments: tuple[Argument, ...]


def _argument(word: str) -> Argument:
    if word.startswith("@"):
        return Argument(word[1:], "port", word[1:])
    if word.startswith("-"):
        return Argument(word[1:], "nothing", word[1:])
    name, given, default = word.removeprefix("!").partition("=")
    torchs, _, ours = name.partition(">")
    value = ast.literal_eval(default) if given else None
    return Argument(torchs, "fixed" if word.startswith("!") else "param", ours or torchs, value, bool(given))


def _table() -> dict[str, Row]:
    found = {}
    for line in _ROWS.strip().splitlines():
        names, places, kind, *words = line.split()
        row = Row(kind, tuple(map(_argument, words)))
        for name in names.split(","):
            for place in places:
                found[_PREFIXES[place] + name] = row
    return found


FUNCTIONS = _table()
