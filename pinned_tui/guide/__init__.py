"""The vendor's troubleshooting guide as a decision tree: data, its loader, and the walker. Pure."""
