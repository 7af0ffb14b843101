-- What an image's config says beside what has columns: landwaiter.v1.ImageConfig
-- as JSON, redacted by the agent. '{}' for images that were planned before.
ALTER TABLE images ADD COLUMN configuration TEXT NOT NULL DEFAULT '{}';
