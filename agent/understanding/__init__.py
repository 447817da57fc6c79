"""What the shopper says, read without a model: language, intents, entities, emotion, yes or no."""
