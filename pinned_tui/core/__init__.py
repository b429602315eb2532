"""What every part shares: the clock, private files, labels, and the protocol of the demo."""
