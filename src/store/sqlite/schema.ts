// The tables. Each step below is run once, in order, in one transaction at the start; a step that was released is never changed.
import { StoreError } from "../store.ts";
import { number, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** "Bowl": tells our files from others. */
const APPLICATION_ID = 0x426f776c;

const FIRST = `
-- Times are milliseconds since 1970, and REAL because a clock or a random delay may give parts of one; whole ones are stored
-- as small as integers.

-- Names become small numbers once, and keep them.
CREATE TABLE connection (
  id     INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL DEFAULT 'default',
  state  TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'reauthorize', 'paused')),
  reason TEXT,
  since  REAL,
  CHECK ((state = 'active') = (reason IS NULL) AND (state = 'active') = (since IS NULL))
) STRICT;
CREATE TABLE resource (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  -- Kept as counts, so that nobody waits for a count of ten million rows.
  records INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE sync (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  from_resource   INTEGER NOT NULL REFERENCES resource,
  to_resource     INTEGER NOT NULL REFERENCES resource,
  -- 0: the project no longer has it; its rows stay for the day it comes back.
  declared        INTEGER NOT NULL DEFAULT 1 CHECK (declared IN (0, 1)),
  -- 1: it reads and writes both resources.
  two_way         INTEGER NOT NULL DEFAULT 0 CHECK (two_way IN (0, 1)),
  links           INTEGER NOT NULL DEFAULT 0,
  last_cleared_at REAL
) STRICT;

CREATE TABLE arrival (
  id         INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  dedupe_id  TEXT NOT NULL,
  at         REAL NOT NULL,
  headers    TEXT NOT NULL,
  body       BLOB NOT NULL,
  UNIQUE (connection, dedupe_id)
) STRICT;
-- One row. Arrivals up to here were taken up; taking them up does not touch them.
CREATE TABLE arrival_cursor (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  up_to INTEGER NOT NULL
) STRICT;
INSERT INTO arrival_cursor VALUES (1, 0);
-- Arrivals at or before the cursor that are to be taken up again.
CREATE TABLE replay (arrival INTEGER PRIMARY KEY) STRICT;
CREATE TABLE unreadable (
  arrival INTEGER PRIMARY KEY,
  reason  TEXT NOT NULL
) STRICT;

CREATE TABLE record (
  id          INTEGER PRIMARY KEY,
  resource    INTEGER NOT NULL REFERENCES resource,
  key         TEXT NOT NULL,
  version     TEXT,
  -- Empty: nothing was read of it yet.
  hash        TEXT NOT NULL,
  deleted     INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  -- The mark of the last doubt, 0 when there is none; a mark is never used twice, so that a late look cannot take away a newer doubt.
  stale       INTEGER NOT NULL CHECK (stale >= 0 AND stale <= stale_marks),
  stale_marks INTEGER NOT NULL,
  -- When the row last changed; readings that changed nothing are in seen, where many share a row.
  observed_at REAL NOT NULL,
  -- Which deletion took it last, whether or not it has come back since: where we carried one on to it, that one's.
  deletion    TEXT,
  title       TEXT,
  body        ANY,
  UNIQUE (resource, key)
) STRICT;
CREATE INDEX record_title ON record (title) WHERE title IS NOT NULL;
-- Keys of records that became part of another one, and which.
CREATE TABLE former_key (
  resource INTEGER NOT NULL REFERENCES resource,
  former   TEXT NOT NULL,
  key      TEXT NOT NULL,
  PRIMARY KEY (resource, former)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen (
  block INTEGER PRIMARY KEY,
  times BLOB NOT NULL
) STRICT;
-- Bodies are written as they are and deflated later; up to these rows that was done.
CREATE TABLE squeezed (
  what  TEXT PRIMARY KEY CHECK (what IN ('record', 'request')),
  up_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO squeezed VALUES ('record', 0), ('request', 0);
CREATE TABLE scan (
  resource       INTEGER NOT NULL REFERENCES resource,
  kind           TEXT NOT NULL CHECK (kind IN ('changes', 'everything')),
  began_at       REAL,
  cursor         TEXT,
  since          REAL,
  complete_at    REAL,
  records        INTEGER,
  even_unchanged INTEGER CHECK (even_unchanged IN (0, 1)),
  absent         INTEGER,
  covered_until  REAL,
  missed_deletions_at REAL,
  -- JSON: records that the connector could not tell apart.
  unreadable     TEXT,
  -- How often it was begun anew before it came to its end.
  begun_anew     INTEGER,
  PRIMARY KEY (resource, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE pending (
  id            INTEGER PRIMARY KEY,
  sync          INTEGER NOT NULL REFERENCES sync,
  record        INTEGER NOT NULL REFERENCES record,
  -- ready, waiting, sending, unknown or parked; below, what each of them has.
  state         TEXT NOT NULL,
  -- 0 a person, 1 live, 2 scheduled, 3 backfill.
  priority      INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
  seq           INTEGER NOT NULL,
  noted_at      REAL NOT NULL,
  last_noted_at REAL NOT NULL,
  attempts      INTEGER NOT NULL,
  waits         INTEGER NOT NULL,
  until         REAL,
  reason        TEXT,
  on_sync       INTEGER,
  on_record     INTEGER,
  waiting_since REAL,
  cause         TEXT CHECK (cause IS NULL OR cause IN ('mapping', 'invalid', 'denied', 'conflict', 'missing',
                                      'unknown-outcome', 'attempts', 'link', 'exists', 'deleted', 'schema', 'match',
                                      'edited', 'loop', 'deletions', 'bug')),
  todo          TEXT,
  detail        TEXT,
  parked_at     REAL,
  -- The write that was armed, without its fields, which become the link's base as they are.
  write         TEXT,
  fields        TEXT,
  -- When it was armed, until the story tells it.
  sent_at       REAL,
  -- Of a two-way sync: the record's resource, while nobody has looked what it is found by and it is not linked.
  unmatched     INTEGER,
  UNIQUE (sync, record),
  -- One look at the state, and no list of three or more names: SQLite makes a table of such a list at each writing.
  CHECK (CASE state
    WHEN 'ready'   THEN until IS NULL AND reason IS NULL AND cause IS NULL
    WHEN 'waiting' THEN until IS NOT NULL AND reason IS NOT NULL AND cause IS NULL
    WHEN 'sending' THEN until IS NULL AND reason IS NULL AND cause IS NULL AND write IS NOT NULL
    WHEN 'unknown' THEN until IS NOT NULL AND reason IS NOT NULL AND cause IS NULL AND write IS NOT NULL
    WHEN 'parked'  THEN until IS NULL AND reason IS NOT NULL AND cause IS NOT NULL
    ELSE FALSE END),
  CHECK ((cause IS NULL) = (todo IS NULL) AND (cause IS NULL) = (parked_at IS NULL)),
  CHECK (cause IS NOT NULL OR detail IS NULL),
  -- One that is parked since it waited in vain goes on with the link, too.
  CHECK (state = 'waiting' OR cause IS 'link' OR on_sync IS NULL),
  CHECK ((on_sync IS NULL) = (on_record IS NULL) AND (on_sync IS NULL) = (waiting_since IS NULL)),
  CHECK (write IS NOT NULL OR (fields IS NULL AND sent_at IS NULL))
) STRICT;
-- Rows that are ready or being sent: arming a write moves nothing here, and what is being sent is held, so that no claim takes it.
-- (The last two columns spare a look at the row: SQLite asks for them although the condition tells what they are.)
CREATE INDEX pending_ready ON pending (sync, priority, noted_at, until, cause) WHERE until IS NULL AND cause IS NULL;
CREATE INDEX pending_due ON pending (sync, priority, until, state, noted_at) WHERE until IS NOT NULL;
CREATE INDEX pending_parked ON pending (sync, cause, parked_at) WHERE state = 'parked';
-- Rows whose write is to be resolved, or sent again.
CREATE INDEX pending_written ON pending (sync) WHERE write IS NOT NULL AND until IS NOT NULL;
-- (The last two columns spare a look at the row where they are counted.)
CREATE INDEX pending_on ON pending (on_sync, on_record, sync, cause) WHERE on_sync IS NOT NULL;
-- Rows of one-way syncs are in none of it.
CREATE INDEX pending_unmatched ON pending (sync, unmatched) WHERE unmatched IS NOT NULL AND cause IS NULL;

CREATE TABLE link (
  sync           INTEGER NOT NULL REFERENCES sync,
  record         INTEGER NOT NULL REFERENCES record,
  target_key     TEXT NOT NULL,
  target_version TEXT,
  record_hash    TEXT NOT NULL,
  record_version TEXT,
  base           TEXT NOT NULL,
  -- Of a two-way sync: what the engine has to know of the link besides.
  state          TEXT,
  UNIQUE (sync, record),
  UNIQUE (sync, target_key)
) STRICT;
-- What records of two-way syncs are found by, normalised. Alternative -1 says that a record was looked at, whatever it has.
CREATE TABLE match_value (
  sync        INTEGER NOT NULL REFERENCES sync,
  record      INTEGER NOT NULL REFERENCES record,
  alternative INTEGER NOT NULL,
  resource    INTEGER NOT NULL REFERENCES resource,
  value       TEXT NOT NULL,
  PRIMARY KEY (sync, record, alternative)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_value_found ON match_value (sync, alternative, value, resource) WHERE alternative >= 0;
-- Records that were taken out of use because their counterparts were deleted, until nobody counts them any more.
CREATE TABLE removal (
  sync INTEGER NOT NULL REFERENCES sync,
  at   REAL NOT NULL
) STRICT;
CREATE INDEX removal_sync ON removal (sync, at);
-- Values that lost in two-way syncs, and those that wait for a person (no winner).
CREATE TABLE conflict (
  id          INTEGER PRIMARY KEY,
  sync        INTEGER NOT NULL REFERENCES sync,
  record      INTEGER NOT NULL REFERENCES record,
  at          REAL NOT NULL,
  fields      TEXT NOT NULL,
  vals        TEXT NOT NULL,
  base        TEXT,
  rule        TEXT NOT NULL,
  winner      TEXT CHECK (winner IN ('0', '1', 'both')),
  put_back_at REAL,
  -- Nobody is asked about it any more, though nobody answered.
  settled_at  REAL
) STRICT;
CREATE INDEX conflict_record ON conflict (record);
CREATE INDEX conflict_open ON conflict (sync) WHERE winner IS NULL AND put_back_at IS NULL AND settled_at IS NULL;
CREATE TABLE correction (
  sync   INTEGER NOT NULL REFERENCES sync,
  record INTEGER NOT NULL REFERENCES record,
  fields TEXT NOT NULL,
  PRIMARY KEY (sync, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  id       INTEGER PRIMARY KEY,
  at       REAL NOT NULL,
  record   INTEGER NOT NULL,
  sync     INTEGER,
  what     TEXT NOT NULL,
  cause    TEXT,
  priority INTEGER,
  arrival  INTEGER,
  text     TEXT,
  -- The write that was armed before this, and when: a row of its own for each would cost more than it tells.
  sent     TEXT,
  sent_at  REAL,
  CHECK ((sent IS NULL) = (sent_at IS NULL))
) STRICT;
CREATE INDEX history_record ON history (record);
CREATE TABLE request (
  id            INTEGER PRIMARY KEY,
  connection    INTEGER NOT NULL,
  at            REAL NOT NULL,
  method        TEXT NOT NULL,
  url           TEXT NOT NULL,
  status        INTEGER,
  outcome       TEXT NOT NULL,
  reason        TEXT,
  duration_ms   REAL NOT NULL,
  sync          INTEGER,
  key           TEXT,
  -- Request and answer in one, since the answer mostly repeats the request and then deflates to almost nothing.
  bodies        ANY,
  -- The headers that the connector set for this request alone.
  headers       TEXT,
  repeat        TEXT CHECK (repeat IS NULL OR repeat IN ('read', 'safe', 'key', 'unkept')),
  -- The request that this one repeats.
  repeats       INTEGER
) STRICT;
CREATE INDEX request_key ON request (key) WHERE key IS NOT NULL;
-- An audit that runs or ran; what was asked, how far it is and what it came to are its own JSON.
CREATE TABLE audit (
  id       INTEGER PRIMARY KEY,
  sync     INTEGER NOT NULL REFERENCES sync,
  state    TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped')),
  asked    TEXT NOT NULL,
  progress TEXT NOT NULL,
  result   TEXT,
  began_at REAL NOT NULL,
  ended_at REAL,
  CHECK ((state = 'running') = (ended_at IS NULL) AND (state = 'running') = (result IS NULL))
) STRICT;
CREATE INDEX audit_sync ON audit (sync);
-- Both sides as they were listed, a page a row; keys are JSON. Marks and digests go by the keys: audit.ts of the store tells what
-- they are. Those whose sums differ are compared in the order of their keys, one by one, in the tables below.
CREATE TABLE audit_page (
  id      INTEGER PRIMARY KEY,
  audit   INTEGER NOT NULL,
  side    TEXT NOT NULL CHECK (side IN ('source', 'target')),
  marks   BLOB NOT NULL,
  expects BLOB,
  keys    TEXT NOT NULL,
  digests BLOB NOT NULL,
  CHECK ((side = 'source') = (expects IS NOT NULL))
) STRICT;
CREATE INDEX audit_page_audit ON audit_page (audit);
CREATE TABLE audit_source (
  audit   INTEGER NOT NULL,
  key     TEXT NOT NULL,
  expects INTEGER NOT NULL CHECK (expects BETWEEN 0 AND 3),
  digests BLOB NOT NULL,
  PRIMARY KEY (audit, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_target (
  audit   INTEGER NOT NULL,
  key     TEXT NOT NULL,
  digests BLOB NOT NULL,
  PRIMARY KEY (audit, key)
) STRICT, WITHOUT ROWID;
-- The same of a two-way sync: records of both sides. Scope: 0 not for the sync, 1 for it, 2 nobody can tell, 3 it became
-- part of the record whose key stands in place of digests. The digests of what a record is found by stand behind those of its fields.
CREATE TABLE audit_record (
  audit   INTEGER NOT NULL,
  side    INTEGER NOT NULL CHECK (side IN (0, 1)),
  key     TEXT NOT NULL,
  scope   INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 3),
  digests BLOB NOT NULL,
  PRIMARY KEY (audit, side, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_finding (
  audit  INTEGER NOT NULL REFERENCES audit ON DELETE CASCADE,
  kind   TEXT NOT NULL,
  key    TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (audit, kind, key)
) STRICT, WITHOUT ROWID;
-- Wrapped by a key that is never in this file. What is sealed with one names it in its second to ninth byte.
CREATE TABLE data_key (
  id      TEXT PRIMARY KEY CHECK (length(id) = 16),
  tenant  TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  current INTEGER NOT NULL CHECK (current IN (0, 1)),
  -- How often something sealed with it was saved; whoever saves it (triggers below).
  seals   INTEGER NOT NULL DEFAULT 0,
  made_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX data_key_current ON data_key (tenant) WHERE current = 1;

-- One row at the most: the file was brought back from a backup of that time, if it is known. Since when it is in use again; none: nobody
-- started it yet.
CREATE TABLE restored (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  made_at  REAL,
  began_at REAL
) STRICT;
-- Resources of which it is not known yet what changed since the backup.
CREATE TABLE doubted_resource (resource INTEGER PRIMARY KEY REFERENCES resource) STRICT;
-- Records whose counterpart may have been created since the backup, until it is known, or a person said that there is none.
CREATE TABLE doubted_record (
  sync   INTEGER NOT NULL REFERENCES sync,
  record INTEGER NOT NULL REFERENCES record,
  PRIMARY KEY (sync, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
  name  TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of limits that outlast a start. The owner is a connection, or an app whose connections share the limit.
CREATE TABLE spent (
  owner  TEXT NOT NULL,
  quota  TEXT NOT NULL,
  pieces TEXT NOT NULL,
  PRIMARY KEY (owner, quota)
) STRICT, WITHOUT ROWID;

-- What the parts that watch remember: JSON that only they read.
CREATE TABLE watched (
  what  TEXT NOT NULL CHECK (what IN ('subscriptions', 'heard', 'profile', 'alerts')),
  name  TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (what, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE drift (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('vanished', 'type', 'value', 'shape', 'required', 'version')),
  -- A resource by its id, or a connection.
  subject  TEXT NOT NULL,
  place    TEXT NOT NULL,
  detail   TEXT NOT NULL,
  first_at REAL NOT NULL,
  last_at  REAL NOT NULL,
  times    INTEGER NOT NULL,
  -- The record that showed it last.
  key      TEXT,
  UNIQUE (kind, subject, place),
  CHECK (last_at >= first_at)
) STRICT;

CREATE TABLE credential (
  connection       INTEGER PRIMARY KEY REFERENCES connection,
  sealed           BLOB NOT NULL,
  version          INTEGER NOT NULL CHECK (version > 0),
  refresh_began_at REAL,
  lease_owner      TEXT,
  lease_until      REAL,
  -- Rises with each refresh that is begun.
  lease_epoch      INTEGER NOT NULL DEFAULT 0,
  CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT;
CREATE TRIGGER seal_first AFTER INSERT ON credential BEGIN
  UPDATE data_key SET seals = seals + 1 WHERE id = lower(hex(substr(new.sealed, 2, 8)));
END;
CREATE TRIGGER seal_again AFTER UPDATE OF sealed ON credential BEGIN
  UPDATE data_key SET seals = seals + 1 WHERE id = lower(hex(substr(new.sealed, 2, 8)));
END;
`;

const STEPS: readonly string[] = [FIRST];

/** The newest schema that this Bowline knows. */
export const SCHEMA_VERSION = STEPS.length;

/** Refuses what is not ours or is of a newer Bowline; only reads. */
export function recognise(database: DatabaseSync, path: string): void {
  const version = pragma(database, "user_version");
  refuseStranger(database, path, version);
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      "newer-version",
      `could not open ${path}: expected a schema up to version ${SCHEMA_VERSION}, got version ${version}; a newer Bowline ` +
        `wrote this file. Start that one, or restore the backup made before the upgrade.`,
    );
  }
}

/** For who only reads: what is of an older Bowline is not understood, and not changed either. */
export function requireNewest(database: DatabaseSync, path: string): void {
  const version = pragma(database, "user_version");
  if (version === SCHEMA_VERSION) return;
  throw new StoreError(
    "io",
    `could not read ${path}: expected a schema of version ${SCHEMA_VERSION}, got version ${version}; start this Bowline on ` +
      `it once, which brings it up to date.`,
  );
}

/** For who copies: an empty file becomes a file of state where a Bowline starts on it, but nothing is to be had of it. */
export function refuseEmpty(database: DatabaseSync, path: string): void {
  if (pragma(database, "user_version") > 0) return;
  throw new StoreError("damaged", `could not read ${path}: expected a file of state, got an empty one.`);
}

/** Takes the steps that the file has not taken yet, all in one transaction. */
export function migrate(database: DatabaseSync): void {
  const version = pragma(database, "user_version");
  if (version === SCHEMA_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  for (const step of STEPS.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec("COMMIT");
}

function refuseStranger(database: DatabaseSync, path: string, version: number): void {
  const application = pragma(database, "application_id");
  if (application === APPLICATION_ID) return;
  const tables = number(rowOf(database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()), "count");
  if (application === 0 && version === 0 && tables === 0) return;
  throw new StoreError(
    "damaged",
    `could not open ${path}: expected a file of state of Bowline, got another program's database (application id ` +
      `${application}, ${tables} tables). Give another path.`,
  );
}

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  return number(rowOf(database.prepare(`PRAGMA ${name}`).get()), name);
}

function rowOf(row: Row | undefined): Row {
  if (row === undefined) throw new TypeError("could not read the file of state: expected a row, got none");
  return row;
}
