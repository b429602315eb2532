"""Cases written without sight of the code, their verdicts fixed before the first run.

They measure how the product does on what it was not built against. Once run, a set is a regression
test like any other: the figure that counts is that of its first run, which the changelog names.
"""
