CREATE TABLE ObservedDomains (domainID INTEGER PRIMARY KEY,
    registrableDomain TEXT NOT NULL, lastSeen REAL NOT NULL,
    hadUserInteraction INTEGER NOT NULL,
    mostRecentUserInteractionTime REAL NOT NULL,
    isPrevalent INTEGER NOT NULL,
    mostRecentWebPushInteractionTime REAL NOT NULL DEFAULT -1);
INSERT INTO ObservedDomains VALUES(1, 'example.org', 1700000000.5, 1,
    1699999999.0, 0, -1);
INSERT INTO ObservedDomains VALUES(2, 'tracker.example', 1700000100, 0, -1, 1,
    -1);
