"""Letters to the outside: written with the turn they tell of, delivered until acknowledged, and what comes back."""
