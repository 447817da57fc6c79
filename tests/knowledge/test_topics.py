"""Topics are learnt from phrasings alike each time, and the model says when a text is about none of them."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.concepts import Concepts
from knowledge.features import Features
from knowledge.learning import learn_topics, tabulate
from knowledge.phrasings import NONE, Phrasing
from knowledge.topics import Reading, TopicModel

LINES = {
    "returns": [
        "how long to return it",
        "return deadline",
        "can I send it back",
        "too late to return",
        "return window",
    ],
    "tracking": ["where is my order", "track my parcel", "is my order in transit", "order status", "follow my parcel"],
    NONE: ["will it rain", "tell me a joke", "soup recipe", "who is the president", "cheap flights", "sing a song"],
}
CONCEPTS = Concepts.of({"return": ["return*", "send it back"], "money": ["refund*"]})


def learn(*topics: str) -> TopicModel:
    examples = [Phrasing(text, topic, "en") for topic in topics for text in LINES[topic]]
    return learn_topics(examples, Features.learn([example.text for example in examples], CONCEPTS))


@pytest.mark.parametrize(
    ("text", "topic"),
    [("could I return it?", "returns"), ("where's my parcel", "tracking"), ("a joke about the president", NONE)],
)
def test_the_likeliest_topic_is_the_one_asked_about(text, topic):
    reading = learn(*LINES).read(text)
    assert max(reading.chances, key=lambda each: reading.chances[each]) == topic
    assert sum(reading.chances.values()) == pytest.approx(1)
    assert reading.answerable == (topic != NONE)


@pytest.mark.parametrize("topics", [("returns",), ("returns", "tracking"), (NONE, "returns")])
def test_one_topic_or_two_are_enough_to_learn_from(topics):
    reading = learn(*topics).read("return deadline")
    assert max(reading.chances, key=lambda each: reading.chances[each]) == "returns"
    assert reading.supports("returns")


def test_without_questions_that_are_none_of_ours_everything_is_answerable():
    assert learn("returns", "tracking").read("will it rain").answerable


def test_the_same_examples_give_the_same_model():
    one, other = learn(*LINES), learn(*LINES)
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.bias, other.bias)
    assert (one.sharpness, one.floor) == (other.sharpness, other.floor)


def test_a_topic_level_with_the_likeliest_supports_an_answer_too():
    reading = Reading({"a": 0.5, "b": 0.3, "c": 0.1, NONE: 0.1}, answerable=True)
    assert [topic for topic in ("a", "b", "c", NONE, "d") if reading.supports(topic)] == ["a", "b"]
    assert not Reading({"a": 0.9, NONE: 0.1}, answerable=False).supports("a")


def test_a_phrasing_without_words_is_a_row_of_nothing():
    features = Features.learn(["???", "return it"], CONCEPTS)
    rows = tabulate(["???", "return it"], features).toarray()
    assert np.linalg.norm(rows, axis=1) == pytest.approx([0, 1], abs=0.05)
