CREATE TABLE grants (service TEXT, client TEXT);
INSERT INTO grants VALUES('kTCCServiceCamera', 'com.example.chat');
