"""Writes test/fixtures/quality/measures.json: every measure by NumPy and SciPy, from the papers' formulas.

    .venv/bin/python test/reference/quality.py

The rows come from `rows` below, which `test/quality/reference.ts` has too, so the fixture keeps values only. Nothing here
is shared with the application: distances are `cdist`, the matrix root is `sqrtm`, quantiles are NumPy's.
"""

import json
from pathlib import Path

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist, pdist
from scipy.stats import mannwhitneyu

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "fixtures" / "quality" / "measures.json"


def rows(count, width, seed, shift=0.0, scale=1.0):
    """Numbers that look like chance and are the same in any language: sums of sines of index products."""
    i = np.arange(count * width, dtype=np.float64) + 1
    a = np.sin(i * 12.9898 + seed * 78.233) * 43758.5453
    b = np.sin(i * 39.3467 + seed * 11.135) * 24634.6345
    values = (a - np.floor(a)) + (b - np.floor(b)) - 1
    return (values * scale + shift).reshape(count, width).astype(np.float32).astype(np.float64)


def fd(x, y):
    c, d = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = sqrtm(c @ d)
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(c + d - 2 * root.real))


def parts(x, count):
    size = len(x) // count
    return [x[i * size : (i + 1) * size if i < count - 1 else len(x)] for i in range(count)]


def fd_infinity(x, y):
    def mean(count):
        size = 4 // count
        qx, qy = parts(x, 4), parts(y, 4)
        joined = lambda q, i: np.concatenate(q[i * size : (i + 1) * size])
        return np.mean([fd(joined(qx, i), joined(qy, i)) for i in range(count)])

    return float(np.polyfit([1, 2, 4], [mean(1), mean(2), mean(4)], 1)[1])


def kid(x, y):
    count = int(np.ceil(min(len(x), len(y)) / 1000))
    values = []
    for part in range(count):
        n, m = len(x) // count, len(y) // count
        a, b = x[part * n : (part + 1) * n], y[part * m : (part + 1) * m]
        k = lambda u, v: (u @ v.T / u.shape[1] + 1) ** 3
        kaa, kbb, kab = k(a, a), k(b, b), k(a, b)
        values.append(
            (kaa.sum() - np.trace(kaa)) / (n * (n - 1))
            + (kbb.sum() - np.trace(kbb)) / (m * (m - 1))
            - 2 * kab.mean()
        )
    return float(np.mean(values))


def prdc(x, y, k=5):
    rx = np.sort(cdist(x, x), axis=1)[:, k]
    ry = np.sort(cdist(y, y), axis=1)[:, k]
    d = cdist(x, y)
    return {
        "precision": float((d < rx[:, None]).any(0).mean()),
        "recall": float((d < ry[None, :]).any(1).mean()),
        "density": float((d < rx[:, None]).sum(0).mean() / k),
        "coverage": float((d.min(1) < rx).mean()),
    }


def relative(x, train, k=5):
    d = np.sort(cdist(x, train), axis=1)[:, :k]
    return d[:, 0] / d[:, 1:].mean(1)


def memorisation(held, fake, train):
    return float((relative(fake, train) <= np.quantile(relative(held, train), 0.01)).mean())


def auth_pct(fake, train):
    d = cdist(fake, train)
    own = cdist(train, train)
    np.fill_diagonal(own, np.inf)
    nearest = d.argmin(1)
    return float(100 * (d.min(1) > own.min(1)[nearest]).mean())


def duplicates(real, fake):
    def nearest(x):
        d = cdist(x, x)
        np.fill_diagonal(d, np.inf)
        return d.min(1)

    return float((nearest(fake) <= np.sqrt(np.quantile(nearest(real) ** 2, 0.01))).mean())


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def class_coverage(real, fake):
    def shares(logits):
        p = softmax(logits)
        sure = p.max(1) >= 0.9
        return np.bincount(p.argmax(1)[sure], minlength=p.shape[1]) / len(p)

    return float(np.minimum(shares(real), shares(fake)).sum())


def auc(real, fake):
    return float(mannwhitneyu(real, fake).statistic / (len(real) * len(fake)))


def fits():
    """Losses of a fit and their gradients by the outputs, by PyTorch in float64."""
    logits = torch.tensor(rows(6, 5, 21, scale=4), requires_grad=True)
    classes = torch.tensor([0, 4, 2, 2, 1, 3])
    loss = torch.nn.functional.cross_entropy(logits, classes)
    loss.backward()
    output = torch.tensor(rows(4, 7, 22), requires_grad=True)
    target = torch.tensor(rows(4, 7, 23))
    square = torch.nn.functional.mse_loss(output, target)
    square.backward()
    return {
        "classes": classes.tolist(),
        "crossEntropy": loss.item(),
        "crossEntropyGradient": logits.grad.flatten().tolist(),
        "squaredError": square.item(),
        "squaredErrorGradient": output.grad.flatten().tolist(),
    }


def case(x, y):
    return {
        "fd": fd(x, y),
        "fdInfinity": fd_infinity(x, y),
        "kid": kid(x, y),
        **prdc(x, y),
        "diversity": float(np.median(pdist(y)) / np.median(pdist(x))),
        "duplicates": duplicates(x, y),
    }


def main():
    train = rows(400, 12, 5)
    held = rows(150, 12, 6)
    copies = np.concatenate([train[:60] + rows(60, 12, 7, scale=0.02), rows(90, 12, 8)])
    scores = (np.round(rows(80, 1, 9, 0.3), 1).ravel(), np.round(rows(90, 1, 10), 1).ravel())
    fixture = {
        "moved": case(rows(240, 8, 1), rows(200, 8, 2, 0.25)),
        "narrow": case(rows(240, 8, 1), rows(240, 8, 3, 0, 0.5)),
        "many": {"kid": kid(rows(1300, 8, 1), rows(1201, 8, 2, 0.1))},
        "copies": {
            "memorisation": memorisation(held, copies, train),
            "authPct": auth_pct(copies, train),
        },
        "fresh": {
            "memorisation": memorisation(held, rows(150, 12, 11), train),
            "authPct": auth_pct(rows(150, 12, 11), train),
        },
        "classCoverage": class_coverage(rows(300, 4, 12, scale=6), rows(200, 4, 13, scale=6)),
        "auc": auc(*scores),
        "quantile": float(np.quantile(rows(57, 1, 14).ravel(), 0.01)),
        "fits": fits(),
    }
    TARGET.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
