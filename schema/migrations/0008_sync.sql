-- How far the accounts of a platform have been pulled: the run that is open, or the last one. Days
-- are pulled in their order, so that done_through says which of them are there.
CREATE TABLE sync_runs (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  account_id TEXT NOT NULL,
  since DATE NOT NULL,
  done_through DATE,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  PRIMARY KEY (brand_id, platform, account_id)
);

-- As the platform calls it (ACTIVE, PAUSED, ARCHIVED, ...); NULL where nobody has asked it.
ALTER TABLE campaigns ADD COLUMN status TEXT;
