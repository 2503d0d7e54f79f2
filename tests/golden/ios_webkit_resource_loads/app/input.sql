CREATE TABLE ObservedDomains (domainID INTEGER PRIMARY KEY,
    registrableDomain TEXT NOT NULL, lastSeen REAL NOT NULL);
INSERT INTO ObservedDomains VALUES(1, 'ads.example', 1700000000);
