"""Reads logs and HAR files of any size in flat memory: what is about the API is cut out of them."""
