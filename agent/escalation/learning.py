"""From the examples to the weights of ``Sense``. The only module here that knows scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC

from agent.escalation.examples import EXAMPLES, Sample, load_samples
from agent.escalation.freshness import SENSE, digest_of
from agent.escalation.hearing import Ear
from agent.escalation.lexicon import LANGUAGES
from agent.escalation.meaning import Meaning
from agent.escalation.sense import Sense
from agent.escalation.signals import Signal
from agent.escalation.traits import SIZE, Rows, rows_of
from agent.understanding.digest import EXAMPLES as ORDINARY
from agent.understanding.examples import load_examples
from agent.understanding.noise import misspell
from agent.understanding.reading import Intent
from agent.understanding.text import words_of

_STRICTNESS: Final = 1.0
_WANTED_COUNTS: Final = 4.0
"""How much more a line that means something counts than one that does not: a miss is the worse mistake."""

_TOLD: Final = frozenset(
    {Intent.ITEM_PROBLEM, Intent.ACCOUNT_HELP, Intent.PAYMENT_PROBLEM, Intent.DELIVERY_PROBLEM, Intent.OUT_OF_SCOPE}
)
"""Intents whose examples may tell of something grave by the way."""

_JOINTS: Final = (". ", ", ", " ", "\n", "; ")

_GRAVE: Final = frozenset(
    {
        Signal.HUMAN_REQUEST,
        Signal.SAFETY,
        Signal.HAZARD,
        Signal.LEGAL,
        Signal.FRAUD,
        Signal.SELF_HARM,
        Signal.VULNERABLE,
        Signal.DATA_PRIVACY,
    }
)
_LOOKED_FOR: Final = frozenset(
    {
        Meaning.HUMAN_REQUEST,
        Meaning.SAFETY,
        Meaning.LEGAL,
        Meaning.FRAUD,
        Meaning.VULNERABLE,
        Meaning.DATA_PRIVACY,
        Meaning.COMPLEXITY,
        Meaning.VALUE,
    }
)
"""What an ordinary message surely does not mean; it may well be impatient, or told of a fault."""


@dataclass(frozen=True, slots=True)
class LearningReport:
    """What was learnt from: lines of our own and ordinary ones, both with their misspelt copies not counted."""

    samples: int
    ordinary: int
    path: Path


def learn(out_path: Path, folder: Path = EXAMPLES) -> LearningReport:
    """Learn from every example and write the weights; the same examples give the same weights.

    Raises:
        ValueError: An example file cannot be read, or a meaning has no example.

    """
    ear = Ear.load()
    samples, ordinary = load_samples(folder), tuple(ordinary_lines(ear))
    write(fit([*samples, *ordinary], ear), out_path, digest_of(folder))
    return LearningReport(len(samples), len(ordinary), out_path)


def write(sense: Sense, out_path: Path, digest: str) -> None:
    """The weights that are not zero, in a byte each, with the digest of what they were learnt from."""
    scale = np.float32(np.abs(sense.weights).max() / 127.0)
    values = np.rint(sense.weights / scale).astype(np.int8)
    used = np.flatnonzero(values.any(axis=1))
    out_path.parent.mkdir(parents=True, exist_ok=True)
    with out_path.open("wb") as file:
        np.savez_compressed(
            file,
            rows=used.astype(np.int32),
            values=values[used],
            scale=scale,
            bias=sense.bias,
            digest=np.array(digest),
        )


def fit(samples: Sequence[Sample], ear: Ear) -> Sense:
    """One linear classifier a meaning.

    Raises:
        ValueError: A meaning has no example.

    """
    own = [sample for sample in samples if not sample.unknown]
    plain = [sample for sample in samples if sample.unknown]
    varied = [*plain, *_misspelt(own), *_joined(own, plain)]
    seen = [*own, *varied]
    matrix = _matrix([*(_rows(sample.text, ear) for sample in own), *(_rows(sample.text) for sample in varied)])
    columns = np.unique(matrix.indices)
    compact = matrix[:, columns]
    weights = np.zeros((SIZE, len(Meaning)), dtype=np.float32)
    bias = np.zeros(len(Meaning), dtype=np.float32)
    for place, meaning in enumerate(Meaning):
        known = np.array([meaning not in sample.unknown for sample in seen])
        wanted = np.array([meaning in sample.means for sample in seen])[known]
        if not wanted.any():
            raise ValueError(f"no example for {meaning}")
        machine = LinearSVC(
            C=_STRICTNESS, class_weight={True: _WANTED_COUNTS, False: 1.0}, tol=0.03, random_state=7
        ).fit(compact[known], wanted)
        weights[columns, place] = machine.coef_[0]
        bias[place] = machine.intercept_[0]
    return Sense(weights, bias)


def ordinary_lines(ear: Ear) -> Iterator[Sample]:
    """The reader's own examples, as messages that call for nobody but where they ask for a person.

    Complaints are left out, and lines in which the lexicon hears something grave: they were not written for this.
    """
    for example in load_examples(ORDINARY):
        asks = Intent.HUMAN_AGENT in example.intents
        if Intent.COMPLAINT in example.intents:
            continue
        if _TOLD & set(example.intents) and not asks and _GRAVE & ear.hear_shopper(example.text).hits.keys():
            continue
        means = frozenset({Meaning.HUMAN_REQUEST} if asks else ())
        yield Sample(example.text, example.language, means, example.source, frozenset(Meaning) - _LOOKED_FOR)


def _misspelt(samples: Sequence[Sample]) -> Iterator[Sample]:
    """A copy of every line with slips of the thumb, where there are any.

    Learnt without what the lexicon hears in them, so that the words have to carry the meaning by themselves too.
    """
    for sample in samples:
        text = misspell(sample.text, Random(sample.text))
        if text != sample.text:
            yield Sample(text, sample.language, sample.means, sample.source)


def _joined(samples: Sequence[Sample], ordinary: Sequence[Sample]) -> Iterator[Sample]:
    """Every other line in the middle of a longer message, since what matters is often said by the way."""
    around = {
        language: [line.text for line in ordinary if line.language == language and not line.means]
        for language in LANGUAGES
    }
    for sample in samples[::2]:
        random = Random(f"joined {sample.text}")
        before, after = random.choice(around[sample.language]), random.choice(around[sample.language])
        joint = random.choice(_JOINTS)
        way = random.randrange(3)
        text = sample.text if way == 1 else f"{before.rstrip(' .')}{joint}{sample.text}"
        if way:
            text = f"{text.rstrip(' .')}{joint}{after}"
        yield Sample(text, sample.language, sample.means, sample.source)


def _rows(text: str, ear: Ear | None = None) -> Rows:
    heard = ear.hear_shopper(text) if ear else None
    return rows_of(words_of(text), heard.hits if heard else (), heard.turned_down if heard else ())


def _matrix(rows: Sequence[Rows]) -> csr_matrix:
    counts: NDArray[np.int64] = np.array([len(row) for row in rows])
    values = np.repeat(1.0 / np.sqrt(counts), counts)
    starts = np.concatenate(([0], np.cumsum(counts)))
    ordered = [np.sort(row) for row in rows]  # sets give their members in another order in each process
    return csr_matrix((values, np.concatenate(ordered), starts), shape=(len(rows), SIZE))


if __name__ == "__main__":
    learn(SENSE)
