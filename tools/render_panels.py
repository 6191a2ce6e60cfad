#!/usr/bin/env python3
"""Draws the panels of the Grafana dashboard from a live Prometheus, without Grafana: the same expressions, the same titles.

    tools/render_panels.py http://127.0.0.1:9090 docs/images/dashboard.png --minutes 5

Needs chromium on the PATH. Only what the dashboard uses is drawn: stat, timeseries and heatmap."""
import argparse
import html
import json
import math
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

DASHBOARD = pathlib.Path(__file__).resolve().parent.parent / "config/grafana/dashboards/ml-model-server.json"
COLOURS = ["#5794f2", "#73bf69", "#f2cc0c", "#ff780a", "#f2495c", "#b877d9", "#8ab8ff", "#96d98d"]
COLUMN, UNIT = 50, 30
POINTS = 120


def ask(prometheus, path, **parameters):
    with urllib.request.urlopen(f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
        return json.load(answer)["data"]["result"]


def expression(target):
    return target["expr"].replace("$instance", ".*").replace("$__rate_interval", "1m")


def name(series, target):
    labels = series["metric"]
    legend = target.get("legendFormat") or ", ".join(f"{key}={value}" for key, value in labels.items())
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), legend)


def shown(value, unit):
    if value is None or math.isnan(value):
        return "–"
    if unit == "s":
        return f"{value * 1000:.3g} ms" if abs(value) < 1 else f"{value:.3g} s"
    if unit == "bytes":
        return f"{value / 2 ** 20:.0f} MiB"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    return f"{value:.4g}" + (f"/{unit[-1]}" if unit in ("reqps", "ops") else "")


def collect(prometheus, panel, start, end):
    step = max(1, (end - start) / POINTS)
    found = []
    for target in panel.get("targets", []):
        for series in ask(prometheus, "query_range", query=expression(target), start=start, end=end, step=step):
            points = [(float(when), float(value)) for when, value in series["values"] if value not in ("NaN", "+Inf", "-Inf")]
            if points:
                found.append((name(series, target), series["metric"], points))
    return found


def timeseries(panel, series, start, end, width, height, unit):
    top = max((value for _, _, points in series for _, value in points), default=1) or 1
    low = min(0, min((value for _, _, points in series for _, value in points), default=0))
    left, bottom, right = 70, height - 46, width - 10
    x = lambda when: left + (when - start) / (end - start) * (right - left)
    y = lambda value: bottom - (value - low) / (top - low) * (bottom - 34)
    parts = []
    for part in range(4):
        value = low + (top - low) * part / 3
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#2c3235"/>'
                     f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{shown(value, unit)}</text>')
    legend = []
    for number, (label, _, points) in enumerate(series[:8]):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x(when):.1f},{y(value):.1f}" for when, value in points)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{path}"/>')
        legend.append(f'<tspan fill="{colour}">━ </tspan>{html.escape(label)[:40]}  ')
    for part in range(4):
        when = start + (end - start) * part / 3
        anchor = ("start", "middle", "middle", "end")[part]
        parts.append(f'<text x="{x(when):.1f}" y="{bottom + 14}" text-anchor="{anchor}">{time.strftime("%H:%M:%S", time.gmtime(when))}</text>')
    parts.append(f'<text x="{left}" y="{height - 10}">{"".join(legend)}</text>')
    return "".join(parts) if series else empty(width, height)


def heatmap(panel, series, start, end, width, height, unit):
    rows = sorted((float(labels["le"]), dict(points)) for _, labels, points in series if "le" in labels)
    if not rows:
        return empty(width, height)
    left, bottom, right = 70, height - 30, width - 10
    times = sorted({when for _, points in rows for when in points})
    cells, most = [], 0
    for number, (bound, points) in enumerate(rows):
        below = rows[number - 1][1] if number else {}
        for when in times:
            value = max(0, points.get(when, 0) - below.get(when, 0))
            most = max(most, value)
            cells.append((number, when, value))
    wide, high = (right - left) / max(1, len(times)), (bottom - 34) / len(rows)
    parts = []
    for number, when, value in cells:
        if value > 0 and most > 0:
            x = left + (when - start) / (end - start) * (right - left)
            parts.append(f'<rect x="{x:.1f}" y="{bottom - (number + 1) * high:.1f}" width="{wide + 0.6:.1f}" height="{high:.1f}" '
                         f'fill="#f2cc0c" fill-opacity="{(value / most) ** 0.5:.2f}"/>')
    for number, (bound, _) in enumerate(rows):
        if number % 2 == 0 or len(rows) < 9:
            parts.append(f'<text x="{left - 6}" y="{bottom - (number + 0.3) * high:.1f}" text-anchor="end">'
                         f'{"more" if math.isinf(bound) else "≤ " + shown(bound, unit)}</text>')
    return "".join(parts)


def stat(panel, series, start, end, width, height, unit):
    value = series[0][2][-1][1] if series else float("nan")
    return f'<text x="{width / 2}" y="{height / 2 + 24}" text-anchor="middle" font-size="34" fill="#73bf69">{shown(value, unit)}</text>'


def empty(width, height):
    return f'<text x="{width / 2}" y="{height / 2 + 6}" text-anchor="middle">No data</text>'


def draw(prometheus, panel, start, end):
    place = panel["gridPos"]
    left, top, width, height = place["x"] * COLUMN, place["y"] * UNIT, place["w"] * COLUMN - 8, place["h"] * UNIT - 8
    title = html.escape(panel["title"])
    if panel["type"] == "row":
        return f'<text x="{left + 4}" y="{top + 20}" font-size="16" fill="#fff">▾ {title}</text>'
    unit = panel.get("fieldConfig", {}).get("defaults", {}).get("unit", "short")
    if panel["type"] == "heatmap":
        unit = panel.get("options", {}).get("yAxis", {}).get("unit", unit)
    kind = {"timeseries": timeseries, "heatmap": heatmap, "stat": stat}[panel["type"]]
    body = kind(panel, collect(prometheus, panel, start, end), start, end, width, height, unit)
    return (f'<g transform="translate({left},{top})"><rect width="{width}" height="{height}" rx="3" fill="#181b1f" stroke="#2c3235"/>'
            f'<text x="10" y="20" font-size="13" fill="#fff">{title}</text>{body}</g>')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prometheus")
    parser.add_argument("png", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--rows", help="only the rows whose titles match, e.g. 'Traffic|Latency'")
    options = parser.parse_args()
    end = time.time()
    start = end - 60 * options.minutes
    panels, wanted, y = [], True, 0
    dashboard = json.loads(DASHBOARD.read_text())
    shift = 0
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            wanted = not options.rows or re.search(options.rows, panel["title"])
            if wanted:
                shift = panel["gridPos"]["y"] - y
        if wanted:
            panel["gridPos"]["y"] -= shift
            y = max(y, panel["gridPos"]["y"] + panel["gridPos"]["h"])
            panels.append(draw(options.prometheus, panel, start, end))
    width, height = 24 * COLUMN, y * UNIT
    page = (f'<html><body style="margin:0;background:#111217"><svg width="{width}" height="{height}" font-family="Liberation Sans, DejaVu Sans, sans-serif" '
            f'font-size="11" fill="#ccccdc">{"".join(panels)}</svg></body></html>')
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "page.html"
        source.write_text(page)
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                        "--disable-sync", "--no-first-run", f"--user-data-dir={folder}/profile", f"--window-size={width},{height}",
                        f"--screenshot={options.png.resolve()}", source.as_uri()], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    print(f"{options.png}: {len(panels)} panels and rows")


if __name__ == "__main__":
    main()
