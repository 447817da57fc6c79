"""What a reply claims, held against what tools answered and what was done."""
