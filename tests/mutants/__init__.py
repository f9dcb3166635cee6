"""Rules with one mistake each, to see that the rules' own tests find it."""
