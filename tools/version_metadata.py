"""What all trainers say in metadata.json."""

from datetime import datetime, timezone

from feature_statistics import digits

STAGES = {"production": "Production", "staging": "Staging", None: "None"}


def identity(options, model_type, framework, description):
    now = created_at(options.version)
    if options.csv is None:
        description += " Trained on synthetic data to show the server at work; must not be used for trading."
    return {
        "name": options.name,
        "version": options.version,
        "stage": STAGES[options.promote],
        "created_at": now,
        "updated_at": now,
        "description": description,
        "model_type": model_type,
        "framework": framework,
    }


def network_training(options, best_epoch):
    return {
        "seed": options.seed,
        "epochs": options.epochs,
        "best_epoch": best_epoch,
        "patience": options.patience,
        "batch_size": options.batch_size,
        "stride": options.stride,
        "learning_rate": options.learning_rate,
        "weight_decay": options.weight_decay,
        "return_weight": options.return_weight,
        "dropout": options.dropout,
    }


def dataset_info(options, series, split, threshold, window=None):
    """window: steps that the model looks at, where that is not an option."""
    return {
        "source": series.source,
        "synthetic": options.csv is None,
        "rows": len(series.values),
        "window": window or options.window,
        "horizon": options.horizon,
        "threshold": digits(threshold),
        "hold_share": options.hold_share if options.threshold is None else None,
        "train_windows": len(split.train),
        "validation_windows": len(split.validation),
        "test_windows": len(split.test),
        "step_seconds": options.step_seconds,
    }


def tags(options):
    return ["synthetic", "demo"] if options.csv is None else []


def created_at(version):
    """A version that is a time is the time of its making, so that the same command writes the same files."""
    try:
        time_of_version = datetime.strptime(version, "%Y%m%d_%H%M%S").replace(tzinfo=timezone.utc)
    except ValueError:
        time_of_version = datetime.now(timezone.utc)
    return time_of_version.strftime("%Y-%m-%dT%H:%M:%SZ")


def rounded(metrics):
    if isinstance(metrics, dict):
        return {name: rounded(value) for name, value in metrics.items()}
    return digits(metrics, 6) if isinstance(metrics, float) else metrics
