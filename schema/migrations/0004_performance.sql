-- Performance at the size at which it comes, and what was known at an earlier time.

-- Each platform ad has a number of its own within the brand, which stands for it in its periods.
CREATE TEMPORARY TABLE carried_platform_ads AS SELECT * FROM platform_ads;

DROP TABLE platform_ads;

CREATE TABLE platform_ads (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT,
  account_id TEXT,
  adset_id TEXT,
  adset_name TEXT,
  campaign_id TEXT NOT NULL DEFAULT '',
  learned_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, platform, platform_ad_id),
  UNIQUE (brand_id, number)
);

INSERT INTO platform_ads (brand_id, platform, platform_ad_id, number, name, account_id, adset_id,
  adset_name, campaign_id, learned_at)
SELECT k.brand_id, k.platform, k.platform_ad_id,
  ROW_NUMBER() OVER (PARTITION BY k.brand_id ORDER BY k.platform, k.platform_ad_id),
  a.name, a.account_id, a.adset_id, a.adset_name, COALESCE(a.campaign_id, ''),
  '1970-01-01T00:00:00.000000Z'
FROM (SELECT brand_id, platform, platform_ad_id FROM carried_platform_ads
      UNION SELECT brand_id, platform, platform_ad_id FROM ad_performance) k
LEFT JOIN carried_platform_ads a ON a.brand_id = k.brand_id AND a.platform = k.platform
  AND a.platform_ad_id = k.platform_ad_id;

DROP TABLE carried_platform_ads;

-- Every value from when it was learned until when another took its place: none is overwritten, and
-- those with replaced_at NULL count. Days are days since 1970-01-01, conversions are millionths,
-- money is micros of the currency. No foreign keys: they would be looked up for every row.
CREATE TEMPORARY TABLE carried_performance AS SELECT * FROM ad_performance;

DROP TABLE ad_performance;

CREATE TABLE ad_performance (
  brand_id TEXT NOT NULL,
  ad_number BIGINT NOT NULL,
  date_start BIGINT NOT NULL,
  date_stop BIGINT NOT NULL,
  currency TEXT NOT NULL,
  learned_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP,
  impressions BIGINT NOT NULL,
  spend_micros BIGINT NOT NULL,
  reach BIGINT,
  frequency DOUBLE PRECISION,
  clicks BIGINT,
  link_clicks BIGINT,
  conversions_millionths BIGINT,
  conversion_value_micros BIGINT,
  attribution_window TEXT,
  PRIMARY KEY (brand_id, ad_number, date_start, date_stop, currency, learned_at)
) WITHOUT ROWID;

-- The day number of a date of the common calendar, in arithmetic that both backends have: years
-- that begin with March, 146,097 days in four centuries.
INSERT INTO ad_performance (brand_id, ad_number, date_start, date_stop, currency, learned_at,
  replaced_at, impressions, spend_micros, reach, frequency, clicks, link_clicks,
  conversions_millionths, conversion_value_micros, attribution_window)
SELECT p.brand_id, a.number,
  p.y1 * 365 + p.y1 / 4 - p.y1 / 100 + p.y1 / 400 + (153 * p.m1 + 2) / 5 + p.d1 - 719469,
  p.y2 * 365 + p.y2 / 4 - p.y2 / 100 + p.y2 / 400 + (153 * p.m2 + 2) / 5 + p.d2 - 719469,
  p.currency, p.learned_at, p.replaced_at, p.impressions, p.spend_micros, p.reach, p.frequency,
  p.clicks, p.link_clicks, p.conversions_millionths, p.conversion_value_micros,
  p.attribution_window
FROM (
  SELECT q.*,
    LEAD(learned_at) OVER (PARTITION BY brand_id, platform, platform_ad_id, date_start, date_stop,
      currency ORDER BY learned_at) AS replaced_at,
    CAST(substr(CAST(date_start AS VARCHAR(10)), 1, 4) AS BIGINT)
      - CASE WHEN substr(CAST(date_start AS VARCHAR(10)), 6, 2) < '03' THEN 1 ELSE 0 END AS y1,
    (CAST(substr(CAST(date_start AS VARCHAR(10)), 6, 2) AS BIGINT) + 9) % 12 AS m1,
    CAST(substr(CAST(date_start AS VARCHAR(10)), 9, 2) AS BIGINT) AS d1,
    CAST(substr(CAST(date_stop AS VARCHAR(10)), 1, 4) AS BIGINT)
      - CASE WHEN substr(CAST(date_stop AS VARCHAR(10)), 6, 2) < '03' THEN 1 ELSE 0 END AS y2,
    (CAST(substr(CAST(date_stop AS VARCHAR(10)), 6, 2) AS BIGINT) + 9) % 12 AS m2,
    CAST(substr(CAST(date_stop AS VARCHAR(10)), 9, 2) AS BIGINT) AS d2
  FROM carried_performance q) p
JOIN platform_ads a ON a.brand_id = p.brand_id AND a.platform = p.platform
  AND a.platform_ad_id = p.platform_ad_id;

DROP TABLE carried_performance;

-- What stands in one row and changes there: the row that was replaced is kept beside it, with the
-- time until which it held. That of the table itself holds from its own time on.
ALTER TABLE campaigns ADD COLUMN learned_at TIMESTAMP NOT NULL DEFAULT '1970-01-01T00:00:00.000000Z';

CREATE TABLE past_campaigns (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  objective TEXT NOT NULL,
  learned_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, platform, campaign_id, learned_at)
);

CREATE TABLE past_platform_ads (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  learned_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, platform, platform_ad_id, learned_at)
);

CREATE TABLE past_ad_mappings (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  platform TEXT NOT NULL,
  platform_ad_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, platform, platform_ad_id, created_at)
);

CREATE TABLE past_rewards (
  brand_id TEXT NOT NULL,
  ad_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  reward DOUBLE PRECISION NOT NULL,
  reward_sd DOUBLE PRECISION,
  weight DOUBLE PRECISION NOT NULL,
  state TEXT NOT NULL,
  source TEXT NOT NULL,
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
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, ad_id, computed_at),
  FOREIGN KEY (brand_id, ad_id) REFERENCES ads (brand_id, id)
);

CREATE TABLE past_combo_usage (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  combo_key TEXT NOT NULL,
  times_used BIGINT NOT NULL,
  last_used_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, combo_key, last_used_at)
);

CREATE TABLE past_element_scores (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  product_id TEXT NOT NULL DEFAULT '',
  dimension TEXT NOT NULL,
  value TEXT NOT NULL,
  alpha DOUBLE PRECISION NOT NULL,
  beta DOUBLE PRECISION NOT NULL,
  observations BIGINT NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, product_id, dimension, value, updated_at)
);

-- What the learners held of a selection item before they corrected it.
CREATE TABLE past_credits (
  brand_id TEXT NOT NULL,
  selection_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  credited_reward DOUBLE PRECISION NOT NULL,
  credited_weight DOUBLE PRECISION,
  credited_at TIMESTAMP NOT NULL,
  replaced_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, selection_id, template_id, credited_at),
  FOREIGN KEY (brand_id, selection_id, template_id)
    REFERENCES selection_items (brand_id, selection_id, template_id)
);
