CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE,
    domain_expansion TEXT, visit_count INTEGER NOT NULL);
CREATE TABLE history_visits (id INTEGER PRIMARY KEY,
    history_item INTEGER NOT NULL, visit_time REAL NOT NULL, title TEXT,
    load_successful BOOLEAN NOT NULL DEFAULT 1,
    http_non_get BOOLEAN NOT NULL DEFAULT 0,
    synthesized BOOLEAN NOT NULL DEFAULT 0, redirect_source INTEGER UNIQUE,
    redirect_destination INTEGER UNIQUE, origin INTEGER NOT NULL DEFAULT 0);
CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL,
    end_time REAL, url TEXT, generation INTEGER);
INSERT INTO history_items VALUES(1, 'http://short.example/x', NULL, 1);
INSERT INTO history_items VALUES(2, 'https://www.example.org/page', NULL, 2);
INSERT INTO history_items VALUES(7, 'https://left.example/', NULL, 3);
INSERT INTO history_visits VALUES(1, 1, 700000000.0, NULL, 1, 0, 0, NULL, 2, 0);
INSERT INTO history_visits VALUES(2, 2, 700000000.25, 'A page', 1, 0, 0, 1, NULL, 0);
INSERT INTO history_visits VALUES(3, 2, 700000100.0, 'A page', 0, 1, 0, NULL, NULL, 1);
INSERT INTO history_visits VALUES(4, 99, 700000200.0, 'Gone', 1, 0, 0, NULL, 98, 0);
INSERT INTO history_tombstones VALUES(1, 690000000, 690000100,
    'https://removed.example/', 0);
