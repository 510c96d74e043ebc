from hypothesis import given
from hypothesis import strategies as st

from nndesigner.matching import Match, match

NAMES = st.from_regex(r"[a-z]{1,3}[0-9]?([._][a-z]{0,2}[0-9])?\.(weight|bias)", fullmatch=True)
SHAPES = st.sampled_from([(3,), (3, 3), (2, 3, 1, 1)])
STATES = st.dictionaries(NAMES, SHAPES, max_size=8)


def pairs(wanted: dict[str, tuple[int, ...]], *found: str, by_order: bool = False) -> dict[str, str]:
    """What fits where all shapes are told by what is wanted, in that order."""
    shapes = dict(zip(found, wanted.values(), strict=True))
    return dict(match(wanted, shapes, by_order).pairs)


@given(STATES)
def test_a_state_fits_itself(state: dict[str, tuple[int, ...]]) -> None:
    found = match(state, state)
    assert found.pairs == tuple((name, name) for name in state) and found.is_whole and not found.unexpected


@given(STATES, STATES, st.booleans())
def test_each_name_is_told_of_once_and_pairs_have_one_shape(
    wanted: dict[str, tuple[int, ...]], found: dict[str, tuple[int, ...]], by_order: bool
) -> None:
    result = match(wanted, found, by_order)
    own = [name for name, _ in result.pairs] + [*result.missing] + [one.name for one in result.misfits]
    other = [name for _, name in result.pairs] + [*result.unexpected] + [one.found for one in result.misfits]
    assert sorted(own) == sorted(wanted) and sorted(other) == sorted(found)
    assert all(wanted[name] == found[another] for name, another in result.pairs)
    assert all(wanted[one.name] != found[one.found] for one in result.misfits)


def test_containers_of_a_script_are_found_in_flat_names() -> None:
    wanted = {"features_0.weight": (64, 3, 3, 3), "features_0.bias": (64,), "classifier_6.bias": (10,)}
    assert pairs(wanted, "features.0.weight", "features.0.bias", "classifier.6.bias") == {
        "features_0.weight": "features.0.weight",
        "features_0.bias": "features.0.bias",
        "classifier_6.bias": "classifier.6.bias",
    }
    wanted = {"layer1_0.conv1.weight": (4,), "layer1_1.conv1.weight": (4,), "conv1.weight": (4,)}
    assert pairs(wanted, "layer1.0.conv1.weight", "layer1.1.conv1.weight", "conv1.weight") == {
        "layer1_0.conv1.weight": "layer1.0.conv1.weight",
        "layer1_1.conv1.weight": "layer1.1.conv1.weight",
        "conv1.weight": "conv1.weight",
    }


def test_a_layer_called_after_its_number_is_found_by_the_number() -> None:
    wanted = {"features_1.conv0.weight": (8,), "features_1.norm1.weight": (8,), "head.weight": (8,)}
    assert pairs(wanted, "features.1.0.weight", "features.1.1.weight", "head.weight") == {
        "features_1.conv0.weight": "features.1.0.weight",
        "features_1.norm1.weight": "features.1.1.weight",
        "head.weight": "head.weight",
    }


def test_two_that_could_be_meant_are_both_left_alone() -> None:
    wanted = {"conv1.weight": (4, 4), "norm1.weight": (4, 4)}
    found = match(wanted, {"1.weight": (4, 4)})
    assert not found.pairs and found.unexpected == ("1.weight",) and found.missing == tuple(wanted)
    assert match({**wanted, "norm1.weight": (4,)}, {"1.weight": (4,)}).pairs == (
        ("norm1.weight", "1.weight"),
    )
    twins = match({"a_0.weight": (2,)}, {"a.0.weight": (2,), "a_0_.weight": (2,)})
    assert not twins.pairs and len(twins.unexpected) == 2


def test_what_stands_before_all_names_is_seen_through() -> None:
    wanted = {"conv1.weight": (4, 3), "fc.bias": (5,)}
    for prefix in ("module.", "_orig_mod.", "_orig_mod.module.", "model.", "net.backbone."):
        found = {f"{prefix}{name}": shape for name, shape in wanted.items()}
        assert dict(match(wanted, found).pairs) == {name: f"{prefix}{name}" for name in wanted}, prefix
    loss_beside = {"model.conv1.weight": (4, 3), "model.fc.bias": (5,), "loss.weight": (9,)}
    assert len(match(wanted, loss_beside).pairs) == 2
    inside = {f"backbone1.{name}": shape for name, shape in wanted.items()}
    assert len(match({**inside, "head.weight": (2, 2)}, wanted).pairs) == 2


def test_of_two_networks_in_a_file_none_is_taken() -> None:
    wanted = {"conv1.weight": (4, 3), "fc.bias": (5,)}
    found = {f"{who}.{name}": shape for who in ("student", "teacher") for name, shape in wanted.items()}
    assert not match(wanted, found).pairs


def test_another_shape_is_told_with_both() -> None:
    found = match({"fc.weight": (10, 512), "fc.bias": (10,)}, {"fc.weight": (1000, 512), "fc.bias": (1000,)})
    assert not found.pairs and not found.missing and not found.unexpected
    assert str(found.misfits[0]) == "fc.weight is 10×512, in the file 1000×512"
    assert str(found) == "0 of 2 fit" and not found.is_whole


def test_by_order_is_taken_only_where_it_is_asked_for_and_as_long_as_shapes_agree() -> None:
    wanted = {"one.weight": (3, 3), "two.weight": (3, 3), "three.weight": (4,)}
    found = {"a.weight": (3, 3), "b.weight": (3, 3), "c.weight": (5,)}
    assert match(wanted, found) == Match((), tuple(wanted), tuple(found), ())
    assert match(wanted, found, True).pairs == (("one.weight", "a.weight"), ("two.weight", "b.weight"))
    assert match(wanted, found, True).missing == ("three.weight",)


def test_a_class_of_ones_own_that_is_one_layer_is_found_by_its_name() -> None:
    wanted = {"h_0.ln_1.norm1.weight": (8,), "h_0.attn.norm1.weight": (8,), "h_0.ln_1.norm1.bias": (8,)}
    assert pairs(wanted, "h.0.ln_1.weight", "h.0.attn.weight", "h.0.ln_1.bias") == {
        "h_0.ln_1.norm1.weight": "h.0.ln_1.weight",
        "h_0.attn.norm1.weight": "h.0.attn.weight",
        "h_0.ln_1.norm1.bias": "h.0.ln_1.bias",
    }
    several = {"h_0.mlp.fc1.weight": (8,), "h_0.mlp.fc2.weight": (8,)}
    assert not match(several, {"h.0.mlp.weight": (8,)}).pairs


def test_names_of_several_words_are_found_by_their_number() -> None:
    wanted = {"classifier.a_s_p_p0.convs_0.weight": (4,)}
    assert len(pairs(wanted, "classifier.0.convs.0.weight")) == 1


def test_what_is_numbered_because_its_name_was_taken_is_found_without_the_number() -> None:
    assert len(pairs({"mixed.branch_pool_2.conv.weight": (4,)}, "mixed.branch_pool.conv.weight")) == 1


def test_constants_of_the_drawing_are_not_missing() -> None:
    found = match({"a.weight": (2,), "mask": (4, 4)}, {"a.weight": (2,)}, constants={"mask"})
    assert found.is_whole and not found.missing
    assert match({"mask": (4, 4)}, {"mask": (4, 4)}, constants={"mask"}).pairs == (("mask", "mask"),)
