#!/usr/bin/env python3
"""Writes the tiny ONNX models that the tests load into src/test/resources/onnx/<case>.onnx.

Run: python3 src/test/python/make_onnx_models.py (needs the package onnx). The files are checked in; run it only to change
them. A window is 4 steps of 3 features where nothing else is said.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

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


def tree(classes, left, right):
    """One split, at 0 of the first feature."""
    return helper.make_node(
        "TreeEnsembleClassifier", ["features"], ["label", "scores"], domain=ML, post_transform="NONE",
        nodes_treeids=[0] * 3, nodes_nodeids=[0, 1, 2], nodes_featureids=[0] * 3, nodes_values=[0.0] * 3,
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
        nodes_missing_value_tracks_true=[0] * 3, class_treeids=[0] * 6, class_nodeids=[1] * 3 + [2] * 3,
        class_ids=[0, 1, 2] * 2, class_weights=[*left, *right], **labels(classes)[0])


def model(nodes, inputs, outputs, initializers=(), opset=15):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    imports = [helper.make_opsetid("", opset), helper.make_opsetid(ML, 2)]
    return helper.make_model(graph, ir_version=8, opset_imports=imports, producer_name="test")


def classifier(classes, left=SELL, right=BUY, zipmap=False, label=True):
    attribute, kind = labels(classes)
    last = helper.make_node("ZipMap", ["scores"], ["probabilities"], domain=ML, **attribute) if zipmap \
        else helper.make_node("Identity", ["scores"], ["probabilities"])
    outputs = [tensor("label", kind, ["N"])] if label else []
    outputs.append(maps("probabilities", kind) if zipmap else tensor("probabilities", TensorProto.FLOAT, ["N", 3]))
    return model([tree(classes, left, right), last], [tensor("features", TensorProto.FLOAT, ["N", 4])], outputs)


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


def cases():
    return {
        "tree-zipmap": classifier(["BUY", "HOLD", "SELL"], BUY[::-1], SELL[::-1], zipmap=True),
        "noted": noted(),
        "hidden-weights": hidden(),
    }


if __name__ == "__main__":
    for case_name, proto in cases().items():
        (TARGET / f"{case_name}.onnx").write_bytes(proto.SerializeToString(deterministic=True))
