-- The registry of weights: who was champion when, how a challenger is tested, and what a brand
-- that knows little begins from.

-- One row a promotion or rollback, counted by brand. An empty set is the preset's static weights.
CREATE TABLE weight_changes (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  position BIGINT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('promote', 'rollback')),
  weight_set TEXT NOT NULL,
  former_weight_set TEXT NOT NULL,
  changed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, position)
);

-- Sums of the sequential test of the challengers of a method against the champion, as each run left
-- them; a new champion begins anew.
CREATE TABLE weight_tests (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  method TEXT NOT NULL CHECK (method IN ('beta', 'linear')),
  snapshots BIGINT NOT NULL,
  gain_sum DOUBLE PRECISION NOT NULL,
  gain_sum_squares DOUBLE PRECISION NOT NULL,
  tau2 DOUBLE PRECISION NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, method, updated_at)
);

-- Lent by brands of the same organization that share: pooled sums, never a row of theirs.
CREATE TABLE weight_priors (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  prior JSON NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, computed_at)
);
