"""Is it any good: scenarios, simulated shoppers, graders, reports."""
