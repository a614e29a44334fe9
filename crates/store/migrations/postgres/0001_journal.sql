-- The shard stands first in every key. The application makes all numbers and ids: no sequences, no triggers, no procedures.
-- What is booked is never updated or deleted: journal and outcome only grow.
-- Keys compare by their bytes, whatever the database's collation.

CREATE TABLE journal (
    shard         BIGINT NOT NULL,
    seq           BIGINT NOT NULL CHECK (seq > 0),
    kind          TEXT   NOT NULL,
    person        TEXT   NOT NULL,
    business_date TEXT   NOT NULL,
    booked_at     BIGINT NOT NULL,
    body          TEXT   NOT NULL,
    hash          BYTEA  NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (shard, seq)
);

CREATE TABLE outcome (
    shard   BIGINT NOT NULL,
    key     TEXT   COLLATE "C" NOT NULL,
    request BYTEA  NOT NULL CHECK (length(request) = 32),
    seq     BIGINT,
    refusal TEXT   NOT NULL,
    PRIMARY KEY (shard, key)
);

-- Rows are rewritten in place: room in each page keeps the key's index out of it.
CREATE TABLE "row" (
    shard BIGINT NOT NULL,
    kind  TEXT   COLLATE "C" NOT NULL,
    id    TEXT   COLLATE "C" NOT NULL,
    body  TEXT   NOT NULL,
    PRIMARY KEY (shard, kind, id)
) WITH (fillfactor = 70);

CREATE TABLE head (
    shard     BIGINT NOT NULL PRIMARY KEY,
    seq       BIGINT NOT NULL,
    hash      BYTEA  NOT NULL CHECK (length(hash) = 32),
    booked_at BIGINT NOT NULL
) WITH (fillfactor = 10);

-- For people who look with SQL. Amounts in fen, credit positive.
CREATE VIEW posting AS
SELECT j.shard,
       j.seq,
       e.line - 1              AS line,
       j.business_date,
       e.value ->> 0           AS account,
       (e.value ->> 1)::bigint AS fen
  FROM journal AS j,
       jsonb_array_elements(j.body::jsonb -> 'entry') WITH ORDINALITY AS e (value, line);

CREATE VIEW balance AS
SELECT shard,
       id                            AS account,
       (body::jsonb ->> 'fen')::bigint AS fen,
       (body::jsonb ->> 'seq')::bigint AS seq
  FROM "row"
 WHERE kind = 'balance';
