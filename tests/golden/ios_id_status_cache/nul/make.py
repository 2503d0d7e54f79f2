#!/usr/bin/python3
"""Writes input.plist: property lists in XML cannot hold NUL bytes."""
import os
import plistlib

USERS = {
    "mailto:attacker@example.com\0\0": {"IDStatus": 1, "LookupDate": 700000000.0},
    "\0\0": {"IDStatus": 2, "LookupDate": 700000001.0},
    "mailto:friend@example.com": {"IDStatus": 1, "LookupDate": 700000002.0},
    "mailto:\0\u00e9@example.com": {"IDStatus": 1, "LookupDate": 700000003.0},
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "input.plist"), "wb") as f:
    plistlib.dump({"CacheVersion": 1, "com.apple.madrid": USERS}, f, fmt=plistlib.FMT_BINARY, sort_keys=False)
