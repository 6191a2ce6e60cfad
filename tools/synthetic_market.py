"""A seeded, made-up market: prices driven by hidden regimes; order book, candles and indicators that hint at them.

order_book(columns) has the same book as a tensor, as order-book models read it.

It exists so that the whole way from training to serving can be tried without market data. A model that learns it knows
nothing about any real market.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

LEVELS = 10
BOOK_COLUMNS = ["bid_price", "bid_qty", "ask_price", "ask_qty"]
START_PRICE = 40_000.0
SIGNIFICANT_DIGITS = 6

# Indicators look back; the first rows of a market, where they cannot yet, are thrown away.
WARM_UP = 200

# Bear, calm, bull: drift and noise of one step, as returns.
REGIME_DRIFT = np.array([-5.0e-4, 0.0, 5.0e-4])
REGIME_NOISE = np.array([9.0e-4, 6.0e-4, 8.0e-4])
REGIME_LENGTH = np.array([60, 60, 60])
# Pulls the price back to START_PRICE over some 500 steps, so that raw prices stay in one range.
PULL = 0.002


def synthetic_market(rows, seed):
    """Returns (features, returns): a dict of name to column, each of length rows, and the return of each step."""
    rng = np.random.default_rng(seed)
    n = rows + WARM_UP
    regime = _regimes(rng, n)
    returns, close = _prices(rng, regime)
    pressure = _pressure(rng, regime)

    candle = _candles(rng, regime, returns, close, pressure)
    # A standing price divides 0 by 0 in rows of the warm-up, which nobody sees.
    with np.errstate(divide="ignore", invalid="ignore"):
        channels = {"orderbook": _order_book(rng, close, pressure), "candle": candle, "indicator": _indicators(candle)}
    columns = {f"{channel}.{name}": column for channel, named in channels.items() for name, column in named.items()}
    return {name: _round(column[WARM_UP:]) for name, column in columns.items()}, returns[WARM_UP:]


def order_book(columns):
    """The book of each row, [rows, LEVELS, 4]: the best level first, each with BOOK_COLUMNS.

    columns: a market by name, made up or read from a file. In the made-up one, what drives the price tilts the quantities
    of all levels towards its side, under much noise: one book tells little, the mean of twenty a good deal.
    """
    names = [[f"orderbook.{side}_{what}_{level:02d}" for side in ("bid", "ask") for what in ("price", "size")]
             for level in range(1, LEVELS + 1)]
    lacking = [name for level in names for name in level if name not in columns]
    if lacking:
        raise ValueError(f"the data has no order book of {LEVELS} levels: it lacks {', '.join(lacking)}")
    return np.stack([np.stack([columns[name] for name in level], axis=1) for level in names], axis=1)


def _regimes(rng, n):
    regime = np.empty(n, dtype=np.int64)
    current, until = 1, 0
    for t in range(n):
        if t == until:
            current = rng.choice([other for other in range(3) if other != current])
            until = t + int(rng.geometric(1.0 / REGIME_LENGTH[current]))
        regime[t] = current
    return regime


def _prices(rng, regime):
    noise = rng.standard_normal(len(regime)) * REGIME_NOISE[regime]
    log_price = np.empty(len(regime))
    level = 0.0
    for t in range(len(regime)):
        level += REGIME_DRIFT[regime[t]] - PULL * level + noise[t]
        log_price[t] = level
    close = START_PRICE * np.exp(log_price)
    returns = np.diff(close, prepend=START_PRICE) / np.concatenate(([START_PRICE], close[:-1]))
    return returns, close


def _pressure(rng, regime):
    """What the order book shows of the regime: the truth, under noise that outlasts a single step."""
    return (regime - 1) + _smooth(rng.standard_normal(len(regime)) * 2.6, 4)


def _order_book(rng, close, pressure):
    n = len(close)
    spread = close * 1e-4 * np.exp(0.4 * rng.standard_normal(n))
    mid = close * (1 + 2e-5 * rng.standard_normal(n))
    tilt = 0.25 * np.tanh(0.5 * pressure + 0.8 * rng.standard_normal(n))
    size = {}
    book = {}
    for side, sign in (("bid", 1.0), ("ask", -1.0)):
        distance = spread / 2
        for level in range(1, LEVELS + 1):
            mean = 0.8 + 0.25 * level
            size[side, level] = mean * np.exp(sign * tilt + 0.5 * rng.standard_normal(n))
            book[f"{side}_price_{level:02d}"] = mid - sign * distance
            book[f"{side}_size_{level:02d}"] = size[side, level]
            distance = distance + close * 5e-5 * rng.uniform(0.5, 1.5, n)

    def depth(side, levels):
        return sum(size[side, level] for level in range(1, levels + 1))

    def imbalance(levels):
        bid, ask = depth("bid", levels), depth("ask", levels)
        return (bid - ask) / (bid + ask)

    best_bid, best_ask = book["bid_price_01"], book["ask_price_01"]
    bid_share = size["bid", 1] / (size["bid", 1] + size["ask", 1])
    book["spread_bps"] = (best_ask - best_bid) / mid * 1e4
    book["mid_price"] = (best_ask + best_bid) / 2
    book["micro_price"] = best_ask * bid_share + best_bid * (1 - bid_share)
    book["imbalance_01"] = imbalance(1)
    book["imbalance_05"] = imbalance(5)
    book["imbalance_10"] = imbalance(10)
    book["bid_depth"] = depth("bid", LEVELS)
    book["ask_depth"] = depth("ask", LEVELS)
    book["depth_ratio"] = book["bid_depth"] / book["ask_depth"]
    book["order_flow"] = np.diff(book["bid_depth"] - book["ask_depth"], prepend=0.0)
    return book


def _candles(rng, regime, returns, close, pressure):
    n = len(close)
    opening = np.concatenate(([START_PRICE], close[:-1])) * (1 + 2e-5 * rng.standard_normal(n))
    reach = close * REGIME_NOISE[regime] * 0.6
    high = np.maximum(opening, close) + reach * np.abs(rng.standard_normal(n))
    low = np.minimum(opening, close) - reach * np.abs(rng.standard_normal(n))
    volume = 12.0 * np.exp(120 * np.abs(returns) + 0.35 * rng.standard_normal(n) + 0.15 * np.abs(regime - 1))
    taker_share = 0.5 + 0.12 * np.tanh(0.4 * pressure + 0.8 * rng.standard_normal(n))
    vwap = (high + low + 2 * close) / 4
    trades = np.ceil(volume * 25 * np.exp(0.2 * rng.standard_normal(n)))
    width = np.maximum(high - low, 1e-9)
    true_range = np.maximum(high, np.roll(close, 1)) - np.minimum(low, np.roll(close, 1))
    return {
        "open": opening,
        "high": high,
        "low": low,
        "close": close,
        "vwap": vwap,
        "volume": volume,
        "quote_volume": volume * vwap,
        "trade_count": trades,
        "trade_size": volume / trades,
        "taker_buy_volume": volume * taker_share,
        "taker_buy_share": taker_share,
        "volume_delta": volume * (2 * taker_share - 1),
        "volume_ratio_20": volume / _rolling(np.mean, volume, 20),
        "body_bps": (close - opening) / opening * 1e4,
        "range_bps": width / opening * 1e4,
        "true_range_bps": true_range / opening * 1e4,
        "upper_wick_bps": (high - np.maximum(opening, close)) / opening * 1e4,
        "lower_wick_bps": (np.minimum(opening, close) - low) / opening * 1e4,
        "close_position": (close - low) / width,
        "close_to_vwap_bps": (close - vwap) / vwap * 1e4,
        "return_01_bps": returns * 1e4,
        "return_05_bps": _change(close, 5) * 1e4,
        "return_15_bps": _change(close, 15) * 1e4,
        "return_30_bps": _change(close, 30) * 1e4,
        "volatility_20_bps": _rolling(np.std, returns, 20) * 1e4,
    }


def _indicators(candle):
    close, high, low, volume = candle["close"], candle["high"], candle["low"], candle["volume"]
    mean_20, deviation_20 = _rolling(np.mean, close, 20), _rolling(np.std, close, 20)
    highest_14, lowest_14 = _rolling(np.max, high, 14), _rolling(np.min, low, 14)
    highest_50, lowest_50 = _rolling(np.max, high, 50), _rolling(np.min, low, 50)
    typical = (high + low + close) / 3
    typical_deviation = _rolling(lambda w, axis: np.abs(w - w.mean(axis, keepdims=True)).mean(axis), typical, 20)
    true_range = candle["true_range_bps"] * candle["open"] / 1e4
    range_14 = _smooth(true_range, 14)
    macd = _smooth(close, 12) - _smooth(close, 26)
    macd_signal = _smooth(macd, 9)
    stochastic = 100 * (close - lowest_14) / (highest_14 - lowest_14)
    direction = np.sign(np.diff(close, prepend=close[0]))
    rise, fall = np.diff(high, prepend=high[0]), -np.diff(low, prepend=low[0])
    plus = 100 * _smooth(np.where((rise > fall) & (rise > 0), rise, 0.0), 14) / range_14
    minus = 100 * _smooth(np.where((fall > rise) & (fall > 0), fall, 0.0), 14) / range_14
    flow = typical * volume * np.sign(np.diff(typical, prepend=typical[0]))
    money_in, money = _rolling(np.sum, np.maximum(flow, 0), 14), _rolling(np.sum, np.abs(flow), 14)
    log_return = np.diff(np.log(close), prepend=np.log(close[0]))
    trend = 100 * _smooth(_smooth(log_return, 25), 13) / _smooth(_smooth(np.abs(log_return) + 1e-12, 25), 13)
    aroon_up = 100 * _rolling(np.argmax, high, 25) / 24
    aroon_down = 100 * _rolling(np.argmin, low, 25) / 24
    volume_mean, volume_deviation = _rolling(np.mean, volume, 20), _rolling(np.std, volume, 20)
    return {
        "rsi_07": _rsi(close, 7),
        "rsi_14": _rsi(close, 14),
        "rsi_21": _rsi(close, 21),
        "ema_gap_05_bps": (close / _smooth(close, 5) - 1) * 1e4,
        "ema_gap_10_bps": (close / _smooth(close, 10) - 1) * 1e4,
        "ema_gap_20_bps": (close / _smooth(close, 20) - 1) * 1e4,
        "ema_gap_50_bps": (close / _smooth(close, 50) - 1) * 1e4,
        "sma_gap_20_bps": (close / mean_20 - 1) * 1e4,
        "sma_gap_50_bps": (close / _rolling(np.mean, close, 50) - 1) * 1e4,
        "macd": macd,
        "macd_signal": macd_signal,
        "macd_histogram": macd - macd_signal,
        "bollinger_upper": mean_20 + 2 * deviation_20,
        "bollinger_lower": mean_20 - 2 * deviation_20,
        "bollinger_width_bps": 4 * deviation_20 / mean_20 * 1e4,
        "bollinger_position": (close - mean_20) / (2 * deviation_20),
        "stochastic_k": stochastic,
        "stochastic_d": _rolling(np.mean, stochastic, 3),
        "williams_r_14": stochastic - 100,
        "cci_20": (typical - _rolling(np.mean, typical, 20)) / (0.015 * typical_deviation),
        "momentum_10": close - np.roll(close, 10),
        "rate_of_change_10": _change(close, 10) * 100,
        "rate_of_change_20": _change(close, 20) * 100,
        "atr_14": range_14,
        "atr_14_bps": range_14 / close * 1e4,
        "plus_di_14": plus,
        "minus_di_14": minus,
        "adx_14": _smooth(100 * np.abs(plus - minus) / np.maximum(plus + minus, 1e-9), 14),
        "aroon_25": aroon_up - aroon_down,
        "money_flow_14": 100 * money_in / np.maximum(money, 1e-9),
        "on_balance_volume_50": _rolling(np.sum, direction * volume, 50),
        "donchian_position_50": (close - lowest_50) / (highest_50 - lowest_50),
        "true_strength": trend,
        "volatility_50_bps": _rolling(np.std, log_return, 50) * 1e4,
        "volume_zscore_20": (volume - volume_mean) / volume_deviation,
    }


def _rolling(function, column, length):
    """function over the last length values up to each row; the first value stands in for what came before it."""
    padded = np.concatenate((np.full(length - 1, column[0]), column))
    return function(sliding_window_view(padded, length), axis=1)


def _smooth(column, span):
    """Exponential moving average."""
    weight = 2.0 / (span + 1)
    result = np.empty_like(column)
    value = column[0]
    for t, x in enumerate(column):
        value += weight * (x - value)
        result[t] = value
    return result


def _change(column, steps):
    earlier = np.roll(column, steps)
    earlier[:steps] = column[0]
    return column / earlier - 1


def _rsi(close, span):
    change = np.diff(close, prepend=close[0])
    up, down = _smooth(np.maximum(change, 0), span), _smooth(np.maximum(-change, 0), span)
    return 100 * up / np.maximum(up + down, 1e-9)


def _round(column):
    """Six significant digits: what a feed would send, and short in JSON."""
    with np.errstate(divide="ignore"):
        magnitude = np.floor(np.log10(np.abs(column)))
    magnitude = np.where(np.isfinite(magnitude), magnitude, 0)
    scale = 10.0 ** (SIGNIFICANT_DIGITS - 1 - magnitude)
    return np.round(column * scale) / scale
