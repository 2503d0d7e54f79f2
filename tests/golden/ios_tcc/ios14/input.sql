CREATE TABLE access (service TEXT NOT NULL, client TEXT NOT NULL,
    client_type INTEGER NOT NULL, auth_value INTEGER NOT NULL,
    auth_reason INTEGER NOT NULL, auth_version INTEGER NOT NULL, csreq BLOB,
    policy_id INTEGER, indirect_object_identifier_type INTEGER,
    indirect_object_identifier TEXT NOT NULL DEFAULT 'UNUSED',
    indirect_object_code_identity BLOB, flags INTEGER,
    last_modified INTEGER NOT NULL,
    PRIMARY KEY (service, client, client_type, indirect_object_identifier));
CREATE TABLE expired (service TEXT NOT NULL, client TEXT NOT NULL,
    client_type INTEGER NOT NULL, csreq BLOB, last_modified INTEGER NOT NULL,
    expired_at INTEGER NOT NULL, PRIMARY KEY (service, client, client_type));
INSERT INTO access VALUES('kTCCServiceMicrophone', 'com.example.recorder', 0,
    2, 2, 1, NULL, NULL, NULL, 'UNUSED', NULL, 0, 1700000000);
INSERT INTO access VALUES('kTCCServiceCamera', '/usr/libexec/exampled', 1,
    0, 4, 1, NULL, NULL, NULL, 'UNUSED', NULL, 0, 1700000100);
INSERT INTO access VALUES('kTCCServiceLiverpool', 'com.example.sync', 0,
    3, 77, 1, NULL, NULL, 0, 'com.example.other', NULL, 0, 1700000200);
INSERT INTO access VALUES('kTCCServiceUbiquity', 'com.example.odd', 0,
    2, 0, 1, NULL, NULL, NULL, 'UNUSED', NULL, 0, 'yesterday');
INSERT INTO expired VALUES('kTCCServicePhotos', 'com.example.gone', 0, NULL,
    1690000000, 1700000300);
