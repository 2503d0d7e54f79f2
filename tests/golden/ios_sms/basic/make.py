#!/usr/bin/env python3
"""Writes input.sql: the tables message and handle of sms.db."""
import os
import plistlib
import struct

UID = plistlib.UID
T = 700000000


def length(n):
    return bytes([n]) if n < 0x80 else b"\x81" + struct.pack("<H", n)


def attributed(text, link=None):
    """NSAttributedString as a typed stream, its one run with attributes."""
    b = text.encode()
    out = (b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12"
           b"NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84"
           b"\x08NSString\x01\x94\x84\x01+" + length(len(b)) + b +
           b"\x86\x84\x02iI\x01" + length(len(text)) +
           b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i")
    if link is None:
        return out + (b"\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName"
                      b"\x86\x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue"
                      b"\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86")
    u = link.encode()
    return out + (b"\x01\x92\x84\x96\x96\x16__kIMLinkAttributeName\x86\x92\x84"
                  b"\x84\x84\x05NSURL\x00\x94\x84\x01c\x00\x92\x84\x96\x96" +
                  length(len(u)) + u + b"\x86\x86\x86\x86")


def preview(url):
    objects = ["$null", {"richLinkMetadata": UID(2), "$class": UID(5)},
               {"URL": UID(3), "title": UID(6), "$class": UID(5)},
               {"NS.base": UID(0), "NS.relative": UID(4), "$class": UID(5)},
               url, {"$classname": "RichLink", "$classes": ["NSObject"]},
               "A title"]
    return plistlib.dumps({"$version": 100000, "$archiver": "NSKeyedArchiver",
                           "$top": {"root": UID(1)}, "$objects": objects},
                          fmt=plistlib.FMT_BINARY, sort_keys=False)


def edited(first):
    return plistlib.dumps({"ec": {"0": [{"d": float(T), "t": attributed(first)}]},
                           "otr": {"0": {"lo": 0, "le": len(first)}}},
                          fmt=plistlib.FMT_BINARY, sort_keys=False)


NS = 10**9
# text, body, handle, from me, date, read, subject, payload, summary
ROWS = [
    ("Hello (see https://www.example.org/a_(b)).", attributed(
        "Hello (see https://www.example.org/a_(b))."), 1, 0, T * NS,
     (T + 60) * NS, None, None, None),
    (None, attributed("only here: http://body.example/x"), 2, 0,
     (T + 1) * NS, 0, None, None, None),
    ("tap here", attributed("tap here", "https://hidden.example/y"), 1, 0,
     (T + 2) * NS, 0, None, None, None),
    ("a page", None, 1, 0, (T + 3) * NS, 0, None,
     preview("https://preview.example/z"), None),
    ("harmless now", None, 1, 0, (T + 4) * NS, 0, None, None,
     edited("was https://earlier.example/q")),
    ("no handle www.example.com", None, 0, 0, (T + 5) * NS, 0, None, None, None),
    ("I sent https://www.example.org/", None, 2, 1, (T + 6) * NS, 0, None,
     None, None),
    ("old seconds", None, 3, 0, T + 7, 0, "from example.net/s", None, None),
    ("nul\0byte", None, 1, 0, (T + 8) * NS, 0, None, None, None),
    ("from the future", None, 1, 0, 4000000000 * NS, 0, None, None, None),
]


def sql(v):
    if v is None:
        return "NULL"
    if isinstance(v, bytes):
        return "X'" + v.hex() + "'"
    if isinstance(v, str) and "\0" in v:
        return "CAST(X'" + v.encode().hex() + "' AS TEXT)"
    return str(v) if isinstance(v, int) else "'" + v.replace("'", "''") + "'"


out = ["CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);",
       "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, "
       "attributedBody BLOB, handle_id INTEGER, is_from_me INTEGER, date INTEGER, "
       "date_read INTEGER, subject TEXT, payload_data BLOB, "
       "message_summary_info BLOB, service TEXT);",
       "INSERT INTO handle VALUES(1, '+15550100001', 'iMessage');",
       "INSERT INTO handle VALUES(2, 'someone@example.com', 'iMessage');",
       "INSERT INTO handle VALUES(3, 'EXAMPLE', 'SMS');"]
for i, row in enumerate(ROWS, 1):
    values = [i, f"guid-{i}"] + list(row) + ["SMS" if row[2] == 3 else "iMessage"]
    out.append("INSERT INTO message VALUES(" + ", ".join(map(sql, values)) + ");")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "input.sql"), "w") as f:
    f.write("\n".join(out) + "\n")
