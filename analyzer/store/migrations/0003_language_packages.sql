-- Packages of programming languages: where in an archive they were found,
-- whether they are only asked for, and whether the system's package manager
-- owns the file that tells of them.
ALTER TABLE packages ADD COLUMN location TEXT NOT NULL DEFAULT '';
ALTER TABLE packages ADD COLUMN is_declared INTEGER NOT NULL DEFAULT 0;
ALTER TABLE packages ADD COLUMN is_development INTEGER NOT NULL DEFAULT 0;
ALTER TABLE packages ADD COLUMN is_owned INTEGER NOT NULL DEFAULT 0;
