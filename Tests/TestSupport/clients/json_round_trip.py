"""Parses and writes documents with Python's json.

json_round_trip.py FILE: FILE contains a document in hexadecimal on each line. For each line the script prints the document
with sorted members, or "refused". It also refuses repeated names, NaN and infinite numbers.
"""
import json
import math
import sys


def unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("repeated name")
    return dict(pairs)


def finite(text):
    if not math.isfinite(float(text)):
        raise ValueError("not finite")
    return float(text)


def refuse(name):
    raise ValueError(name)


for line in open(sys.argv[1]):
    try:
        text = bytes.fromhex(line).decode("utf-8", "strict")
        value = json.loads(text, object_pairs_hook=unique, parse_float=finite, parse_constant=refuse)
        print(json.dumps(value, sort_keys=True))
    except (ValueError, RecursionError):
        print("refused")
