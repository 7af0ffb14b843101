-- A finding is one vulnerability of one package, in one of two categories. The
-- old ones were by advisory: every image is matched again.
DROP TABLE findings;
CREATE TABLE findings (
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,  -- worst first
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,           -- the CVE if there is one
  detail BLOB NOT NULL,       -- landwaiter.v1.Finding
  PRIMARY KEY (image, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_id ON findings (id);
DELETE FROM notes WHERE key = 'advisories-matched';
-- Beside those of the system, which have the columns without a prefix.
ALTER TABLE images ADD COLUMN app_critical INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN app_high INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN app_medium INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN app_low INTEGER NOT NULL DEFAULT 0;
ALTER TABLE images ADD COLUMN app_unknown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN app_critical INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN app_high INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN app_medium INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN app_low INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN app_unknown INTEGER NOT NULL DEFAULT 0;
