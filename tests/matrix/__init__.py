"""The scenario matrix: what can go wrong with an integration, and what must then be said first."""
