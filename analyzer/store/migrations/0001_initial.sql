-- Times are microseconds since 1970 (UTC); the largest and smallest 64-bit
-- values stand for the infinite future and past. Lists of strings and small
-- structures are JSON. "sequence" values come from meta.sequence, which only
-- grows. Every row carries its tenant; a row goes with its parent. In a
-- WITHOUT ROWID table the key's columns come first, as they are stored: with
-- another order SQLite 3.40's quick_check reports NULLs that are not there.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
INSERT INTO meta (key, value) VALUES ('epoch', 0), ('boot', 0), ('sequence', 0);

-- Short texts of the service about itself, such as the version of the advisories
-- that every stored image was matched with.
CREATE TABLE notes (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenants (
  id INTEGER PRIMARY KEY,
  cluster_uid TEXT NOT NULL,
  ns TEXT NOT NULL,
  UNIQUE (cluster_uid, ns)
) STRICT;

CREATE TABLE registries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  images_per_hour INTEGER NOT NULL,
  include TEXT NOT NULL,
  exclude TEXT NOT NULL,
  last_sync INTEGER NOT NULL,
  paused_until INTEGER NOT NULL,
  idle_since INTEGER NOT NULL,
  UNIQUE (tenant, uid)
) STRICT;

-- What listings told. "seen" is the sequence at which a listing last named
-- the row; a complete listing removes what it did not name.
CREATE TABLE repositories (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  registry INTEGER NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  UNIQUE (registry, name)
) STRICT;

CREATE TABLE tags (
  repository INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  moved INTEGER,              -- when it was seen to name another digest
  seen INTEGER NOT NULL,
  PRIMARY KEY (repository, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_digest ON tags (repository, digest);

CREATE TABLE manifests (
  repository INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  platform TEXT NOT NULL,
  unsupported TEXT NOT NULL,
  pushed INTEGER,
  first_seen INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE manifest_children (
  repository INTEGER NOT NULL,
  parent TEXT NOT NULL,
  position INTEGER NOT NULL,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  platform TEXT NOT NULL,
  artifact_type TEXT NOT NULL,
  attestation INTEGER NOT NULL,
  PRIMARY KEY (repository, parent, position),
  FOREIGN KEY (repository, parent) REFERENCES manifests (repository, digest)
    ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX manifest_children_digest ON manifest_children (repository, digest);

-- A platform image, once it is planned or scanned.
CREATE TABLE images (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  registry INTEGER NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  media_type TEXT NOT NULL DEFAULT '',
  platform TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL DEFAULT '',
  run_as TEXT NOT NULL DEFAULT '',
  scanned_at INTEGER,         -- NULL: never
  report_version INTEGER NOT NULL DEFAULT 0,
  os TEXT NOT NULL DEFAULT '{}',
  problems TEXT NOT NULL DEFAULT '[]',
  no_advisory_data INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '',
  critical INTEGER NOT NULL DEFAULT 0,
  high INTEGER NOT NULL DEFAULT 0,
  medium INTEGER NOT NULL DEFAULT 0,
  low INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  UNIQUE (registry, repository, digest)
) STRICT;

CREATE TABLE image_layers (
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  diff_id TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  is_foreign INTEGER NOT NULL,
  PRIMARY KEY (image, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_layers_digest ON image_layers (tenant, digest);

CREATE TABLE packages (
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  architecture TEXT NOT NULL,
  source_name TEXT NOT NULL,
  source_version TEXT NOT NULL,
  module TEXT NOT NULL,
  vendor TEXT NOT NULL,
  licenses TEXT NOT NULL,
  path TEXT NOT NULL,
  layer TEXT NOT NULL,
  PRIMARY KEY (image, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX packages_name ON packages (name);
CREATE INDEX packages_source ON packages (source_name);

CREATE TABLE findings (
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,  -- worst first
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  advisory TEXT NOT NULL,
  aliases TEXT NOT NULL,
  package TEXT NOT NULL,
  source_package TEXT NOT NULL,
  installed_version TEXT NOT NULL,
  fixed_version TEXT NOT NULL,
  severity INTEGER NOT NULL,
  type TEXT NOT NULL,
  path TEXT NOT NULL,
  layer TEXT NOT NULL,
  fix_command TEXT NOT NULL,
  summary TEXT NOT NULL,
  PRIMARY KEY (image, position)
) STRICT, WITHOUT ROWID;

-- Digests that were scanned once: what the quota counts. They outlive their
-- registry.
CREATE TABLE quota_digests (
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  first_scanned INTEGER NOT NULL,
  PRIMARY KEY (tenant, digest)
) STRICT, WITHOUT ROWID;

-- The trust domain is the tenant.
CREATE TABLE layers (
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  report_version INTEGER NOT NULL,
  hash TEXT NOT NULL,         -- SHA-256 of the report's bytes
  size INTEGER NOT NULL,      -- bytes before compression
  report BLOB NOT NULL,       -- zstd
  conflicting BLOB,           -- another report of the same key: both set aside
  stored INTEGER NOT NULL,
  PRIMARY KEY (tenant, digest, report_version)
) STRICT;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  uid TEXT NOT NULL,
  spec BLOB NOT NULL,         -- landwaiter.v1.TaskSpec
  interactive INTEGER NOT NULL,
  parallelism INTEGER NOT NULL,
  active INTEGER NOT NULL,
  phase INTEGER NOT NULL,
  failed_listings INTEGER NOT NULL,
  done_listings INTEGER NOT NULL,
  total INTEGER NOT NULL,
  scanned INTEGER NOT NULL,
  reused INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  unsupported INTEGER NOT NULL,
  quota_consumed INTEGER NOT NULL,
  critical INTEGER NOT NULL,
  high INTEGER NOT NULL,
  medium INTEGER NOT NULL,
  low INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  top TEXT NOT NULL,
  started INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  message TEXT NOT NULL,
  UNIQUE (tenant, uid)
) STRICT;
CREATE INDEX tasks_deadline ON tasks (deadline) WHERE active = 1;

CREATE TABLE task_registries (
  task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  registry INTEGER NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  PRIMARY KEY (task, registry)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_registries_registry ON task_registries (registry);

CREATE TABLE task_failures (
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  rank INTEGER NOT NULL,      -- smaller is shown first
  image TEXT NOT NULL,
  code TEXT NOT NULL,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  retryable INTEGER NOT NULL
) STRICT;
CREATE INDEX task_failures_task ON task_failures (task, rank, id);

CREATE TABLE task_log (
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  time INTEGER NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX task_log_task ON task_log (task, id);

-- state: 1 ready, 2 leased, 3 done, 4 failed, 5 skipped.
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  registry INTEGER NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  reference TEXT NOT NULL,
  state INTEGER NOT NULL,
  rank INTEGER NOT NULL,      -- smaller is leased first
  not_before INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  listing_since INTEGER NOT NULL,
  listing_complete INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  losses INTEGER NOT NULL,
  holder TEXT NOT NULL,
  fence INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  completed_fence INTEGER NOT NULL,
  UNIQUE (task, registry, kind, repository, digest)
) STRICT;
CREATE INDEX items_task ON items (task, state, registry, rank, id);
CREATE INDEX items_registry ON items (registry, state, repository, digest);
CREATE INDEX items_lease ON items (lease_until) WHERE state = 2;

-- Single flight: who is at a layer. Void when the item's fence is another.
CREATE TABLE layer_claims (
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  digest TEXT NOT NULL,
  report_version INTEGER NOT NULL,
  item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  fence INTEGER NOT NULL,
  PRIMARY KEY (tenant, digest, report_version)
) STRICT, WITHOUT ROWID;
CREATE INDEX layer_claims_item ON layer_claims (item);

-- Scans that the registry's budget was charged with.
CREATE TABLE charges (
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  registry INTEGER NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX charges_registry ON charges (registry, time);
