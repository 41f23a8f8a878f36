-- Selections, the ads that were made from them, and what reviews said.

CREATE TABLE selections (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  persona_id TEXT NOT NULL DEFAULT '',
  preset TEXT NOT NULL,
  weights_used JSON NOT NULL,
  weight_set TEXT,
  phase TEXT,
  temperature DOUBLE PRECISION NOT NULL,
  seed TEXT NOT NULL,
  document JSON NOT NULL,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id)
);

-- One row a template drawn: the snapshot that weights are learned from. credited_* say what the
-- learners have folded so far, so that a repeat changes nothing and a revision is a difference.
CREATE TABLE selection_items (
  brand_id TEXT NOT NULL,
  selection_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  rank BIGINT NOT NULL,
  weights_used JSON NOT NULL,
  scores JSON NOT NULL,
  composite DOUBLE PRECISION NOT NULL,
  propensity DOUBLE PRECISION NOT NULL,
  draw_probability DOUBLE PRECISION NOT NULL,
  weight_set TEXT,
  phase TEXT,
  credited_reward DOUBLE PRECISION,
  credited_weight DOUBLE PRECISION,
  credited_at TIMESTAMP,
  PRIMARY KEY (brand_id, selection_id, template_id),
  FOREIGN KEY (brand_id, selection_id) REFERENCES selections (brand_id, id)
);

CREATE TABLE ad_batches (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  selection_id TEXT NOT NULL DEFAULT '',
  seed TEXT NOT NULL,
  options JSON NOT NULL,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id)
);

CREATE TABLE ad_runs (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  persona_id TEXT NOT NULL DEFAULT '',
  selection_id TEXT NOT NULL DEFAULT '',
  preset TEXT,
  weight_set TEXT,
  generation_config JSON NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'analyzing', 'generating', 'reviewing',
                                       'complete', 'failed')),
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, batch_id) REFERENCES ad_batches (brand_id, id)
);

CREATE INDEX ad_runs_by_selection ON ad_runs (brand_id, selection_id, template_id);

-- Ads that were made elsewhere have imported = TRUE and their own id as run.
CREATE TABLE ads (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  short_id TEXT NOT NULL,
  ad_run_id TEXT NOT NULL,
  batch_id TEXT NOT NULL DEFAULT '',
  product_id TEXT NOT NULL DEFAULT '',
  template_id TEXT NOT NULL DEFAULT '',
  hook_id TEXT NOT NULL DEFAULT '',
  prompt_index BIGINT NOT NULL,
  canvas_size TEXT NOT NULL,
  color_mode TEXT NOT NULL,
  name TEXT NOT NULL,
  headline TEXT,
  prompt JSON,
  prompt_version TEXT,
  tags JSON NOT NULL DEFAULT '{}',
  rendering JSON,
  image_path TEXT,
  image_sha256 TEXT,
  pre_generation_score DOUBLE PRECISION,
  congruence_score DOUBLE PRECISION,
  status TEXT NOT NULL CHECK (status IN ('pending', 'generation_failed', 'review_failed',
                                         'approved', 'flagged', 'rejected')),
  human_decision TEXT CHECK (human_decision IN ('approved', 'rejected')),
  error TEXT,
  provider TEXT NOT NULL,
  cost_micros BIGINT NOT NULL DEFAULT 0,
  imported BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id),
  UNIQUE (brand_id, ad_run_id, prompt_index, canvas_size, color_mode)
);

CREATE INDEX ads_by_short_id ON ads (brand_id, short_id);
CREATE INDEX ads_by_batch ON ads (brand_id, batch_id);

CREATE TABLE template_usage (
  brand_id TEXT NOT NULL,
  ad_run_id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  persona_id TEXT NOT NULL DEFAULT '',
  used_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, ad_run_id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);

CREATE INDEX template_usage_by_product ON template_usage (brand_id, product_id, template_id);

-- Uses of a combination of elements ("name=value|name=value", sorted by name).
CREATE TABLE combo_usage (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  combo_key TEXT NOT NULL,
  times_used BIGINT NOT NULL,
  last_used_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, combo_key)
);

CREATE TABLE defect_scans (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  reviewed_at TIMESTAMP NOT NULL,
  reviewer TEXT NOT NULL,
  rubric_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('found', 'clear', 'partial', 'error')),
  defects JSON NOT NULL,
  error TEXT,
  PRIMARY KEY (brand_id, ad_id, reviewed_at),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE TABLE reviews (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  reviewed_at TIMESTAMP NOT NULL,
  stage BIGINT NOT NULL,
  reviewer TEXT NOT NULL,
  rubric_version TEXT NOT NULL,
  score DOUBLE PRECISION,
  assessed_weight DOUBLE PRECISION,
  checks JSON NOT NULL,
  verdict TEXT,
  error TEXT,
  PRIMARY KEY (brand_id, ad_id, reviewed_at, stage, reviewer),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

-- Vectors of little-endian 32-bit floats; those of two models are never compared.
CREATE TABLE embeddings (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  kind TEXT NOT NULL CHECK (kind IN ('ad', 'template')),
  id TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions BIGINT NOT NULL,
  vector BYTES NOT NULL,
  PRIMARY KEY (brand_id, kind, id, model)
);

CREATE TABLE style_clusters (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  model TEXT NOT NULL,
  cluster BIGINT NOT NULL,
  size BIGINT NOT NULL,
  medoid TEXT NOT NULL,
  document JSON NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, model, cluster)
);

CREATE TABLE style_cluster_members (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  model TEXT NOT NULL,
  id TEXT NOT NULL,
  cluster BIGINT NOT NULL,
  is_core BOOLEAN NOT NULL,
  PRIMARY KEY (brand_id, model, id)
);
