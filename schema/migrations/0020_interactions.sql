-- What was known of pairs of elements before it was computed anew or given up, so that it can be
-- said again what was known at a time.

CREATE TABLE past_element_interactions (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  a_dimension TEXT NOT NULL,
  a_value TEXT NOT NULL,
  b_dimension TEXT NOT NULL,
  b_value TEXT NOT NULL,
  effect DOUBLE PRECISION NOT NULL,
  effect_low DOUBLE PRECISION,
  effect_high DOUBLE PRECISION,
  p DOUBLE PRECISION,
  q DOUBLE PRECISION,
  ads BIGINT NOT NULL,
  runs BIGINT NOT NULL,
  direction TEXT NOT NULL,
  document JSON NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, a_dimension, a_value, b_dimension, b_value, computed_at)
);
