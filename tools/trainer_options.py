"""Command-line options that the trainers share."""

import argparse
from pathlib import Path

from version_folder import new_version, safe_name


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Shows defaults, but only where there is one."""

    def _get_help_string(self, action):
        return action.help if action.default in (None, False) else super()._get_help_string(action)


CSV_COLUMNS = ("CSV columns: features named orderbook.*, candle.* and indicator.* (any number of them; an empty cell "
               "repeats the value above), and 'return', the return of that step, or else 'close' or 'candle.close' to "
               "derive it from. Other columns, such as a timestamp, are ignored. One row a step, oldest first.")


def add_data_options(parser, window=None):
    """window: steps that the model looks at, for a model that looks at several."""
    data = parser.add_argument_group("data")
    source = data.add_mutually_exclusive_group(required=True)
    source.add_argument("--csv", metavar="FILE", help="train on the steps in this file")
    source.add_argument("--synthetic", action="store_true", help="train on a made-up market")
    data.add_argument("--rows", type=positive, default=40000, help="length of the made-up market, in steps")
    if window is not None:
        data.add_argument("--window", type=positive, default=window, help="steps that the model looks at")
    data.add_argument("--horizon", type=positive, default=10, help="steps ahead that it judges")
    data.add_argument("--threshold", type=float, help="return over the horizon from which on a label is BUY or, "
                      "below minus this, SELL; without it, --hold-share of the training labels is HOLD")
    data.add_argument("--hold-share", type=share, default=0.4, help="share of HOLD that the threshold aims at")
    data.add_argument("--step-seconds", type=positive, default=60,
                      help="time from one row to the next; over how much time live features are compared depends on it")


def add_training_options(parser):
    """Those of networks."""
    training = parser.add_argument_group("training")
    training.add_argument("--seed", type=int, default=7, help="the same seed gives the same model")
    training.add_argument("--epochs", type=positive, default=14, help="at most this many")
    training.add_argument("--patience", type=positive, default=4, help="epochs without progress before it stops")
    training.add_argument("--batch-size", type=positive, default=128, help="windows a step of the optimiser")
    training.add_argument("--stride", type=positive, default=3, help="an epoch sees one in this many windows")
    training.add_argument("--learning-rate", type=float, default=0.001, help="of AdamW, lowered when progress stalls")
    training.add_argument("--weight-decay", type=float, default=0.01, help="of AdamW")
    training.add_argument("--return-weight", type=float, default=0.5, help="weight of the return's loss")


def add_registry_options(parser, name):
    registry = parser.add_argument_group("registry")
    registry.add_argument("--models-dir", metavar="DIR", default=str(Path(__file__).resolve().parent.parent / "models"),
                          help="the registry's folder")
    registry.add_argument("--name", type=safe_name, default=name, help="the model's name")
    registry.add_argument("--version", type=safe_name, default=None,
                          help="the version's name; without it, the time (UTC) as YYYYmmdd_HHMMSS")
    registry.add_argument("--promote", choices=["production", "staging"], help="puts the version into that stage")
    registry.add_argument("--force", action="store_true", help="replaces the version where it exists, and promotes it also where it is no "
                          "better than always answering the most frequent class")
    return registry


def checked(parser, options):
    if options.threshold is not None and options.threshold < 0:
        parser.error("--threshold must not be negative")
    if options.version is None:
        options.version = new_version()
    return options


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def share(text):
    number = float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to below 1")
    return number
