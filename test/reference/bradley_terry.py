"""Bradley-Terry skills with half a win on each side, by SciPy's general minimiser: the reference of
test/shared/tournament.test.ts. Run: python test/reference/bradley_terry.py > test/fixtures/bradley-terry.json"""

import json

import numpy as np
from scipy.optimize import minimize

Z = 1.959963984540054


def fit(players, pairings):
    def loss(skills):
        total = 0.0
        for i, j, games, wins in pairings:
            d = skills[i] - skills[j]
            total += (wins + 0.5) * np.logaddexp(0, -d)
            total += (games - wins + 0.5) * np.logaddexp(0, d)
        # Fixes the mean at 0 without moving any difference.
        return total + 0.5 * players * np.mean(skills) ** 2

    found = minimize(loss, np.zeros(players), method="BFGS", options={"gtol": 1e-9})
    skills = found.x - found.x.mean()
    hessian = np.zeros((players, players))
    for i, j, games, _ in pairings:
        p = 1 / (1 + np.exp(skills[j] - skills[i]))
        e = np.zeros(players)
        e[i], e[j] = 1, -1
        hessian += (games + 1) * p * (1 - p) * np.outer(e, e)
    deviation = np.sqrt(np.diag(np.linalg.pinv(hessian)))
    return [
        {"value": s, "low": s - Z * d, "high": s + Z * d}
        for s, d in zip(skills, deviation)
    ]


def main():
    random = np.random.default_rng(4)
    cases = [(2, [[0, 1, 10, 10.0]]), (3, [[0, 1, 8, 6.5], [1, 2, 20, 3.0]])]
    pairings = [
        [i, j, 100, float(np.round(100 * random.beta(2, 1), 2))]
        for i in range(4)
        for j in range(4, 9)
    ]
    cases.append((9, pairings))
    names = ["first", "second", "games", "wins"]
    print(
        json.dumps(
            [
                {
                    "players": n,
                    "pairings": [dict(zip(names, row)) for row in rows],
                    "skills": fit(n, rows),
                }
                for n, rows in cases
            ]
        )
    )


main()
