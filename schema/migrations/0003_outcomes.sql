-- What the platforms report, and what was learned from it.

CREATE TABLE campaigns (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  name TEXT,
  objective TEXT NOT NULL DEFAULT 'UNKNOWN',
  PRIMARY KEY (brand_id, platform, campaign_id)
);

CREATE TABLE platform_ads (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  name TEXT,
  account_id TEXT,
  adset_id TEXT,
  adset_name TEXT,
  campaign_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (brand_id, platform, platform_ad_id)
);

CREATE TABLE ad_mappings (
  brand_id TEXT NOT NULL,
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('mapping', 'short_id', 'import')),
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, platform, platform_ad_id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE INDEX ad_mappings_by_ad ON ad_mappings (brand_id, ad_id);

-- Every value with the time at which it was learned: the newest counts, none is overwritten.
-- conversions are millionths, money is micros of the currency.
CREATE TABLE ad_performance (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  date_start DATE NOT NULL,
  date_stop DATE NOT NULL,
  currency TEXT NOT NULL,
  learned_at TIMESTAMP NOT NULL,
  impressions BIGINT NOT NULL,
  spend_micros BIGINT NOT NULL,
  reach BIGINT,
  frequency DOUBLE PRECISION,
  clicks BIGINT,
  link_clicks BIGINT,
  conversions_millionths BIGINT,
  conversion_value_micros BIGINT,
  attribution_window TEXT,
  PRIMARY KEY (brand_id, platform, platform_ad_id, date_start, date_stop, currency, learned_at)
);

CREATE TABLE imports (
  brand_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  imported_at TIMESTAMP NOT NULL,
  name TEXT NOT NULL,
  counts JSON NOT NULL,
  PRIMARY KEY (brand_id, kind, sha256, imported_at)
);

CREATE TABLE baselines (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  version TEXT NOT NULL,
  document JSON NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, version)
);

-- One row an ad: a revision is the same row under a new version.
CREATE TABLE rewards (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  reward DOUBLE PRECISION NOT NULL,
  reward_sd DOUBLE PRECISION,
  weight DOUBLE PRECISION NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('immature', 'maturing', 'final')),
  source TEXT NOT NULL CHECK (source IN ('performance', 'review')),
  components JSON NOT NULL,
  coverage DOUBLE PRECISION,
  objective TEXT NOT NULL,
  baseline_version TEXT,
  impressions BIGINT NOT NULL,
  spend_micros BIGINT NOT NULL,
  currency TEXT,
  first_delivery DATE,
  matured_at TIMESTAMP,
  computed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, ad_id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

-- One event a reward and element: element scores are the sums of their events.
CREATE TABLE element_score_events (
  brand_id TEXT NOT NULL,
  product_id TEXT NOT NULL DEFAULT '',
  dimension TEXT NOT NULL,
  value TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  reward_version BIGINT NOT NULL,
  alpha DOUBLE PRECISION NOT NULL,
  beta DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (brand_id, product_id, dimension, value, ad_id),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE TABLE element_scores (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  product_id TEXT NOT NULL DEFAULT '',
  dimension TEXT NOT NULL,
  value TEXT NOT NULL,
  alpha DOUBLE PRECISION NOT NULL,
  beta DOUBLE PRECISION NOT NULL,
  observations BIGINT NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, product_id, dimension, value)
);

-- The learners' sums, by method.
CREATE TABLE weight_posteriors (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  method TEXT NOT NULL CHECK (method IN ('beta', 'linear')),
  state JSON NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, method)
);

-- The registry: sets are added, never overwritten; position counts them by brand.
CREATE TABLE weight_sets (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  parent_id TEXT,
  method TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('challenger', 'champion', 'retired')),
  weights JSON NOT NULL,
  document JSON NOT NULL,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id),
  UNIQUE (brand_id, position)
);

CREATE TABLE whitespace_candidates (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  a_dimension TEXT NOT NULL,
  a_value TEXT NOT NULL,
  b_dimension TEXT NOT NULL,
  b_value TEXT NOT NULL,
  potential DOUBLE PRECISION NOT NULL,
  document JSON NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('identified', 'injected', 'tested', 'dismissed')),
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, a_dimension, a_value, b_dimension, b_value)
);
