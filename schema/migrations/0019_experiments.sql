-- What an experiment was created from, so that asking for the same one again changes nothing. Those
-- that are there already have none.
ALTER TABLE experiments ADD COLUMN request JSON;

-- When the experiment of an arm ended: its ad set may be another arm's from then on.
ALTER TABLE experiment_arms ADD COLUMN released_at TIMESTAMP;

UPDATE experiment_arms SET released_at = (
  SELECT e.ended_at FROM experiments e
  WHERE e.brand_id = experiment_arms.brand_id AND e.id = experiment_arms.experiment_id);

DROP INDEX experiment_arms_one_ad_set;

CREATE UNIQUE INDEX experiment_arms_one_ad_set ON experiment_arms (brand_id, platform, adset_id)
  WHERE adset_id <> '' AND released_at IS NULL;

CREATE INDEX experiment_arms_by_ad_set ON experiment_arms (brand_id, platform, adset_id)
  WHERE adset_id <> '';
