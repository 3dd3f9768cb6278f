"""Where no phrase knows a reply, do its letters and words weigh toward a refusal?

Pure. Each piece of a reply (two to five letters of a word, one to three words, one to four signs
where words are not spaced) has a weight that was learnt from replies whose meaning is known. Their
sum, over the root of how many pieces there are, is held against a threshold: what lies above it is
doubted. This can turn none into unsure and do nothing else.

The weights stand in `phrases/weights.tsv`, one a line: a whole number, a tab, the piece. The first
line has the threshold and a hash of the lines learnt from. The file is made from the corpus by
`python -m tests.optout.reading_training`, always the same from the same lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from math import sqrt

from optout.reading_model import Intent, Reading, Scope

ONE = 1_000  # a weight of one, as the file writes it
LEANING = "="  # the piece that every reply has: how far a reply leans before anything is read

_LETTERS = (2, 3, 4, 5)
_SIGNS = (1, 2, 3, 4)
_LONG = 6  # what has more words, or three times as many signs, is all of one length


@dataclass(frozen=True, slots=True)
class Weights:
    """What each piece weighs, in thousandths; the sum from which a reply is doubted; a hash of what
    they were learnt from.
    """

    threshold: float
    of: Mapping[str, int]
    origin: str = ""

    def weigh(self, spelled: str) -> float:
        """How far a reply leans to refusal: about -1 to 1, more than that where it is long."""
        found = pieces(spelled)
        total = sum(self.of.get(piece, 0) for piece in found)
        return (self.of.get(LEANING, 0) + total / sqrt(len(found))) / ONE


def doubted(spelled: str) -> Reading | None:
    """Unsure, for a reply in which something is written and that weighs enough."""
    learnt = weights()
    if spelled and learnt.weigh(spelled) >= learnt.threshold:
        return Reading(Intent.UNSURE, Scope.ALL, spelled, "weights")
    return None


@cache
def weights() -> Weights:
    """Those of the file, read when the first reply needs them."""
    file = resources.files("optout") / "phrases" / "weights.tsv"
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """What a file of weights says. Raises `ValueError` for a line without a number in front."""
    first, *rest = (line.partition("\t") for line in text.splitlines())
    return Weights(int(first[0]) / ONE, {piece: int(weight) for weight, _, piece in rest}, first[2])


def written(learnt: Weights) -> str:
    """The same as a file."""
    lines = [f"{round(learnt.threshold * ONE)}\t{learnt.origin}"]
    lines += [f"{weight}\t{piece}" for piece, weight in sorted(learnt.of.items())]
    return "\n".join(lines) + "\n"


def pieces(spelled: str) -> set[str]:
    """What a reply is made of, in the spelling compared; never empty."""
    found = {_length(spelled)}
    said = spelled.split()
    for word in said:
        if word.isascii():
            found.update(_cut(f"^{word}$", _LETTERS))
            found.add(f"^{word}$")
    bounded = ["<", *said, ">"]
    found.update(map(" ".join, pairwise(bounded)))
    found.update(map(" ".join, zip(bounded, bounded[1:], bounded[2:], strict=False)))
    if not spelled.isascii():
        found.update(_cut(f"<{spelled.replace(' ', '')}>", _SIGNS))
    return found


def _cut(text: str, sizes: tuple[int, ...]) -> set[str]:
    return {text[at : at + size] for size in sizes for at in range(len(text) - size + 1)}


def _length(spelled: str) -> str:
    if spelled.isascii():
        return f"#{min(spelled.count(' ') + 1, _LONG)}"
    return f"##{min(len(spelled) // 3, _LONG)}"
