"""What the commands do: each takes its parsed options and returns an exit code."""
