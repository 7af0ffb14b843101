-- What the registry said of a repository when its last complete listing was
-- asked for, and when that listing ended: while it says the same, the
-- repository need not be listed again.
ALTER TABLE repositories ADD COLUMN listed_state TEXT NOT NULL DEFAULT '';
ALTER TABLE repositories ADD COLUMN listed_at INTEGER NOT NULL
  DEFAULT (-9223372036854775808);
-- Of the repository that a LIST_TAGS item lists, when the item was made.
ALTER TABLE items ADD COLUMN repository_state TEXT NOT NULL DEFAULT '';
