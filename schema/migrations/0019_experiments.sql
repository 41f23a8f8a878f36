-- What an experiment was created from, so that asking for the same one again changes nothing. Those
-- that are there already have none.
ALTER TABLE experiments ADD COLUMN request JSON;
