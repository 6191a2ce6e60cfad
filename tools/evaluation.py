"""How good a model's answers are against what happened.

Needs NumPy only.
"""

import numpy as np

CLASSES = ["SELL", "HOLD", "BUY"]


def class_metrics(predicted, labels):
    """Accuracy and, as plain means over the classes, precision, recall and F1 of predicted class numbers."""
    per_class = {}
    for index, name in enumerate(CLASSES):
        answered, support = int((predicted == index).sum()), int((labels == index).sum())
        hits = int(((predicted == index) & (labels == index)).sum())
        per_class[name] = {
            "precision": hits / max(1, answered),
            "recall": hits / max(1, support),
            "f1_score": 2 * hits / max(1, answered + support),
            "support": support,
        }

    def macro(metric):
        return float(np.mean([scores[metric] for scores in per_class.values()]))

    return {
        "accuracy": float((predicted == labels).mean()),
        "precision": macro("precision"),
        "recall": macro("recall"),
        "f1_score": macro("f1_score"),
        "majority_baseline": float(np.bincount(labels, minlength=len(CLASSES)).max() / len(labels)),
        "per_class": per_class,
    }


def confidence_metrics(confidence, right):
    return {"calibration_error": calibration_error(confidence, right), "mean_confidence": float(confidence.mean())}


def return_metrics(expected, forward):
    return {
        "return_correlation": correlation(expected, forward),
        "return_mean_absolute_error": float(np.abs(expected - forward).mean()),
    }


def calibration_error(confidence, right, bins=10):
    """Mean distance between confidence and the share that was right, over bins of equally many predictions."""
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(confidence[part].mean() - right[part].mean()) for part in parts) / len(confidence))


def correlation(left, right):
    if left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def print_class_report(metrics, rows):
    print(f"\n{'test part':10s} {'precision':>9s} {'recall':>9s} {'f1':>9s} {rows:>9s}")
    for name, scores in metrics["per_class"].items():
        print(f"{name:10s} {scores['precision']:9.3f} {scores['recall']:9.3f} {scores['f1_score']:9.3f} "
              f"{scores['support']:9d}")
    print(f"\naccuracy {metrics['accuracy']:.3f}; always answering the most frequent class: "
          f"{metrics['majority_baseline']:.3f}")
