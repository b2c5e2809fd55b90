"""Writes test/fixtures/over-seeds.json: intervals over seeds by SciPy.

    .venv/bin/python test/reference/over_seeds.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "fixtures" / "over-seeds.json"

rng = np.random.default_rng(7)


def mean_interval(values):
    n = len(values)
    low, high = stats.t.interval(0.95, n - 1, loc=np.mean(values), scale=stats.sem(values))
    return {"low": low, "high": high}


def case(n, m, shift, scale):
    a = rng.normal(1.0, 0.1, n)
    b = rng.normal(1.0 + shift, scale, m)
    out = {
        "a": a.tolist(),
        "b": b.tolist(),
        "median": float(np.median(a)),
        "mean": float(np.mean(a)),
        "interval": mean_interval(a),
    }
    welch = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    out["welch"] = {"low": welch.low, "high": welch.high}
    if n == m:
        pair = stats.ttest_rel(a, b)
        ci = pair.confidence_interval(0.95)
        out["paired"] = {"low": ci.low, "high": ci.high, "p": pair.pvalue}
        d = a - b
        seeds = n
        half = lambda k: stats.t.ppf(0.975, k - 1) * d.std(ddof=1) / np.sqrt(k)
        while half(seeds) >= abs(d.mean()) and seeds < 1000:
            seeds += 1
        out["seeds"] = seeds
    return out


def reach(n):
    """The narrowest symmetric pair of order statistics with at least 95 %, or the whole range."""
    best = (0, 1 - 2 * stats.binom.cdf(0, n, 0.5))
    for left in range(1, (n + 1) // 2):
        confidence = 1 - 2 * stats.binom.cdf(left, n, 0.5)
        if confidence < 0.95:
            break
        best = (left, confidence)
    return {"count": n, "left": best[0], "confidence": best[1]}


TARGET.write_text(
    json.dumps(
        {
            "criticalT": [
                {"freedom": f, "value": stats.t.ppf(0.975, f)}
                for f in [0.7, 1, 1.5, 2, 3, 4, 7.25, 9, 29, 63, 100, 999, 20000]
            ],
            "cases": [
                case(2, 2, 0.3, 0.1),
                case(3, 3, 0.02, 0.1),
                case(3, 3, 0.8, 0.1),
                case(5, 5, 0.1, 0.2),
                case(5, 5, -0.5, 0.01),
                case(16, 16, 0.05, 0.1),
                case(2, 7, 0.1, 0.4),
                case(4, 9, 1.0, 0.3),
            ],
            "reaches": [reach(n) for n in [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 17, 25, 64, 200]],
        },
        indent=1,
        default=float,
    )
    + "\n"
)
