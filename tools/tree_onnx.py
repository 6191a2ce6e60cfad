"""Writes boosted trees of scikit-learn (HistGradientBoosting…) as ONNX, and computes what such a file says.

The trees compare float64 thresholds, an ONNX runtime float32 ones. A threshold is rounded down to the next float32: a
float32 feature is at most the threshold exactly if it is at most the rounded one, so that every row of float32 numbers
takes the same way in both. Leaves are added up in float32, which leaves differences of about 1e-6.

Needs onnx and NumPy; of scikit-learn 1.2 or later it reads the trees of a fitted model.
"""

import numpy as np
from onnx import TensorProto, helper

IR_VERSION = 8
OPSETS = {"": 15, "ai.onnx.ml": 2}
INPUT = "float_input"


class TreeArrays:
    """The attributes of a tree ensemble, a number for each node and for each leaf."""

    def __init__(self, leaves):
        self.leaves = leaves
        self.nodes = {name: [] for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids",
                                            "falsenodeids", "missing_value_tracks_true", "hitrates")}
        self.weights = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}

    def add(self, tree, target):
        """tree: the nodes of one of scikit-learn's predictors, which adds to that class or target."""
        number = self.nodes["treeids"][-1] + 1 if self.nodes["treeids"] else 0
        for i, node in enumerate(tree):
            leaf = bool(node["is_leaf"])
            if node["is_categorical"]:
                raise ValueError("trees that split by categories are not written: encode them as numbers")
            self._node(treeids=number, nodeids=i, featureids=0 if leaf else int(node["feature_idx"]),
                       values=0.0 if leaf else rounded_down(node["num_threshold"]), modes="LEAF" if leaf else "BRANCH_LEQ",
                       truenodeids=0 if leaf else int(node["left"]), falsenodeids=0 if leaf else int(node["right"]),
                       missing_value_tracks_true=0 if leaf else int(node["missing_go_to_left"]), hitrates=1.0)
            if leaf:
                for name, value in zip(self.weights, (number, i, target, float(node["value"]))):
                    self.weights[name].append(value)

    def _node(self, **values):
        for name, value in values.items():
            self.nodes[name].append(value)

    def attributes(self):
        return {**{f"nodes_{name}": values for name, values in self.nodes.items()},
                **{f"{self.leaves}_{name}": values for name, values in self.weights.items()}}


def rounded_down(threshold):
    """The largest float32 that is not above the threshold."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))


def classifier_onnx(model, labels):
    """A fitted HistGradientBoostingClassifier of three or more classes as ONNX.

    labels: the class labels of the outputs, integers in the order of the model's classes. Outputs label [N] and
    probabilities [N, classes].
    """
    arrays = TreeArrays("class")
    for iteration in model._predictors:
        for target, predictor in enumerate(iteration):
            arrays.add(predictor.nodes, target)
    node = helper.make_node(
        "TreeEnsembleClassifier", [INPUT], ["label", "probabilities"], domain="ai.onnx.ml", post_transform="SOFTMAX",
        classlabels_int64s=labels, base_values=floats(model._baseline_prediction), **arrays.attributes())
    return onnx_model([node], model.n_features_in_, [
        helper.make_tensor_value_info("label", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", len(labels)])])


def regressors_onnx(models, names, not_negative=()):
    """Fitted HistGradientBoostingRegressors as one ONNX file, with an output [N, 1] of that name for each.

    not_negative: names of outputs below which there is nothing; a sum of leaves that is negative becomes 0.
    """
    arrays = TreeArrays("target")
    for target, model in enumerate(models):
        for iteration in model._predictors:
            arrays.add(iteration[0].nodes, target)
    raw = [f"{name}_raw" if name in not_negative else name for name in names]
    nodes = [
        helper.make_node("TreeEnsembleRegressor", [INPUT], ["targets"], domain="ai.onnx.ml", post_transform="NONE",
                         n_targets=len(models), base_values=floats([model._baseline_prediction for model in models]),
                         **arrays.attributes()),
        helper.make_node("Split", ["targets", "widths"], raw, axis=1),
        *(helper.make_node("Relu", [f"{name}_raw"], [name]) for name in not_negative)]
    widths = helper.make_tensor("widths", TensorProto.INT64, [len(models)], [1] * len(models))
    return onnx_model(nodes, models[0].n_features_in_,
                      [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 1]) for name in names], [widths])


def floats(values):
    return [float(value) for value in np.ravel(values)]


def onnx_model(nodes, features, outputs, initializers=()):
    graph = helper.make_graph(nodes, "trees", [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", features])],
                              outputs, list(initializers))
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    return helper.make_model(graph, ir_version=IR_VERSION, opset_imports=opsets, producer_name="tree_onnx")


def outputs_of(model, rows):
    """What the file says of float32 rows [N, features], by the name of the output, computed in float32 as a runtime does."""
    rows = np.asarray(rows, dtype=np.float32)
    values = {INPUT: rows, **{tensor.name: np.array(tensor.int64_data) for tensor in model.graph.initializer}}
    for node in model.graph.node:
        values.update(zip(node.output, OPERATORS[node.op_type](node, *(values[name] for name in node.input))))
    return {output.name: values[output.name] for output in model.graph.output}


def _classifier(node, rows):
    attributes = _attributes(node)
    scores = _leaf_sums(attributes, "class", rows)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.array(attributes["classlabels_int64s"])[scores.argmax(axis=1)], powers / powers.sum(axis=1, keepdims=True)


def _regressor(node, rows):
    return (_leaf_sums(_attributes(node), "target", rows),)


def _attributes(node):
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _leaf_sums(attributes, leaves, rows):
    tree_of, mode = np.array(attributes["nodes_treeids"]), np.array(attributes["nodes_modes"])
    feature, threshold = np.array(attributes["nodes_featureids"]), np.array(attributes["nodes_values"], dtype=np.float32)
    left, right = np.array(attributes["nodes_truenodeids"]), np.array(attributes["nodes_falsenodeids"])
    missing_left = np.array(attributes["nodes_missing_value_tracks_true"]) == 1
    first = np.flatnonzero(np.diff(tree_of, prepend=-1))
    weight, target = np.zeros(len(tree_of), dtype=np.float32), np.zeros(len(tree_of), dtype=np.int64)
    leaf = first[np.array(attributes[f"{leaves}_treeids"])] + np.array(attributes[f"{leaves}_nodeids"])
    weight[leaf], target[leaf] = attributes[f"{leaves}_weights"], attributes[f"{leaves}_ids"]
    sums = np.tile(np.array(attributes["base_values"], dtype=np.float32), (len(rows), 1))
    every = np.arange(len(rows))
    for root in first:
        at = np.full(len(rows), root)
        while (mode[at] == b"BRANCH_LEQ").any():
            value = rows[every, feature[at]]
            goes_left = (value <= threshold[at]) | (np.isnan(value) & missing_left[at])
            at = np.where(mode[at] == b"LEAF", at, root + np.where(goes_left, left[at], right[at]))
        sums[every, target[at]] += weight[at]
    return sums


OPERATORS = {
    "TreeEnsembleClassifier": _classifier,
    "TreeEnsembleRegressor": _regressor,
    "Split": lambda node, whole, widths: np.split(whole, np.cumsum(widths)[:-1], axis=1),
    "Relu": lambda node, values: (np.maximum(values, 0),),
}
