#!/usr/bin/env python3
"""Writes the tiny ONNX models that the tests load into src/test/resources/onnx/<case>.onnx.

Run: python3 src/test/python/make_onnx_models.py (needs the package onnx). The files are checked in; run it only to change
them. The trees say SELL with 0.9 where the first feature is 0 or less, else BUY with 0.8.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).resolve().parent.parent / "resources" / "onnx"
ML = "ai.onnx.ml"
SELL = (0.9, 0.07, 0.03)
BUY = (0.05, 0.15, 0.8)


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def maps(name, kind):
    row = onnx.TypeProto()
    row.map_type.key_type = kind
    row.map_type.value_type.CopyFrom(helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    return helper.make_value_info(name, helper.make_sequence_type_proto(row))


def labels(values):
    """The attribute that classifiers and ZipMap keep their labels in, and the type of a label."""
    if isinstance(values[0], int):
        return {"classlabels_int64s": values}, TensorProto.INT64
    return {"classlabels_strings": values}, TensorProto.STRING


def tree(classes, left, right, missing=0):
    """One split, at 0 of the first feature; missing: whether a missing value goes to the left."""
    return helper.make_node(
        "TreeEnsembleClassifier", ["features"], ["label", "scores"], domain=ML, post_transform="NONE",
        nodes_treeids=[0] * 3, nodes_nodeids=[0, 1, 2], nodes_featureids=[0] * 3, nodes_values=[0.0] * 3,
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
        nodes_missing_value_tracks_true=[missing, 0, 0], class_treeids=[0] * 6, class_nodeids=[1] * 3 + [2] * 3,
        class_ids=[0, 1, 2] * 2, class_weights=[*left, *right], **labels(classes)[0])


def model(nodes, inputs, outputs, initializers=(), opset=15):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    imports = [helper.make_opsetid("", opset), helper.make_opsetid(ML, 2)]
    return helper.make_model(graph, ir_version=8, opset_imports=imports, producer_name="test")


def classifier(classes, left=SELL, right=BUY, zipmap=False, label=True, name="probabilities", missing=0):
    attribute, kind = labels(classes)
    last = helper.make_node("ZipMap", ["scores"], [name], domain=ML, **attribute) if zipmap \
        else helper.make_node("Identity", ["scores"], [name])
    outputs = [tensor("label", kind, ["N"])] if label else []
    outputs.append(maps(name, kind) if zipmap else tensor(name, TensorProto.FLOAT, ["N", 3]))
    return model([tree(classes, left, right, missing), last], [tensor("features", TensorProto.FLOAT, ["N", 4])], outputs)


def noted():
    """A whole file with a property of the name that external weights have in theirs."""
    proto = classifier([0, 1, 2])
    proto.metadata_props.add(key="location", value="eu-central")
    return proto


def hidden():
    """Weights in another file, named only inside a branch."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    weights.ClearField("float_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="weights.bin")
    branch = helper.make_graph([helper.make_node("Identity", ["w"], ["y"])], "b", [],
                               [tensor("y", TensorProto.FLOAT, [1])], [weights])
    node = helper.make_node("If", ["condition"], ["z"], then_branch=branch, else_branch=branch)
    return model([node], [tensor("condition", TensorProto.BOOL, [])], [tensor("z", TensorProto.FLOAT, [1])])


def integers(kind):
    """The linear model, whose logits are rounded to another type."""
    proto = linear(name="z_out")
    proto.graph.node.append(helper.make_node("Cast", ["z_out"], ["direction_logits"], to=kind))
    proto.graph.output[0].CopyFrom(tensor("direction_logits", kind, ["N", 3]))
    return proto


def mean_over_steps():
    """Three logits, the means of three features over however many steps there are."""
    return model([helper.make_node("ReduceMean", ["float_input"], ["direction_logits"], axes=[1], keepdims=0)],
                 [tensor("float_input", TensorProto.FLOAT, ["batch", "steps", 3])],
                 [tensor("direction_logits", TensorProto.FLOAT, ["batch", 3])])


def steps_passed():
    """The same, and the steps themselves, of which there may be any number."""
    proto = mean_over_steps()
    proto.graph.node.append(helper.make_node("Identity", ["float_input"], ["steps"]))
    proto.graph.output.append(tensor("steps", TensorProto.FLOAT, ["batch", "steps", 3]))
    return proto


def newer_trees():
    proto = classifier([0, 1, 2])
    for domain in proto.opset_import:
        if domain.domain == ML:
            domain.version = 99
    return proto


def linear(kind=TensorProto.FLOAT, batch="N", ir=8, opset=15, last="Identity", domain="", name="direction_logits"):
    """Three logits of four features: the first less the second, 0, the second less the first."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], [1, 0, -1, -1, 0, 1, 0, 0, 0, 0, 0, 0])
    nodes = [helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT), helper.make_node("MatMul", ["f", "w"], ["z"])]
    initializers = [weights]
    if last == "Reshape":
        initializers.append(helper.make_tensor("shape", TensorProto.INT64, [2], [1, 3]))
        nodes.append(helper.make_node("Reshape", ["z", "shape"], [name]))
    else:
        nodes.append(helper.make_node(last, ["z"], [name], domain=domain))
    proto = model(nodes, [tensor("x", kind, [batch, 4])], [tensor(name, TensorProto.FLOAT, [batch, 3])], initializers, opset)
    proto.ir_version = ir
    if domain:
        proto.opset_import.add(domain=domain, version=1)
    return proto


def book_first():
    """Logits are ten times the features less the book; the graph takes the book first."""
    ten = helper.make_tensor("ten", TensorProto.FLOAT, [], [10.0])
    nodes = [helper.make_node("Mul", ["features", "ten"], ["f"]),
             helper.make_node("Sub", ["f", "raw_lob"], ["direction_logits"])]
    return model(nodes, [tensor(name, TensorProto.FLOAT, ["N", 3]) for name in ("raw_lob", "features")],
                 [tensor("direction_logits", TensorProto.FLOAT, ["N", 3])], [ten])


def books(features=False):
    """Three books of two levels, and three steps of two features if asked for; each number has a weight of its own."""
    sizes = {"raw_lob": [3, 2, 4]} | ({"features": [3, 2]} if features else {})
    nodes, initializers, sums = [], [], []
    for name, shape in sizes.items():
        count = int(np.prod(shape))
        weights = np.stack([np.linspace(-1, 1, count), np.zeros(count), np.linspace(1, -1, count) ** 3], axis=1) / 100
        initializers.append(numpy_helper.from_array(weights.astype(np.float32), f"w_{name}"))
        nodes.append(helper.make_node("Flatten", [name], [f"flat_{name}"]))
        nodes.append(helper.make_node("MatMul", [f"flat_{name}", f"w_{name}"], [f"z_{name}"]))
        sums.append(f"z_{name}")
    nodes.append(helper.make_node("Sum", sums, ["direction_logits"]))
    return model(nodes, [tensor(name, TensorProto.FLOAT, ["N", *shape]) for name, shape in sizes.items()],
                 [tensor("direction_logits", TensorProto.FLOAT, ["N", 3])], initializers)


def masked():
    """The features that a mask of truth values lets through, as logits."""
    zero = helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0])
    return model([helper.make_node("Where", ["mask", "features", "zero"], ["direction_logits"])],
                 [tensor("mask", TensorProto.BOOL, ["N", 3]), tensor("features", TensorProto.FLOAT, ["N", 3])],
                 [tensor("direction_logits", TensorProto.FLOAT, ["N", 3])], [zero])


def datatypes():
    """Every datatype that the server feeds and reads, two of each per sample, returned as they are."""
    kinds = {"fp32": TensorProto.FLOAT, "fp64": TensorProto.DOUBLE, "fp16": TensorProto.FLOAT16, "int64": TensorProto.INT64,
             "int32": TensorProto.INT32, "bool": TensorProto.BOOL, "bytes": TensorProto.STRING}
    nodes = [helper.make_node("Identity", [name], [f"{name}_out"]) for name in kinds]
    return model(nodes, [tensor(name, kind, ["N", 2]) for name, kind in kinds.items()],
                 [tensor(f"{name}_out", kind, ["N", 2]) for name, kind in kinds.items()])


def with_return(factor):
    """The linear model with a return of the first feature's size times a factor."""
    proto = linear()
    proto.graph.initializer.append(helper.make_tensor("v", TensorProto.FLOAT, [4, 1], [factor, 0, 0, 0]))
    proto.graph.node.append(helper.make_node("MatMul", ["f", "v"], ["expected_return"]))
    proto.graph.output.append(tensor("expected_return", TensorProto.FLOAT, ["N", 1]))
    return proto


def noisy(scale):
    """The linear model with noise that is small beside what its logits vary by."""
    proto = linear(name="direction_logits")
    last = proto.graph.node.pop()
    proto.graph.node.append(helper.make_node("RandomNormalLike", ["z"], ["noise"], mean=0.0, scale=scale))
    proto.graph.node.append(helper.make_node("Add", ["z", "noise"], [last.output[0]]))
    return proto


def two_columns():
    """Two logits, of SELL and of BUY."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 2], [-1, 1, 1, -1, 0, 0, 0, 0])
    return model([helper.make_node("MatMul", ["x", "w"], ["direction_logits"])], [tensor("x", TensorProto.FLOAT, ["N", 4])],
                 [tensor("direction_logits", TensorProto.FLOAT, ["N", 2])], [weights])


def regressor():
    """One number per sample, in percent."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 1], [40.0, 30.0, 20.0, 10.0])
    return model([helper.make_node("MatMul", ["x", "w"], ["variable"])], [tensor("x", TensorProto.FLOAT, ["N", 4])],
                 [tensor("variable", TensorProto.FLOAT, ["N", 1])], [weights])


def passed():
    """The features themselves, not a copy of them, and what they are with the other sign."""
    return model([helper.make_node("Neg", ["features"], ["negated"])], [tensor("features", TensorProto.FLOAT, ["N", 3])],
                 [tensor("features", TensorProto.FLOAT, ["N", 3]), tensor("negated", TensorProto.FLOAT, ["N", 3])])


def misdeclared():
    """As many rows as the first feature of the first sample says, where the file promises one per sample."""
    initializers = [helper.make_tensor(name, TensorProto.INT64, [1], [value]) for name, value in (("flat", -1), ("zero", 0))]
    nodes = [helper.make_node("Reshape", ["features", "flat"], ["numbers"]),
             helper.make_node("Gather", ["numbers", "zero"], ["first"]),
             helper.make_node("Cast", ["first"], ["rows"], to=TensorProto.INT64),
             helper.make_node("Expand", ["first", "rows"], ["numbers_out"])]
    return model(nodes, [tensor("features", TensorProto.FLOAT, ["N", 3])], [tensor("numbers_out", TensorProto.FLOAT, ["N"])],
                 initializers)


def chosen(classes, by="ArrayFeatureExtractor"):
    """A network as scikit-learn's converter writes it: its classes are looked up by the number of the best column."""
    kind = TensorProto.STRING if isinstance(classes[0], str) else TensorProto.INT64
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 3], [3, 0, -3, -3, 0, 3, 0, 0, 0, 0, 0, 0])
    looked_up = numpy_helper.from_array(np.array(classes, np.int64), "classes") if kind == TensorProto.INT64 \
        else helper.make_tensor("classes", kind, [3], [label.encode() for label in classes])
    initializers = [weights, helper.make_tensor("flat", TensorProto.INT64, [1], [-1])]
    nodes = [helper.make_node("MatMul", ["features", "w"], ["z"]), helper.make_node("Softmax", ["z"], ["probabilities"], axis=1),
             helper.make_node("ArgMax", ["probabilities"], ["best"], axis=1, keepdims=0)]
    if by == "Gather":
        nodes.append(helper.make_node("Constant", [], ["classes"], value=looked_up))
        nodes.append(helper.make_node("Gather", ["classes", "best"], ["chosen"], axis=0))
    elif by == "LabelEncoder":
        nodes.append(helper.make_node("LabelEncoder", ["best"], ["chosen"], domain=ML, keys_int64s=[2, 1, 0],
                                      values_strings=classes[::-1]))
    elif by == "Sub":
        initializers.append(helper.make_tensor("one", TensorProto.INT64, [1], [1]))
        nodes.append(helper.make_node("Sub", ["best", "one"], ["chosen"]))
    else:
        initializers.append(looked_up)
        nodes.append(helper.make_node(by, ["classes", "best"], ["chosen"], domain=ML))
    nodes.append(helper.make_node("Reshape", ["chosen", "flat"], ["label"]))
    return model(nodes, [tensor("features", TensorProto.FLOAT, ["N", 4])],
                 [tensor("label", kind, ["N"]), tensor("probabilities", TensorProto.FLOAT, ["N", 3])], initializers)


def with_outputs(outputs, initializers=()):
    """What is made of z, four features times four columns: by name the nodes, the type and the shape without the batch axis."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 4], [1, -1, 0, 2, -1, 1, 1, 0, 0, 2, -2, 1, 1, 0, 1, -1])
    nodes = [helper.make_node("MatMul", ["features", "w"], ["z"])]
    for made, _, _ in outputs.values():
        nodes.extend(made)
    return model(nodes, [tensor("features", TensorProto.FLOAT, ["N", 4])],
                 [tensor(name, kind, shape) for name, (_, kind, shape) in outputs.items()], [weights, *initializers])


def integers(name, values):
    return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)


def columns(name, first, last, then="Identity"):
    """Columns of z, from the first to before the last, and what is made of them."""
    nodes = [helper.make_node("Slice", ["z", f"{name}_a", f"{name}_b", "one"], [f"{name}_z"]),
             helper.make_node(then, [f"{name}_z"], [name])]
    return nodes, [integers(f"{name}_a", [first]), integers(f"{name}_b", [last])]


def sliced(then="Identity", **outputs):
    """Columns of z by name: from the first to before the last."""
    made, initializers = {}, [integers("one", [1])]
    for name, (first, last) in outputs.items():
        nodes, bounds = columns(name, first, last, then)
        made[name] = (nodes, TensorProto.FLOAT, ["N", last - first])
        initializers.extend(bounds)
    return with_outputs(made, initializers)


def returns(width):
    """Returns of about a percent, a column per target, as converters of regressors call them."""
    proto = sliced(variable=(0, width))
    proto.graph.initializer.append(helper.make_tensor("small", TensorProto.FLOAT, [], [0.01]))
    proto.graph.node[-1].CopyFrom(helper.make_node("Mul", ["variable_z", "small"], ["variable"]))
    return proto


def raw():
    """Two columns, and the number of the greatest of the four."""
    nodes, bounds = columns("embedding", 0, 2)
    best = [helper.make_node("ArgMax", ["z"], ["regime"], axis=1, keepdims=0)]
    return with_outputs({"embedding": (nodes, TensorProto.FLOAT, ["N", 2]), "regime": (best, TensorProto.INT64, ["N"])},
                        [integers("one", [1]), *bounds])


def crowd():
    """Logits, a volatility, a state whose first axis is not the batch, and 1,025 numbers per sample."""
    logits, first = columns("direction_logits", 0, 3)
    volatility, second = columns("volatility", 3, 4, "Exp")
    state = [helper.make_node("Reshape", ["z", "state_shape"], ["state"])]
    dump = [helper.make_node("Expand", ["volatility", "wide"], ["dump"])]
    return with_outputs({"direction_logits": (logits, TensorProto.FLOAT, ["N", 3]),
                         "volatility": (volatility, TensorProto.FLOAT, ["N", 1]),
                         "state": (state, TensorProto.FLOAT, [1, "N", 4]), "dump": (dump, TensorProto.FLOAT, ["N", 1025])},
                        [integers("one", [1]), integers("state_shape", [1, -1, 4]), integers("wide", [1, 1025]), *first, *second])


def huge():
    """Logits, and 70,000 numbers per sample that the file does not tell of beforehand."""
    logits, first = columns("direction_logits", 0, 3)
    one, second = columns("one_column", 3, 4)
    dump = [*one, helper.make_node("Expand", ["one_column", "wide"], ["dump"])]
    return with_outputs({"direction_logits": (logits, TensorProto.FLOAT, ["N", 3]), "dump": (dump, TensorProto.FLOAT, ["N", "M"])},
                        [integers("one", [1]), integers("wide", [1, 70_000]), *first, *second])


def contradicting():
    """Logits, and probabilities that are the highest for another class."""
    logits, bounds = columns("logits", 0, 3)
    others = [helper.make_node("Neg", ["logits_z"], ["negated"]), helper.make_node("Softmax", ["negated"], ["probabilities"], axis=1)]
    return with_outputs({"logits": (logits, TensorProto.FLOAT, ["N", 3]), "probabilities": (others, TensorProto.FLOAT, ["N", 3])},
                        [integers("one", [1]), *bounds])


def with_regime():
    """Probabilities, and the number of the greatest of the four columns, which is no label."""
    nodes, bounds = columns("three", 0, 3)
    nodes.append(helper.make_node("Softmax", ["three"], ["probabilities"], axis=1))
    best = [helper.make_node("ArgMax", ["z"], ["label"], axis=1, keepdims=0), helper.make_node("Cast", ["label"], ["regime"], to=TensorProto.INT32)]
    return with_outputs({"probabilities": (nodes, TensorProto.FLOAT, ["N", 3]), "label": (best, TensorProto.INT64, ["N"]),
                         "regime": ([], TensorProto.INT32, ["N"])}, [integers("one", [1]), *bounds])


def renamed(proto, **names):
    """The same with other names for its outputs."""
    for node in proto.graph.node:
        for i, output in enumerate(node.output):
            node.output[i] = names.get(output, output)
    for output in proto.graph.output:
        output.name = names.get(output.name, output.name)
    return proto


def label_alone(classes):
    """A tree whose probabilities are cut off."""
    proto = classifier(classes)
    del proto.graph.output[1]
    return proto


def cases():
    return {
        "tree-numbers": classifier([0, 1, 2]),
        "tree-output-names": renamed(classifier([-1, 0, 1]), label="output_label", probabilities="output_probability"),
        "label-signs": label_alone([-1, 0, 1]),
        "label-words": label_alone(["down", "flat", "up"]),
        "label-argmax": with_outputs({"label": ([helper.make_node("ArgMax", ["z"], ["label"], axis=1, keepdims=0)],
                                                TensorProto.INT64, ["N"])}),
        "sigmoid": sliced("Sigmoid", probabilities=(0, 1)),
        "sigmoids": sliced("Sigmoid", logits=(0, 3)),
        "logits": sliced(logits=(0, 3)),
        "both-scores": sliced(logits=(0, 3), output_probability=(0, 3)),
        "one-return": returns(1),
        "two-returns": returns(2),
        "quantiles": returns(3),
        "raw": raw(),
        "huge": huge(),
        "steps-passed": steps_passed(),
        "contradicting-scores": contradicting(),
        "with-regime": with_regime(),
        "crowd": crowd(),
        "tree-zipmap": classifier(["BUY", "HOLD", "SELL"], SELL[::-1], BUY[::-1], zipmap=True),
        "tree-columns": classifier(["BUY", "HOLD", "SELL"], SELL[::-1], BUY[::-1], label=False),
        "tree-signs": classifier([-1, 0, 1]),
        "tree-signs-zipmap": classifier([-1, 0, 1], zipmap=True),
        "tree-words": classifier(["down", "flat", "up"]),
        "tree-missing": classifier([-1, 0, 1], missing=1),
        "noted": noted(),
        "hidden-weights": hidden(),
        "linear": linear(),
        "linear-int64": linear(TensorProto.INT64),
        "linear-float64": linear(TensorProto.DOUBLE),
        "linear-batch-of-one": linear(batch=1),
        "linear-batch-of-four": linear(batch=4),
        "linear-extensions": linear(last="StringConcat", domain="ai.onnx.contrib"),
        "linear-bfloat16": integers(TensorProto.BFLOAT16),
        "linear-half": integers(TensorProto.FLOAT16),
        "linear-double": integers(TensorProto.DOUBLE),
        "mean-over-steps": mean_over_steps(),
        "tree-opset99": newer_trees(),
        "linear-reshaped": linear(last="Reshape"),
        "linear-ir99": linear(ir=99),
        "linear-opset99": linear(opset=99),
        "linear-custom": linear(last="FusedGelu", domain="my.bot.ops"),
        "book-first": book_first(),
        "books": books(),
        "books-and-features": books(features=True),
        "masked": masked(),
        "regressor": regressor(),
        "unmapped": linear(name="out"),
        "unmapped-zipmap": classifier(["BUY", "HOLD", "SELL"], SELL[::-1], BUY[::-1], zipmap=True, name="output_probability"),
        "return-of-percent": with_return(40.0),
        "noisy": noisy(0.01),
        "two-columns": two_columns(),
        "datatypes": datatypes(),
        "passed": passed(),
        "misdeclared": misdeclared(),
        "chosen-names": chosen(["BUY", "HOLD", "SELL"]),
        "chosen-signs": chosen([1, 0, -1]),
        "chosen-gathered": chosen(["BUY", "HOLD", "SELL"], "Gather"),
        "chosen-encoded": chosen(["BUY", "HOLD", "SELL"], "LabelEncoder"),
        "chosen-unknown": chosen([-1, 0, 1], "Sub"),
    }


if __name__ == "__main__":
    for case_name, proto in cases().items():
        (TARGET / f"{case_name}.onnx").write_bytes(proto.SerializeToString(deterministic=True))
