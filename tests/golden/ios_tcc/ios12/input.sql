CREATE TABLE access (service TEXT NOT NULL, client TEXT NOT NULL,
    client_type INTEGER NOT NULL, allowed INTEGER NOT NULL,
    prompt_count INTEGER NOT NULL, csreq BLOB, policy_id INTEGER,
    last_modified INTEGER);
INSERT INTO access VALUES('kTCCServicePhotos', 'com.example.chat', 0, 1, 1,
    NULL, NULL, 1550000000);
INSERT INTO access VALUES('kTCCServiceCamera', 'com.example.chat', 0, 0, 2,
    NULL, NULL, 1550000060);
