"""Decrypts an iOS backup with Python alone, so that the program can be compared with it.

Shares no code and no library with the program: hashlib, plistlib, sqlite3 and python3-cryptography.
What a damaged file must give follows docs/formats/ios-backup.md.
"""
import hashlib
import os
import plistlib
import sqlite3
import struct
import tempfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

ROOT_FILES = ("Info.plist", "Manifest.plist", "Status.plist")


def read(path):
    with open(path, "rb") as f:
        return f.read()


def tags(bag):
    at = 0
    while at < len(bag):
        name = bag[at:at + 4].decode()
        (n,) = struct.unpack_from(">I", bag, at + 4)
        yield name, bag[at + 8:at + 8 + n]
        at += 8 + n


def class_keys(bag, password):
    """Class number -> key, of the classes that a computer can open."""
    head, classes = {}, []
    for name, value in tags(bag):
        if name == "UUID" and "UUID" in head:
            classes.append({})
        (classes[-1] if classes else head)[name] = value
    key = password
    if "DPSL" in head:
        key = hashlib.pbkdf2_hmac("sha256", key, head["DPSL"], int.from_bytes(head["DPIC"], "big"), 32)
    key = hashlib.pbkdf2_hmac("sha1", key, head["SALT"], int.from_bytes(head["ITER"], "big"), 32)
    return {int.from_bytes(c["CLAS"], "big"): aes_key_unwrap(key, c["WPKY"]) for c in classes
            if int.from_bytes(c["WRAP"], "big") == 2}, key


def cbc(key, data):
    d = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    return d.update(data) + d.finalize()


def wrapped_key(keys, blob):
    """The key in LE32 class and wrapped key, or None."""
    key = keys.get(int.from_bytes(blob[:4], "little"))
    try:
        return aes_key_unwrap(key, blob[4:]) if key else None
    except InvalidUnwrap:
        return None


def mbfile(blob):
    p = plistlib.loads(blob)
    objects = p["$objects"]
    root = objects[p["$top"]["root"].data]
    key = root.get("EncryptionKey")
    if isinstance(key, plistlib.UID):
        key = objects[key.data]
        key = key["NS.data"] if isinstance(key, dict) else key
    return root.get("Size"), key


def cut(data, size):
    """The true content of what was decrypted: padding decides, then the size told, else all."""
    pad = data[-1] if data else 0
    if 1 <= pad <= 16 and data.endswith(bytes([pad]) * pad):
        return data[:-pad]
    return data[:size] if size is not None and size <= len(data) else data


def safe_name(domain, path):
    def part(s):
        if s in (".", ".."):
            return "%2e" * len(s)
        return "".join(f"%{ord(c):02x}" if ord(c) < 32 or ord(c) == 127 else c for c in s)
    return "/".join([part(domain.replace("/", "%2f")), *map(part, path.split("/"))])


class Backup:
    def __init__(self, folder, password):
        self.folder = folder
        self.keys = None
        self.kek = None
        manifest = read(os.path.join(folder, "Manifest.db"))
        if password is not None:
            plist = plistlib.loads(read(os.path.join(folder, "Manifest.plist")))
            self.keys, self.kek = class_keys(plist["BackupKeyBag"], password)
            manifest = cbc(wrapped_key(self.keys, plist["ManifestKey"]), manifest)
        if len(manifest) % 512 == 16:
            manifest = manifest[:-16]
        self.manifest = manifest

    def rows(self):
        with tempfile.NamedTemporaryFile(suffix=".db") as t:
            t.write(self.manifest)
            t.flush()
            db = sqlite3.connect(f"file:{t.name}?mode=ro&immutable=1", uri=True)
            yield from db.execute("SELECT fileID, domain, relativePath, flags, file FROM Files")
            db.close()

    def content(self, file_id, blob):
        """The bytes that must come out, or None."""
        path = os.path.join(self.folder, file_id[:2], file_id)
        size, key = mbfile(blob)
        if not os.path.exists(path):
            return b"" if size == 0 and key is None else None
        data = read(path)
        if self.keys is None or key is None or not data:
            return data
        file_key = wrapped_key(self.keys, key)
        if file_key is None:
            return None
        return cut(cbc(file_key, data[:len(data) // 16 * 16]), size)

    def files(self):
        """Name below DEST -> bytes, of everything that can be had."""
        out = {name: read(os.path.join(self.folder, name)) for name in ROOT_FILES
               if os.path.exists(os.path.join(self.folder, name))}
        out["Manifest.db"] = self.manifest
        lost = []
        for file_id, domain, path, flags, blob in self.rows():
            if flags != 1:
                continue
            data = self.content(file_id, blob)
            if data is None:
                lost.append(f"{domain}/{path}")
            else:
                out[safe_name(domain, path)] = data
        return out, lost
