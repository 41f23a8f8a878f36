-- What a batch was decided to make, so that one that was interrupted goes on with the same ads; and
-- the settings of organizations.
ALTER TABLE ad_batches ADD COLUMN plan JSON NOT NULL DEFAULT '{}';
ALTER TABLE organizations ADD COLUMN config JSON NOT NULL DEFAULT '{}';
