#!/bin/sh
set -eu
for f in export/*.json; do
  echo "$f"
done
