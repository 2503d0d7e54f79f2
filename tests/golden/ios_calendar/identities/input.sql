CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, summary TEXT,
    start_date REAL, end_date REAL, organizer_id INTEGER);
CREATE TABLE Participant (ROWID INTEGER PRIMARY KEY, identity_id INTEGER,
    owner_id INTEGER, is_self INTEGER);
CREATE TABLE Identity (display_name TEXT, address TEXT);
INSERT INTO Identity VALUES('Somebody', 'mailto:somebody@example.com');
INSERT INTO Identity VALUES('Other', 'tel:+15550100002');
INSERT INTO Identity VALUES('Third', 'third@example.com');
INSERT INTO Participant VALUES(10, 1, 1, 0);
INSERT INTO Participant VALUES(11, 3, 1, NULL);
INSERT INTO Participant VALUES(12, 2, 2, 0);
INSERT INTO CalendarItem VALUES(1, 'One', 700000000, 700003600, 10);
INSERT INTO CalendarItem VALUES(2, 'Two', 700100000, 700103600, 12);
