"""Draws the results as an SVG, without a library."""

from pathlib import Path

WIDTH, HEIGHT = 860, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 130, 24, 40
COLOURS = ("#8a8f98", "#2f6fde")
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def write_chart(path, named, first, last, step_millis):
    """named: (name, book) pairs. first, last: the indices that the axis spans. step_millis: what one index lasts."""
    Path(path).write_text(chart(named, first, last, step_millis), encoding="utf-8")


def chart(named, first, last, step_millis):
    values = [0.0] + [pnl for _, book in named for _, pnl in book.curve]
    low, high = min(values), max(values)
    span = (high - low) or 0.01

    def x(index):
        return LEFT + (WIDTH - LEFT - RIGHT) * (index - first) / max(1, last - first)

    def y(pnl):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - pnl) / span

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    parts += _rules(low, high, span, y)
    hours = (last - first) * step_millis / 3_600_000
    for part in range(5):
        index = first + (last - first) * part / 4
        parts.append(f'<text x="{x(index):.1f}" y="{HEIGHT - 16}" fill="#555" text-anchor="middle">{hours * part / 4:.3g} h</text>')
    for (name, book), colour in zip(named, COLOURS):
        points = [(first, 0.0), *book.curve]
        line = " ".join(f"{x(index):.1f},{y(pnl):.1f}" for index, pnl in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x(points[-1][0]) + 8:.1f}" y="{y(points[-1][1]) + 4:.1f}" fill="{colour}">'
                     f"{name} {book.pnl:+.1%}</text>")
    return "\n".join((*parts, "</svg>", ""))


def _rules(low, high, span, y):
    """Lines across at round values, at most eight."""
    step = next((step for step in STEPS if span / step <= 8), STEPS[-1])
    for number in range(int(low / step) - 1, int(high / step) + 2):
        value = number * step
        if low <= value <= high:
            yield (f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
                   f'stroke="{"#999" if number == 0 else "#e3e5e8"}"/>')
            yield f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" fill="#555" text-anchor="end">{value:.1%}</text>'
