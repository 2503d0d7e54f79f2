CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT,
    handle_id INTEGER, service TEXT, date INTEGER, is_from_me INTEGER);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid TEXT,
    created_date INTEGER, start_date INTEGER, filename TEXT, uti TEXT,
    mime_type TEXT, transfer_state INTEGER, is_outgoing INTEGER,
    transfer_name TEXT, total_bytes INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER,
    attachment_id INTEGER);
INSERT INTO handle VALUES(1, '+15550100001', 'iMessage');
INSERT INTO handle VALUES(2, 'someone@example.com', 'iMessage');
INSERT INTO message VALUES(10, 'm10', NULL, 1, 'iMessage',
    700000000000000000, 0);
INSERT INTO message VALUES(11, 'm11', NULL, 2, 'iMessage',
    700000001000000000, 1);
INSERT INTO attachment VALUES(1, 'a1', 700000000, 700000001,
    '~/Library/SMS/Attachments/ab/11/A1/IMG_0001.HEIC', 'public.heic',
    'image/heic', 5, 0, 'IMG_0001.HEIC', 1000);
INSERT INTO attachment VALUES(2, 'a2', 700000002, 0,
    '/var/tmp/com.example/Media-1', NULL, NULL, 5, 0, 'Media-1', 20);
INSERT INTO attachment VALUES(3, 'a3', 700000003, 0,
    '~/Library/SMS/Attachments/cd/13/A3/sent.pdf', 'com.adobe.pdf',
    'application/pdf', 5, 1, 'sent.pdf', 30);
INSERT INTO attachment VALUES(4, 'a4', 700000004, 0, NULL, NULL, NULL, 0, 0,
    NULL, NULL);
INSERT INTO message_attachment_join VALUES(10, 1);
INSERT INTO message_attachment_join VALUES(10, 2);
INSERT INTO message_attachment_join VALUES(11, 3);
INSERT INTO message_attachment_join VALUES(99, 4);
