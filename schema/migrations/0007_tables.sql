-- Experiments, what reviews learn from, what analyses leave behind, and the ledger of providers.

-- Which arm a run was made under: it is known before the first attempt and never changes.
ALTER TABLE ad_runs ADD COLUMN experiment_id TEXT NOT NULL DEFAULT '';
ALTER TABLE ad_runs ADD COLUMN arm TEXT NOT NULL DEFAULT '';
ALTER TABLE ad_runs ADD COLUMN seed_key TEXT NOT NULL DEFAULT '';
CREATE INDEX ad_runs_by_experiment ON ad_runs (brand_id, experiment_id, arm);

-- Where an ad comes from (retried or evolved), and how each open choice was made:
-- {dimension: {"choice": given|sampled|explored, "propensity"}}.
ALTER TABLE ads ADD COLUMN parent_ad_id TEXT NOT NULL DEFAULT '';
ALTER TABLE ads ADD COLUMN iteration_round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ads ADD COLUMN element_choices JSON NOT NULL DEFAULT '{}';

-- The candidates of a recorded selection and their scores, compressed: what other policies are
-- evaluated on. fraction is the share of the candidates that were not drawn and are kept.
CREATE TABLE selection_pools (
  brand_id TEXT NOT NULL,
  selection_id TEXT NOT NULL,
  format TEXT NOT NULL,
  candidates BIGINT NOT NULL,
  fraction DOUBLE PRECISION NOT NULL CHECK (fraction > 0 AND fraction <= 1),
  pool BYTES NOT NULL,
  PRIMARY KEY (brand_id, selection_id),
  FOREIGN KEY (brand_id, selection_id) REFERENCES selections (brand_id, id)
);

-- What was found in a template's picture. Templates are shared by all brands, and so is this.
CREATE TABLE template_analyses (
  image_sha256 TEXT NOT NULL,
  analyser_version TEXT NOT NULL,
  document JSON NOT NULL,
  analysed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (image_sha256, analyser_version)
);

-- The cost ledger: one row an attempt that may cost something, done or failed.
CREATE TABLE provider_calls (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  provider TEXT NOT NULL,
  step TEXT NOT NULL,
  model TEXT,
  subject_id TEXT NOT NULL DEFAULT '',
  idempotency_key TEXT NOT NULL,
  attempt BIGINT NOT NULL CHECK (attempt >= 1),
  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed', 'cached')),
  status BIGINT,
  error TEXT,
  cost_micros BIGINT NOT NULL DEFAULT 0,
  currency TEXT NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  PRIMARY KEY (brand_id, id),
  UNIQUE (brand_id, idempotency_key, attempt)
);

CREATE INDEX provider_calls_by_time ON provider_calls (brand_id, started_at);

-- Rubric, thresholds and weights of reviews, by version. Those of an organization have an empty
-- brand_id, those of a brand an empty organization_id.
CREATE TABLE quality_configs (
  brand_id TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  parent_version BIGINT,
  state TEXT NOT NULL CHECK (state IN ('proposal', 'active', 'retired', 'dismissed', 'invalid')),
  config JSON NOT NULL,
  metrics JSON NOT NULL DEFAULT '{}',
  created_at TIMESTAMP NOT NULL,
  created_by TEXT NOT NULL,
  decided_at TIMESTAMP,
  decided_by TEXT,
  PRIMARY KEY (brand_id, organization_id, version),
  CHECK ((brand_id = '') <> (organization_id = ''))
);

CREATE UNIQUE INDEX quality_configs_one_active ON quality_configs (brand_id, organization_id)
  WHERE state = 'active';

-- Ads that show reviewers what is good, bad and between. A removed one is kept and may come back.
CREATE TABLE exemplars (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('gold_approval', 'gold_rejection', 'edge_case')),
  source TEXT NOT NULL CHECK (source IN ('added', 'seeded')),
  score DOUBLE PRECISION,
  reason TEXT,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  added_by TEXT,
  added_at TIMESTAMP NOT NULL,
  removed_at TIMESTAMP,
  PRIMARY KEY (brand_id, ad_id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

-- Verdicts that a person judges without seeing them, drawn with a known probability.
CREATE TABLE review_audits (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  probability DOUBLE PRECISION NOT NULL CHECK (probability > 0 AND probability <= 1),
  verdict TEXT NOT NULL,
  score DOUBLE PRECISION,
  queued_at TIMESTAMP NOT NULL,
  answer TEXT CHECK (answer IN ('approve', 'reject')),
  answered_at TIMESTAMP,
  answered_by TEXT,
  PRIMARY KEY (brand_id, ad_id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE TABLE ad_lineage (
  brand_id TEXT NOT NULL,
  parent_ad_id TEXT NOT NULL,
  child_ad_id TEXT NOT NULL,
  type TEXT NOT NULL,
  variable TEXT,
  from_value TEXT,
  to_value TEXT,
  round BIGINT NOT NULL CHECK (round >= 1),
  parent_reward DOUBLE PRECISION,
  child_reward DOUBLE PRECISION,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, parent_ad_id, child_ad_id),
  FOREIGN KEY (brand_id, parent_ad_id) REFERENCES ads (brand_id, id),
  FOREIGN KEY (brand_id, child_ad_id) REFERENCES ads (brand_id, id)
);

CREATE INDEX ad_lineage_by_child ON ad_lineage (brand_id, child_ad_id);

-- Proposed variants of an ad; fatigue proposes one an ad and level at a time.
CREATE TABLE evolution_requests (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('iterate', 'amplify', 'refresh', 'resize', 'rotate',
                                     'counter')),
  source TEXT NOT NULL CHECK (source IN ('evolve', 'fatigue')),
  level TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dismissed')),
  document JSON NOT NULL,
  created_at TIMESTAMP NOT NULL,
  closed_at TIMESTAMP,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE UNIQUE INDEX evolution_requests_one_open ON evolution_requests (brand_id, ad_id, level)
  WHERE state = 'open' AND source = 'fatigue';

CREATE TABLE experiments (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('generation', 'ads')),
  name TEXT NOT NULL,
  hypothesis TEXT,
  state TEXT NOT NULL,
  control_arm TEXT NOT NULL,
  split DOUBLE PRECISION CHECK (split > 0 AND split < 1),
  min_sample BIGINT NOT NULL CHECK (min_sample >= 1),
  planned_sample BIGINT,
  baseline DOUBLE PRECISION,
  test_variable TEXT,
  hold_constant JSON NOT NULL DEFAULT '{}',
  assignment TEXT CHECK (assignment IN ('platform_split', 'separate_ad_sets')),
  primary_metric TEXT CHECK (primary_metric IN ('link_ctr', 'conversion_rate', 'cpa', 'roas')),
  daily_budget_micros BIGINT,
  currency TEXT,
  days BIGINT,
  created_at TIMESTAMP NOT NULL,
  activated_at TIMESTAMP,
  running_from DATE,
  ended_at TIMESTAMP,
  decision TEXT CHECK (decision IN ('winner', 'inconclusive', 'insufficient_data', 'futile',
                                    'invalid_split')),
  winner TEXT,
  conclusion JSON,
  PRIMARY KEY (brand_id, id),
  CHECK ((kind = 'generation' AND split IS NOT NULL
          AND state IN ('draft', 'active', 'completed', 'cancelled'))
      OR (kind = 'ads' AND assignment IS NOT NULL AND primary_metric IS NOT NULL
          AND state IN ('draft', 'deploying', 'running', 'analyzing', 'completed', 'cancelled')))
);

CREATE UNIQUE INDEX experiments_one_active ON experiments (brand_id)
  WHERE kind = 'generation' AND state = 'active';

-- An arm of a generation experiment has a config, one of an ad experiment an ad and, once linked,
-- an ad set that belongs to it alone.
CREATE TABLE experiment_arms (
  brand_id TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  arm TEXT NOT NULL,
  position BIGINT NOT NULL,
  config JSON NOT NULL DEFAULT '{}',
  ad_id TEXT NOT NULL DEFAULT '',
  platform TEXT NOT NULL DEFAULT '',
  adset_id TEXT NOT NULL DEFAULT '',
  platform_ad_id TEXT NOT NULL DEFAULT '',
  linked_at TIMESTAMP,
  PRIMARY KEY (brand_id, experiment_id, arm),
  UNIQUE (brand_id, experiment_id, position),
  FOREIGN KEY (brand_id, experiment_id) REFERENCES experiments (brand_id, id)
);

CREATE UNIQUE INDEX experiment_arms_one_ad_set ON experiment_arms (brand_id, platform, adset_id)
  WHERE adset_id <> '';

-- The units of a generation experiment: a run, its arm and, once it is over, what came of it.
CREATE TABLE experiment_runs (
  brand_id TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  ad_run_id TEXT NOT NULL,
  arm TEXT NOT NULL,
  seed_key TEXT NOT NULL,
  assigned_at TIMESTAMP NOT NULL,
  ads BIGINT CHECK (ads >= 0),
  approved BIGINT CHECK (approved >= 0 AND approved <= ads),
  document JSON NOT NULL DEFAULT '{}',
  recorded_at TIMESTAMP,
  PRIMARY KEY (brand_id, experiment_id, ad_run_id),
  FOREIGN KEY (brand_id, experiment_id, arm)
    REFERENCES experiment_arms (brand_id, experiment_id, arm)
);

-- One row a look: their number decides which p-value is valid.
CREATE TABLE experiment_analyses (
  brand_id TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  look BIGINT NOT NULL CHECK (look >= 1),
  document JSON NOT NULL,
  analysed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, experiment_id, look),
  FOREIGN KEY (brand_id, experiment_id) REFERENCES experiments (brand_id, id)
);

-- What concluded experiments settled about an element.
CREATE TABLE causal_effects (
  brand_id TEXT NOT NULL,
  experiment_id TEXT NOT NULL,
  metric TEXT NOT NULL,
  dimension TEXT NOT NULL,
  value TEXT NOT NULL,
  compared_with TEXT NOT NULL,
  effect DOUBLE PRECISION NOT NULL,
  effect_low DOUBLE PRECISION NOT NULL,
  effect_high DOUBLE PRECISION NOT NULL,
  effect_shrunk DOUBLE PRECISION,
  pairs BIGINT NOT NULL,
  evidence TEXT NOT NULL CHECK (evidence IN ('randomised', 'quasi_experimental')),
  document JSON NOT NULL,
  concluded_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, experiment_id, metric, dimension, value, compared_with),
  FOREIGN KEY (brand_id, experiment_id) REFERENCES experiments (brand_id, id)
);

CREATE INDEX causal_effects_by_element ON causal_effects (brand_id, dimension, value);

-- Pairs of element values, sorted by (dimension, value), and how they do together.
CREATE TABLE element_interactions (
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
  direction TEXT NOT NULL CHECK (direction IN ('synergy', 'conflict', 'neutral')),
  document JSON NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, a_dimension, a_value, b_dimension, b_value)
);
