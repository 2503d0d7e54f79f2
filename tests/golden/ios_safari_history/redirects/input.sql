CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE,
    visit_count INTEGER NOT NULL);
CREATE TABLE history_visits (id INTEGER PRIMARY KEY,
    history_item INTEGER NOT NULL, visit_time REAL NOT NULL,
    redirect_source INTEGER UNIQUE, redirect_destination INTEGER UNIQUE);
INSERT INTO history_items VALUES(1, 'http://Example.org/', 1);
INSERT INTO history_items VALUES(2, 'https://www.example.org/', 1);
INSERT INTO history_items VALUES(3, 'http://example.com', 1);
INSERT INTO history_items VALUES(4, 'https://shop.example.com?x', 1);
INSERT INTO history_items VALUES(5, 'http://news.example.net/story', 1);
INSERT INTO history_items VALUES(6, 'https://other.example/', 1);
INSERT INTO history_items VALUES(7, 'about:blank', 1);
INSERT INTO history_items VALUES(8, 'HTTP://user:pw@host.example.:8080/', 1);
INSERT INTO history_items VALUES(9, 'https://[2001:db8::1]:443/#f', 1);
INSERT INTO history_visits VALUES(1, 1, 700000000, NULL, 2);
INSERT INTO history_visits VALUES(2, 2, 700000000.0624, 1, NULL);
INSERT INTO history_visits VALUES(3, 3, 700000100, NULL, 4);
INSERT INTO history_visits VALUES(4, 4, 700000100.5, 3, NULL);
INSERT INTO history_visits VALUES(5, 5, 700000200, NULL, 6);
INSERT INTO history_visits VALUES(6, 6, 700000200.125, 5, 7);
INSERT INTO history_visits VALUES(7, 5, 700000199.5, 6, 8);
INSERT INTO history_visits VALUES(8, 6, 700000201, 7, NULL);
INSERT INTO history_visits VALUES(9, 7, 700000300, NULL, 10);
INSERT INTO history_visits VALUES(10, 8, 700000301, 9, 11);
INSERT INTO history_visits VALUES(11, 9, 700000302, 10, NULL);
