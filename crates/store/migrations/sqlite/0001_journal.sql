-- The shard stands first in every key. The application makes all numbers and ids.
-- What is booked is never updated or deleted: journal and outcome only grow.

-- Bodies are long, so this table has its rows in order of arrival and the key as a small index beside them.
CREATE TABLE journal (
    shard         INTEGER NOT NULL,
    seq           INTEGER NOT NULL CHECK (seq > 0),
    kind          TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    business_date TEXT    NOT NULL,
    booked_at     INTEGER NOT NULL,
    body          TEXT    NOT NULL,
    hash          BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (shard, seq)
) STRICT;

CREATE TABLE outcome (
    shard   INTEGER NOT NULL,
    key     TEXT    NOT NULL,
    request BLOB    NOT NULL CHECK (length(request) = 32),
    seq     INTEGER,
    refusal TEXT    NOT NULL,
    PRIMARY KEY (shard, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE "row" (
    shard INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    id    TEXT    NOT NULL,
    body  TEXT    NOT NULL,
    PRIMARY KEY (shard, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
    shard     INTEGER NOT NULL PRIMARY KEY,
    seq       INTEGER NOT NULL,
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    booked_at INTEGER NOT NULL
) STRICT;

-- For people who look with SQL. Amounts in fen, credit positive.
CREATE VIEW posting AS
SELECT j.shard,
       j.seq,
       e.key                       AS line,
       j.business_date,
       json_extract(e.value, '$[0]') AS account,
       json_extract(e.value, '$[1]') AS fen
  FROM journal AS j, json_each(j.body, '$.entry') AS e;

CREATE VIEW balance AS
SELECT shard,
       id                          AS account,
       json_extract(body, '$.fen') AS fen,
       json_extract(body, '$.seq') AS seq
  FROM "row"
 WHERE kind = 'balance';
