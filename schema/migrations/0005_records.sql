-- Records that come from elsewhere: deals, clicks, decisions of people, ads of competitors, plans;
-- and the versions of settings.

CREATE TABLE competitor_ads (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  competitor TEXT NOT NULL,
  tags JSON NOT NULL DEFAULT '{}',
  image TEXT,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP,
  extra JSON,
  PRIMARY KEY (brand_id, id)
);

CREATE TABLE plans (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  name TEXT NOT NULL,
  items JSON NOT NULL,
  extra JSON,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);

-- What a CRM says of deals, as it came: in any order, late, about ads that may not be known yet.
CREATE TABLE deal_events (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  event_id TEXT NOT NULL,
  deal_id TEXT NOT NULL,
  stage TEXT NOT NULL,
  occurred_at TIMESTAMP NOT NULL,
  ad_id TEXT,
  click_id TEXT,
  contact_id TEXT,
  amount_micros BIGINT,
  currency TEXT,
  account_id TEXT,
  learned_at TIMESTAMP NOT NULL,
  extra JSON,
  PRIMARY KEY (brand_id, event_id)
);

CREATE INDEX deal_events_by_deal ON deal_events (brand_id, deal_id, occurred_at);

-- A click leads to an ad of ours, or to a platform's ad that a mapping leads on from.
CREATE TABLE clicks (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  click_id TEXT NOT NULL,
  ad_id TEXT,
  platform_ad_id TEXT,
  clicked_at TIMESTAMP NOT NULL,
  contact_id TEXT,
  extra JSON,
  PRIMARY KEY (brand_id, click_id)
);

CREATE INDEX clicks_by_contact ON clicks (brand_id, contact_id);

-- The history of what people decided, with what the machine had said by then; the newest counts.
CREATE TABLE overrides (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  decided_at TIMESTAMP NOT NULL,
  decided_by TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('approve', 'reject', 'confirm')),
  checks JSON,
  reason TEXT,
  machine_status TEXT NOT NULL,
  machine_score DOUBLE PRECISION,
  extra JSON,
  PRIMARY KEY (brand_id, ad_id, decided_at, decided_by),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

-- The settings of a brand (account_id empty) or of one of its accounts, one row a change.
CREATE TABLE config_versions (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  account_id TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  config JSON NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, account_id, version)
);

-- Members of imported records that no column holds (import --extra keep).
ALTER TABLE organizations ADD COLUMN extra JSON;
ALTER TABLE brands ADD COLUMN extra JSON;
ALTER TABLE ad_accounts ADD COLUMN extra JSON;
ALTER TABLE products ADD COLUMN extra JSON;
ALTER TABLE offer_variants ADD COLUMN extra JSON;
ALTER TABLE personas ADD COLUMN extra JSON;
ALTER TABLE brand_assets ADD COLUMN extra JSON;
ALTER TABLE templates ADD COLUMN extra JSON;
ALTER TABLE template_evaluations ADD COLUMN extra JSON;
ALTER TABLE product_images ADD COLUMN extra JSON;
ALTER TABLE hooks ADD COLUMN extra JSON;
ALTER TABLE angles ADD COLUMN extra JSON;
ALTER TABLE ads ADD COLUMN extra JSON;
ALTER TABLE ad_mappings ADD COLUMN extra JSON;
ALTER TABLE embeddings ADD COLUMN extra JSON;

CREATE INDEX ads_by_time ON ads (brand_id, created_at, id);
