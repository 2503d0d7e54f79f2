CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
    summary TEXT, description TEXT, start_date REAL, start_tz TEXT,
    end_date REAL, all_day INTEGER, calendar_id INTEGER, organizer_id INTEGER,
    url TEXT, last_modified REAL, external_id TEXT, unique_identifier TEXT,
    hidden INTEGER, UUID TEXT, creation_date REAL, action TEXT,
    conference_url TEXT, conference_url_detected TEXT);
CREATE TABLE Participant (ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_type INTEGER, identity_id INTEGER, owner_id INTEGER, UUID TEXT,
    email TEXT, phone_number TEXT, is_self INTEGER, last_modified REAL);
INSERT INTO Participant VALUES(1, 8, NULL, 1, 'U1', 'Mailto@Example.com',
    '+15550100001', 0, 700000500);
INSERT INTO Participant VALUES(2, 7, NULL, 1, 'U2', 'owner@example.org', NULL, 1, NULL);
INSERT INTO Participant VALUES(3, 7, NULL, 1, 'U3', 'mailto:third@example.net', NULL, 0, NULL);
INSERT INTO Participant VALUES(4, 7, NULL, 1, 'U4', NULL, '+15550100004', 0, NULL);
INSERT INTO Participant VALUES(5, 8, NULL, 2, 'U5', 'owner@example.org', NULL, 1, NULL);
INSERT INTO Participant VALUES(6, 8, NULL, 8, 'U6', 'attacker@example.com', NULL, 0, NULL);
INSERT INTO CalendarItem VALUES(1, 'Dinner', 'see www.menu.example and https://item.example/1',
    700000000, 'Europe/Berlin', 700003600, 0, 3, 1, 'https://item.example/1',
    699990000.5, '/calendars/1.ics', 'uid-1', 0, 'I1', 699980000, '',
    'https://meet.example/room', 'https://meet.example/room');
INSERT INTO CalendarItem VALUES(2, 'Mine', NULL, 700010000, '_float', 700013600,
    1, 3, 5, '', 700000000, NULL, 'uid-2', 1, 'I2', 700000000, NULL, NULL, NULL);
INSERT INTO CalendarItem VALUES(3, 'Nobody', NULL, 700020000, NULL, NULL, 0, 3,
    NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO CalendarItem VALUES(4, 'Birthday', NULL, -12517804800, '_float',
    -12517718400, 1, 4, NULL, NULL, NULL, NULL, NULL, 0, NULL, 700000000, NULL,
    NULL, NULL);
INSERT INTO CalendarItem VALUES(5, 'Old birthday', NULL, -1609372800, '_float',
    -1609286400, 1, 4, NULL, NULL, NULL, NULL, NULL, 0, NULL, 700000000, NULL,
    NULL, NULL);
INSERT INTO CalendarItem VALUES(6, 'Gone', NULL, 700040000, NULL, 700043600, 0, 3,
    99, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO CalendarItem VALUES(7, 'Odd', NULL, 'not a date', NULL, 1e300, 0, 3,
    NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO CalendarItem VALUES(8, 'Meeting', 'Notes', 600000000, 'GMT',
    600003600, 0, 3, 6, NULL, 700000100, NULL, 'uid-8', 0, 'I8', 700000100, NULL,
    NULL, NULL);
