"""Reads the requests to the API out of log lines and HAR files. Pure."""
