-- What reviewers answered, by everything that their answer depends on: picture, words, rubric,
-- reviewer and its version. An error is not kept.
CREATE TABLE review_answers (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  answer_key TEXT NOT NULL,
  stage BIGINT NOT NULL,
  reviewer TEXT NOT NULL,
  reviewer_version TEXT NOT NULL,
  answer JSON NOT NULL,
  answered_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, answer_key)
);

-- The quality config that a verdict was computed with ("brand/3"; "built-in" has no row).
ALTER TABLE reviews ADD COLUMN quality_config TEXT NOT NULL DEFAULT '';

CREATE INDEX exemplars_by_kind ON exemplars (brand_id, kind, added_at);
CREATE INDEX overrides_by_time ON overrides (brand_id, decided_at);
CREATE INDEX review_audits_by_time ON review_audits (brand_id, queued_at);
