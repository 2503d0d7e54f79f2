#!/usr/bin/env python3
"""Writes input.sql: the rows of a backup's Manifest.db."""
import hashlib
import os
import plistlib

UID = plistlib.UID


def mbfile(relative, times, mode=None, size=None, target=None):
    objects = ["$null", None, relative]
    f = {"$class": UID(0), "Birth": times[0], "LastModified": times[1],
         "LastStatusChange": times[2], "RelativePath": UID(2)}
    if mode is not None:
        f.update({"Mode": mode, "UserID": 501, "GroupID": 501, "Flags": 0,
                  "InodeNumber": 77, "ProtectionClass": 3})
    if size is not None:
        f["Size"] = size
    if target is not None:
        f["Target"] = UID(len(objects))
        objects.append(target)
    f["$class"] = UID(len(objects))
    objects.append({"$classname": "MBFile", "$classes": ["MBFile", "NSObject"]})
    objects[1] = f
    return plistlib.dumps({"$version": 100000, "$archiver": "NSKeyedArchiver",
                           "$top": {"root": UID(1)}, "$objects": objects},
                          fmt=plistlib.FMT_BINARY, sort_keys=False)


def bare(birth):
    f = {"Birth": birth, "LastModified": 1600000000,
         "LastStatusChange": 1600000000, "ProtectionClass": 3}
    return plistlib.dumps({"$version": 100000, "$archiver": "NSKeyedArchiver",
                           "$top": {"root": UID(1)},
                           "$objects": ["$null", f]},
                          fmt=plistlib.FMT_BINARY, sort_keys=False)


T = 1600000000
ROWS = [
    ("HomeDomain", "Library/SMS/sms.db", 1,
     mbfile("Library/SMS/sms.db", (T, T + 5, T + 5), 0o100644, 4096)),
    ("HomeDomain", "Library", 2, mbfile("Library", (T, T, T), 0o40755, 0)),
    ("RootDomain", "Library/link", 4,
     mbfile("Library/link", (T, T + 1, T + 2), 0o120755, 0, "/private/var/tmp/x")),
    ("AppDomain-com.example.browser",
     "Library/WebKit/WebsiteData/LocalStorage/https_www.example.org_0.localstorage",
     1, mbfile("-", (T, T + 9, T), 0o100600, 12)),
    ("CameraRollDomain", "Media/DCIM/100APPLE/IMG_0001.HEIC", 1,
     mbfile("-", (315532800, T, T), 0o100644, 99)),
    ("WirelessDomain", "", 2, mbfile("", (T, T, T), 0o40755, 0)),
    ("MediaDomain", "Library/SMS/Attachments/65/05", 1, bare(1654063494.5)),
    ("HomeDomain", "Library/empty", 1, None),
    ("HomeDomain", "Library/damaged", 1, b"bplist00 and then nothing"),
]

out = ["CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, "
       "relativePath TEXT, flags INTEGER, file BLOB);"]
for domain, relative, flags, blob in ROWS:
    fid = hashlib.sha1(f"{domain}-{relative}".encode()).hexdigest()
    out.append(f"INSERT INTO Files VALUES('{fid}', '{domain}', '{relative}', "
               f"{flags}, {'NULL' if blob is None else 'X' + repr(blob.hex())});")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "input.sql"), "w") as f:
    f.write("\n".join(out) + "\n")
