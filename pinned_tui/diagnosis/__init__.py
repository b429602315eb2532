"""From observations to ranked verdicts, by a catalogue of causes that is data. Pure."""
