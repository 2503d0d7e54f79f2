#!/usr/bin/python3
"""Writes the property lists of this case: some hold others as data."""
import os
import plistlib

HERE = os.path.dirname(os.path.abspath(__file__))


def meta(**keys):
    return {"iTunesMetadata": plistlib.dumps(keys), "PlaceholderIcon": b"\x89PNG"}


INFO = {
    "Product Version": "17.5.1",
    "Applications": {
        "com.example.mail": meta(itemName="Mail", artistName="Example Vendor", bundleShortVersionString="1.2", bundleVersion="120",
                                 softwareVersionBundleId="com.example.mail", sourceApp="com.apple.AppStore",
                                 **{"com.apple.iTunesStore.downloadInfo": {"purchaseDate": "2024-01-11T10:00:00Z"}}),
        "com.example.other": meta(itemName="Other", softwareVersionBundleId="com.example.hidden", sourceApp="com.example.installer"),
        "com.example.anonymous": meta(itemName="Anonymous", **{"com.apple.iTunesStore.downloadInfo": {"purchaseDate": "soon"}}),
        "com.example.damaged": {"iTunesMetadata": b"no property list"},
        "com.example.empty": {},
    },
    "Installed Applications": ["com.example.mail", "com.example.loose", "com.example.other", 7],
}
MANIFEST = {
    "IsEncrypted": True,
    "Applications": {
        "com.example.mail": {"CFBundleIdentifier": "com.example.mail", "CFBundleVersion": "120",
                             "Path": "/var/containers/Bundle/Application/0/Mail.app"},
        "com.example.phone": {"CFBundleVersion": "3"},
        "com.example.flat": "no dictionary",
    },
}
for name, root in (("input.plist", INFO), ("beside-Manifest.plist", MANIFEST)):
    with open(os.path.join(HERE, name), "wb") as f:
        plistlib.dump(root, f)
