"""Opens an iPhone backup with nothing of Telassay: plistlib, sqlite3 and
python3-cryptography. Plain or encrypted; for tests of the generator."""
import hashlib
import os
import plistlib
import sqlite3
import struct
import tempfile


def be32(v):
    return struct.unpack(">I", v)[0]


class Backup:
    """files: {(domain, path): Entry}; read() gives an entry's bytes."""

    def __init__(self, root, password=None):
        self.root = root
        with open(os.path.join(root, "Manifest.plist"), "rb") as f:
            self.manifest = plistlib.load(f)
        self.encrypted = self.manifest["IsEncrypted"]
        with open(os.path.join(root, "Manifest.db"), "rb") as f:
            db = f.read()
        if self.encrypted:
            self._unlock(password)
            db = self._decrypt(self._file_key(self.manifest["ManifestKey"]), db)
        self.files = {}
        for fid, domain, path, flags, blob in rows(db, "SELECT * FROM Files"):
            objects = plistlib.loads(blob)["$objects"]
            self.files[domain, path] = (fid, flags, objects)

    def _unlock(self, password):
        from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

        bag, at = self.manifest["BackupKeyBag"], 0
        head, current, classes, uuids = {}, None, {}, 0
        while at < len(bag):
            tag, n = bag[at:at + 4].decode(), be32(bag[at + 4:at + 8])
            value = bag[at + 8:at + 8 + n]
            at += 8 + n
            if tag == "UUID":
                uuids += 1
                current = head if uuids == 1 else {}
            if current is None:
                current = head
            if tag == "CLAS":
                classes[be32(value)] = current
            current[tag] = value
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), head["DPSL"], be32(head["DPIC"]), 32)
        kek = hashlib.pbkdf2_hmac("sha1", key, head["SALT"], be32(head["ITER"]), 32)
        self.keys = {c: aes_key_unwrap(kek, v["WPKY"]) for c, v in classes.items()}

    def _file_key(self, wrapped):
        from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

        return aes_key_unwrap(self.keys[struct.unpack("<I", wrapped[:4])[0]], wrapped[4:])

    @staticmethod
    def _decrypt(key, data):
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        d = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
        return d.update(data) + d.finalize()

    def place(self, fid):
        return os.path.join(self.root, fid[:2], fid)

    def read(self, domain, path):
        """The bytes, or None when they are not in the backup."""
        fid, flags, objects = self.files[domain, path]
        if flags != 1 or not os.path.exists(self.place(fid)):
            return None
        with open(self.place(fid), "rb") as f:
            data = f.read()
        if not self.encrypted:
            return data
        wrapped = objects[objects[1]["EncryptionKey"].data]["NS.data"]
        data = self._decrypt(self._file_key(wrapped), data)
        pad = data[-1]
        assert 1 <= pad <= 16 and data[-pad:] == bytes([pad]) * pad, path
        return data[:-pad]


def rows(db, sql):
    """Rows of a query over a database's bytes."""
    with tempfile.NamedTemporaryFile(suffix=".db") as f:
        f.write(db)
        f.flush()
        c = sqlite3.connect(f"file:{f.name}?immutable=1", uri=True)
        out = c.execute(sql).fetchall()
        c.close()
        return out
