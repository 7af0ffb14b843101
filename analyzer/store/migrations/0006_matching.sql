-- What was looked up in the advisories to match an image: ecosystem and
-- package, or an ecosystem alone (is there anything for it?). When what the
-- advisories say of one of these changes, the image is matched again. Until
-- then nothing is known of the images that are here: all are matched again.
CREATE TABLE lookups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ecosystem TEXT NOT NULL,
  package TEXT NOT NULL,
  UNIQUE (ecosystem, package)
) STRICT;
CREATE TABLE image_lookups (
  lookup INTEGER NOT NULL REFERENCES lookups (id),
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  PRIMARY KEY (lookup, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_lookups_image ON image_lookups (image);
DELETE FROM notes WHERE key = 'advisories-matched';

-- Vulnerabilities that came to an image, or left it, because of other
-- advisories. The newest are kept.
CREATE TABLE finding_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenants (id),
  image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  time INTEGER NOT NULL,
  database TEXT NOT NULL,     -- version of the advisories that caused it
  appeared INTEGER NOT NULL,
  finding TEXT NOT NULL,      -- its id, the CVE if there is one
  severity INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_changes_image ON finding_changes (image);
CREATE INDEX finding_changes_time ON finding_changes (time);

-- Other names of vulnerabilities (records, aliases) than the one that findings
-- have.
CREATE TABLE finding_names (
  name TEXT NOT NULL,
  finding TEXT NOT NULL,
  PRIMARY KEY (name, finding)
) STRICT, WITHOUT ROWID;

-- Which versions of a package there are is read from the index alone.
DROP INDEX packages_name;
CREATE INDEX packages_name ON packages (name, type, version);
DROP INDEX packages_source;
CREATE INDEX packages_source ON packages (source_name, type, source_version);
