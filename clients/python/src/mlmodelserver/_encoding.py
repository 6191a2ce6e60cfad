"""Turns features, as bots have them, into the server's JSON: lists, dicts, NumPy arrays, pandas frames and series.

NumPy and pandas are used only where the caller has loaded them, so they need not be installed.

A value that the bot does not have (NaN, None, pandas' NA) is sent as null; the server accepts it where the model allows
it. An infinite value, or one that does not fit a 32-bit float, is refused here, with its place.
"""

from __future__ import annotations

import json
import math
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Dict, List, Mapping, Optional

# The least double that rounds to infinity as a 32-bit float: the middle of the greatest float and 2^128.
TOO_LARGE = 3.4028235677973366e38
# Nine significant digits tell any two 32-bit floats apart; mostly fewer do.
FLOAT32_DIGITS = (9, 8, 7)


class FeatureValueError(ValueError):
    """A feature that cannot be sent: infinite, too large, or not a number at all."""


def dumps(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()


def encode(value: Any, path: str) -> Any:
    """The JSON form of features. path: what the value is called in messages, e.g. features[3]."""
    kind = type(value)
    if kind is float:
        return _number(value, path)
    if value is None or kind in (int, bool, str):
        return _integer(value, path) if kind is int else value
    if isinstance(value, Mapping):
        return {str(key): encode(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item, f"{path}[{index}]") for index, item in enumerate(value)]
    return _foreign(value, path)


def _integer(value: int, path: str) -> int:
    if abs(value) >= TOO_LARGE:
        raise FeatureValueError(f"{path}: expected a number that fits a 32-bit float, got an integer of "
                                f"{value.bit_length()} bits")
    return value


def _number(value: float, path: str) -> Optional[float]:
    if value != value:
        return None
    if abs(value) >= TOO_LARGE:
        raise FeatureValueError(f"{path}: expected a finite number that fits a 32-bit float, got {value!r}")
    return value


def _foreign(value: Any, path: str) -> Any:
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if pandas is not None:
        if isinstance(value, pandas.DataFrame):
            return _frame(value, path, pandas)
        if isinstance(value, pandas.Series):
            return _series(value, path)
        if value is pandas.NA or value is pandas.NaT:
            return None
    if isinstance(value, datetime):
        return to_millis(value, path)
    if isinstance(value, Decimal):
        return _number(float(value), path)
    if numpy is not None:
        if isinstance(value, numpy.ndarray):
            return _array(value, path, numpy)
        if isinstance(value, numpy.datetime64):
            return to_millis(value, path)
        if isinstance(value, numpy.generic):
            return encode(_array(value.reshape(1), path, numpy)[0], path)
    if hasattr(value, "__float__"):
        return _number(float(value), path)
    raise FeatureValueError(f"{path}: expected numbers, a dict of named features, a NumPy array or a pandas frame, "
                            f"got {type(value).__name__}")


def _array(array: Any, path: str, numpy: Any) -> Any:
    kind = array.dtype.kind
    if kind == "O":
        return encode(array.tolist(), path)
    if kind in "iubU":
        return array.tolist()
    if kind != "f":
        raise FeatureValueError(f"{path}: expected an array of numbers, got one of {array.dtype}")
    absent = numpy.isnan(array)
    with numpy.errstate(invalid="ignore"):
        bad = numpy.argwhere(~absent & ~(numpy.abs(array) < TOO_LARGE))
    if len(bad):
        place = "".join(f"[{index}]" for index in bad[0])
        raise FeatureValueError(f"{path}{place}: expected a finite number that fits a 32-bit float, "
                                f"got {array[tuple(bad[0])]!r}")
    doubles = _short(array, numpy) if array.dtype.itemsize <= 4 else array.astype(float)
    if absent.any():
        doubles = doubles.astype(object)
        doubles[absent] = None
    return doubles.tolist()


def _short(array: Any, numpy: Any) -> Any:
    """32-bit floats as doubles with few digits that are the same 32-bit floats: 0.1, not 0.10000000149011612."""
    result = exact = array.astype(float)
    with numpy.errstate(all="ignore"):
        magnitude = numpy.floor(numpy.log10(numpy.abs(exact)))
        for digits in FLOAT32_DIGITS:
            scale = 10.0 ** numpy.where(numpy.isfinite(magnitude), digits - 1 - magnitude, 0)
            short = numpy.rint(exact * scale) / scale
            result = numpy.where(short.astype(array.dtype) == array, short, result)
    return result


def _frame(frame: Any, path: str, pandas: Any) -> Any:
    """Named features where all columns have names, else numbers; a frame of one row is one step."""
    if not all(isinstance(column, str) for column in frame.columns):
        return _array(frame.to_numpy(), path, sys.modules["numpy"])
    times: Optional[List[int]] = None
    if isinstance(frame.index, pandas.DatetimeIndex) and "timestamp" not in frame.columns:
        times = [to_millis(time, f"{path}.index", naive_is_utc=True) for time in frame.index]
    columns = [[encode(item, f"{path}.{name}") for item in frame[name].tolist()] for name in frame.columns]
    if any(frame[name].dtype == "float32" for name in frame.columns):
        numpy = sys.modules["numpy"]
        columns = [_array(frame[name].to_numpy(), f"{path}.{name}", numpy) if frame[name].dtype == "float32" else column
                   for name, column in zip(frame.columns, columns)]
    steps = [nested(dict(zip(frame.columns, row))) for row in zip(*columns)]
    for step, time in zip(steps, times or []):
        step["timestamp"] = time
    return steps[0] if len(steps) == 1 else steps


def _series(series: Any, path: str) -> Any:
    """A row of a frame: the index has the names, and the row's own name may be its time."""
    if not all(isinstance(name, str) for name in series.index):
        return encode(series.tolist(), path)
    step = nested({name: encode(item, f"{path}.{name}") for name, item in series.items()})
    if isinstance(series.name, datetime):
        step.setdefault("timestamp", to_millis(series.name, f"{path}.name", naive_is_utc=True))
    return step


def nested(flat: Mapping[str, Any]) -> Dict[str, Any]:
    """{"candle.close": 1} as {"candle": {"close": 1}}; as it is where one name is the beginning of another."""
    result: Dict[str, Any] = {}
    for name, value in flat.items():
        *channels, last = name.split(".")
        inner = result
        for channel in channels:
            inner = inner.setdefault(channel, {})
            if not isinstance(inner, dict):
                return dict(flat)
        if last in inner:
            return dict(flat)
        inner[last] = value
    return result


def to_millis(time: Any, path: str, naive_is_utc: bool = False) -> Any:
    """The server's form of a time: milliseconds since 1970. Numbers and texts are passed on as they are.

    A datetime without a time zone is refused, since nobody can know which one is meant; the index of a pandas frame and
    NumPy's datetime64 count as UTC.
    """
    if time is None or isinstance(time, (int, str)) and not isinstance(time, bool):
        return time
    if isinstance(time, float) and math.isfinite(time):
        return time
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(time, numpy.datetime64):
            return int(time.astype("datetime64[ms]").astype("int64"))
        if isinstance(time, numpy.number):
            return to_millis(time.item(), path)
    if isinstance(time, datetime):
        if time.tzinfo is None:
            if not naive_is_utc:
                raise FeatureValueError(f"{path}: expected a time with its time zone, e.g. datetime.now(timezone.utc), "
                                        f"got {time.isoformat()}")
            time = time.replace(tzinfo=timezone.utc)
        return round(time.timestamp() * 1000)
    if isinstance(time, date):
        raise FeatureValueError(f"{path}: expected a time, got the day {time.isoformat()}")
    raise FeatureValueError(f"{path}: expected milliseconds since 1970, a datetime or ISO-8601, got {type(time).__name__}")


def is_dated(features: Any) -> bool:
    """Whether encoded features are a step that has its own time."""
    return isinstance(features, dict) and features.get("timestamp") is not None


def is_sequence_of_steps(features: Any) -> bool:
    """Whether encoded features are several steps for sure, so that the server keeps none of them."""
    return isinstance(features, list) and len(features) > 1 and isinstance(features[0], (list, dict))
