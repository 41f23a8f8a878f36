-- What brands have and want: organizations, brands, products, templates and the material for ads.
-- Types are those of both backends: TEXT sorts by bytes, TIMESTAMP is UTC, JSON is a document.

CREATE TABLE organizations (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE brands (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  cross_brand_sharing BOOLEAN NOT NULL DEFAULT FALSE,
  selection_config JSON NOT NULL DEFAULT '{}',
  account_config JSON NOT NULL DEFAULT '{}',
  currency TEXT,
  timezone TEXT,
  palette JSON NOT NULL DEFAULT '[]',
  voice TEXT,
  prohibited_claims JSON NOT NULL DEFAULT '[]',
  required_disclaimers JSON NOT NULL DEFAULT '[]'
);

CREATE TABLE ad_accounts (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  platform TEXT NOT NULL,
  currency TEXT NOT NULL,
  timezone TEXT,
  config JSON NOT NULL DEFAULT '{}',
  PRIMARY KEY (brand_id, id)
);

CREATE TABLE products (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT,
  benefits JSON NOT NULL DEFAULT '[]',
  unique_selling_points JSON NOT NULL DEFAULT '[]',
  target_audience TEXT,
  current_offer TEXT,
  dimensions TEXT,
  guarantee TEXT,
  landing_page_url TEXT,
  PRIMARY KEY (brand_id, id)
);

CREATE TABLE offer_variants (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  name TEXT NOT NULL,
  message TEXT,
  pain_points JSON NOT NULL DEFAULT '[]',
  benefits JSON NOT NULL DEFAULT '[]',
  landing_page_url TEXT,
  hero_headline TEXT,
  hero_text TEXT,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);

CREATE TABLE personas (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  gender TEXT,
  age_range TEXT,
  awareness_stage TEXT,
  snapshot TEXT,
  depiction TEXT,
  PRIMARY KEY (brand_id, id)
);

CREATE TABLE brand_assets (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('logo', 'badge', 'font')),
  path TEXT NOT NULL,
  PRIMARY KEY (brand_id, id)
);

-- Templates are shared by all brands: a small table that a cluster keeps on every node.
CREATE TABLE templates (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  niche TEXT,
  awareness_level BIGINT CHECK (awareness_level BETWEEN 1 AND 5),
  target_sex TEXT,
  required_assets JSON NOT NULL DEFAULT '[]',
  optional_assets JSON NOT NULL DEFAULT '[]',
  text_areas JSON,
  layout JSON,
  image TEXT,
  palette JSON,
  embedding JSON,
  ad_library JSON,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  detected_at TIMESTAMP
);

CREATE TABLE template_evaluations (
  template_id TEXT NOT NULL PRIMARY KEY REFERENCES templates (id),
  d1 BIGINT CHECK (d1 BETWEEN 0 AND 3),
  d2 BIGINT CHECK (d2 BETWEEN 0 AND 3),
  d3 BIGINT CHECK (d3 BETWEEN 0 AND 3),
  d4 BIGINT CHECK (d4 BETWEEN 0 AND 3),
  d5 BIGINT CHECK (d5 BETWEEN 0 AND 3),
  d6 BOOLEAN
);

CREATE TABLE product_images (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  path TEXT NOT NULL,
  asset_tags JSON NOT NULL DEFAULT '[]',
  quality DOUBLE PRECISION,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);

CREATE TABLE hooks (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  text TEXT NOT NULL,
  hook_type TEXT,
  belief_angle TEXT,
  persuasion_type TEXT,
  impact_score DOUBLE PRECISION,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);

CREATE TABLE angles (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  name TEXT NOT NULL,
  belief_statement TEXT NOT NULL,
  problem TEXT,
  mechanism TEXT,
  proof TEXT,
  awareness_stage TEXT,
  persona_ids JSON NOT NULL DEFAULT '[]',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (brand_id, id),
  FOREIGN KEY (brand_id, product_id) REFERENCES products (brand_id, id)
);
