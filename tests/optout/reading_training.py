"""What do the pieces of a reply weigh, and above which sum is a reply doubted?

`python -m tests.optout.reading_training` learns it from the corpus and writes
`optout/phrases/weights.tsv`. The same lines give the same file, byte by byte, on any machine: their
order is a hash, and nothing is computed but sums, products, quotients and square roots.

It learns a linear model by squared hinge loss, as AdaGrad goes. The threshold is the sum that one
in five ordinary replies reaches when it is weighed by what was learnt without it and a fifth of the
others. Many of those were sought out for sounding like a refusal.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from math import fsum, sqrt
from pathlib import Path

import optout
from optout.reading_model import Intent
from optout.reading_spelling import spelling
from optout.reading_weights import LEANING, ONE, Weights, pieces, written
from tests.optout import reading_corpus as corpus

FILE = Path(optout.__file__).parent / "phrases" / "weights.tsv"

LEARNT = (*corpus.LANGUAGES, *corpus.HELD_OUT, *corpus.LEARNT)

_DOUBTED = 1 / 5
_FOLDS = 5
_ROUNDS = 6
_STEP = 0.15
_SHRINK = 0.05

Told = tuple[str, bool]  # a reply in the spelling compared, and whether it refuses


def told() -> list[Told]:
    """What keywords leave to phrases and weights, each spelling once, and not what stays unseen."""
    refuses: dict[str, bool] = {}
    for line in corpus.lines(*LEARNT):
        spelled = spelling(line.text)
        if spelled and line.pending is None and not line.read().rule.startswith("keyword"):
            refuses[spelled] = line.intent in {Intent.WITHDRAW, Intent.UNSURE}
    return list(refuses.items())


def learn(known: Sequence[Told]) -> Weights:
    """The weights of these replies, in thousandths, without a threshold."""
    cuts = {spelled: sorted(pieces(spelled)) for spelled, _ in known}
    numbers = {piece: n for n, piece in enumerate(sorted(set(chain(*cuts.values()))))}
    weights, steps, leaning = [0.0] * len(numbers), [1e-6] * len(numbers), 0.0
    for spelled, refuses in _in_turn(known):
        found = [numbers[piece] for piece in cuts[spelled]]
        scale = 1 / sqrt(len(found))
        side = 1 if refuses else -1
        short = 1 - side * (leaning + scale * fsum(weights[n] for n in found))
        if short <= 0:
            continue
        for n in found:
            slope = _SHRINK * weights[n] - side * short * scale
            steps[n] += slope * slope
            weights[n] -= _STEP * slope / sqrt(steps[n])
        leaning += 0.01 * side * short
    of = {piece: round(weights[n] * ONE) for piece, n in numbers.items()}
    return Weights(0.0, of | {LEANING: round(leaning * ONE)})


def threshold(known: Sequence[Told]) -> float:
    """What one in five ordinary replies reaches, weighed by what was learnt without it."""
    calm = []
    for fold in range(_FOLDS):
        learnt = learn([one for one in known if _fold(one) != fold])
        calm += [learnt.weigh(one[0]) for one in known if not one[1] and _fold(one) == fold]
    calm.sort(reverse=True)
    return round(calm[int(len(calm) * _DOUBTED)], 2)


def made() -> str:
    """The file as the corpus gives it."""
    known = told()
    return written(Weights(threshold(known), learn(known).of, origin()))


def origin() -> str:
    """A hash of the files learnt from: other lines ask for other weights."""
    return _hash("".join((corpus.HOME / f"{name}.txt").read_text("utf-8") for name in LEARNT)).hex()


def _in_turn(known: Sequence[Told]) -> Iterator[Told]:
    for round_ in range(_ROUNDS):
        yield from sorted(known, key=lambda one: _hash(f"{round_} {one[0]}"))


def _fold(one: Told) -> int:
    return _hash(one[0])[0] % _FOLDS


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


if __name__ == "__main__":
    text = made()
    FILE.write_text(text, encoding="utf-8")
    print(f"{len(text.splitlines()) - 1} weights, threshold {text.split()[0]}")  # noqa: T201
