"""Makes small iOS backups in every odd state, with Python alone (python3-cryptography).

Independent of `telassay sample`: generator and reader of the program cannot be wrong together.
"""
import datetime
import hashlib
import os
import plistlib
import sqlite3
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

UID = plistlib.UID
PASSWORD = "a password"
CLASSES = {11: 3, 10: 3, 9: 3, 8: 2, 7: 2, 6: 2, 5: 2, 4: 2, 3: 2, 2: 2, 1: 2}  # number -> WRAP


def secret(name, n=32):
    return hashlib.shake_256(b"telassay test " + name.encode()).digest(n)


def tag(name, value):
    value = struct.pack(">I", value) if isinstance(value, int) else value
    return name.encode() + struct.pack(">I", len(value)) + value


def cbc(key, data):
    e = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return e.update(data) + e.finalize()


def padded(data):
    n = 16 - len(data) % 16
    return data + bytes([n]) * n


def content_id(domain, path):
    return hashlib.sha1(f"{domain}-{path}".encode()).hexdigest()


def mbfile(path, size, cls, wrapped):
    """The archived object that a row's last column holds."""
    root = {"LastModified": 1700000000, "LastStatusChange": 1700000001, "Birth": 1700000002, "Flags": 0,
            "GroupID": 501, "UserID": 501, "InodeNumber": 1, "Mode": 0o100644, "ProtectionClass": cls,
            "Size": size, "RelativePath": UID(2)}
    objects = ["$null", root, path]
    if wrapped is not None:
        root["EncryptionKey"] = UID(3)
        objects += [{"NS.data": wrapped, "$class": UID(4)},
                    {"$classname": "NSMutableData", "$classes": ["NSMutableData", "NSData", "NSObject"]}]
    root["$class"] = UID(len(objects))
    objects.append({"$classname": "MBFile", "$classes": ["MBFile", "NSObject"]})
    return plistlib.dumps({"$version": 100000, "$archiver": "NSKeyedArchiver", "$top": {"root": UID(1)},
                           "$objects": objects}, fmt=plistlib.FMT_BINARY, sort_keys=False)


def small_db(text="hello"):
    """The bytes of a small database."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE t(v)")
    db.executemany("INSERT INTO t VALUES(?)", [(f"{text} {i}",) for i in range(600)])
    db.commit()
    return db.serialize()


class Maker:
    """Collects files, then writes the backup. Change attributes in between to make it odd."""

    def __init__(self, folder, password=None, dpic=1000, rounds=100):
        self.folder = folder
        self.password = password
        self.dpic, self.rounds = dpic, rounds
        self.plain_manifest = False  # encrypted contents, Manifest.db in clear: iOS 10.0 and 10.1
        self.prefix = ""             # "Snapshot/" for contents of a backup that broke off
        self.flat = False
        self.marked = password is not None
        self.rows = []
        self.sql = []                # run on Manifest.db at the end
        self.classes = {c: secret(f"class {c}") for c in CLASSES}
        self.lockdown = {"ProductVersion": "17.5.1", "ProductType": "iPhone14,7", "BuildVersion": "21F90",
                         "UniqueDeviceID": "00" * 20, "SerialNumber": "TEST0", "DeviceName": "Phone of a test"}
        self.status = {"SnapshotState": "finished", "IsFullBackup": True, "Version": "3.3"}
        self.damage_bag = lambda bag: bag
        os.makedirs(folder, exist_ok=True)

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)

    def add(self, domain, path, data, cls=3, size=None, flags=1, key=True, stored=None, file_id=None):
        """One file. stored: what lies on disk instead (a function of the stored bytes), or False for nothing."""
        file_id = file_id or content_id(domain, path)
        wrapped = None
        if self.password is not None and key:
            file_key = secret("file " + file_id)
            wrapped = struct.pack("<I", cls) + aes_key_wrap(self.classes.get(cls, bytes(32)), file_key)
        blob = mbfile(path, len(data) if size is None else size, cls, wrapped)
        self.rows.append((file_id, domain, path, flags, blob))
        if stored is False:
            return
        data = cbc(file_key, padded(data)) if wrapped else data
        if stored is not None:
            data = stored(data)
        self.write(self.prefix + ("" if self.flat else file_id[:2] + "/") + file_id, data)

    def bag(self):
        key = self.password.encode()
        salt, first = secret("salt", 20), secret("first salt", 20)
        if self.dpic:
            key = hashlib.pbkdf2_hmac("sha256", key, first, min(self.dpic, 1000), 32)
        kek = hashlib.pbkdf2_hmac("sha1", key, salt, min(self.rounds, 1000), 32)
        bag = tag("VERS", 5) + tag("TYPE", 1) + tag("UUID", bytes(16)) + tag("HMCK", bytes(40)) + tag("WRAP", 0)
        bag += tag("SALT", salt) + tag("ITER", self.rounds)
        if self.dpic:
            bag += tag("DPWT", 1) + tag("DPIC", self.dpic) + tag("DPSL", first)
        for c, wrap in CLASSES.items():
            bag += tag("UUID", bytes(16)) + tag("CLAS", c) + tag("WRAP", wrap) + tag("KTYP", 0)
            bag += tag("WPKY", aes_key_wrap(kek, self.classes[c]))
        return self.damage_bag(bag)

    def database(self):
        db = sqlite3.connect(":memory:")
        db.execute("CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, "
                   "file BLOB)")
        db.execute("CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB)")
        db.executemany("INSERT INTO Files VALUES(?,?,?,?,?)", self.rows)
        for line in self.sql:
            db.execute(line)
        db.commit()
        return db.serialize()

    def finish(self):
        manifest = self.database()
        plist = {"IsEncrypted": self.marked, "Version": "10.0", "Lockdown": self.lockdown,
                 "Date": datetime.datetime(2026, 1, 1)}
        if self.password is not None:
            plist["BackupKeyBag"] = self.bag()
            if not self.plain_manifest:
                key = secret("manifest")
                plist["ManifestKey"] = struct.pack("<I", 3) + aes_key_wrap(self.classes[3], key)
                manifest = cbc(key, manifest)
        self.write("Manifest.db", manifest)
        for name, value in (("Manifest", plist), ("Status", self.status), ("Info", {"Product Name": "iPhone 14"})):
            self.write(name + ".plist", plistlib.dumps(value, fmt=plistlib.FMT_BINARY))
        return self.folder


def usual(folder, password=None, **how):
    """A small sound backup."""
    m = Maker(folder, password, **how)
    m.add("HomeDomain", "Library/SMS/sms.db", small_db())
    m.add("HomeDomain", "Library/Preferences/a.plist", plistlib.dumps({"a": "b"}, fmt=plistlib.FMT_BINARY))
    m.add("HomeDomain", "Library", b"", flags=2, key=False, stored=False)
    return m
