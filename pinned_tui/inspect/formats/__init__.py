"""Files and texts of other tools in which requests stand: one module for each format."""
