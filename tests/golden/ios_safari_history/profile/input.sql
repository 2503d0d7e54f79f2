CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL);
CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER,
    visit_time REAL);
INSERT INTO history_items VALUES(1, 'https://www.example.org/');
INSERT INTO history_visits VALUES(1, 1, 600000000);
