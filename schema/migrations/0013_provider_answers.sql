-- Answers of providers as they came: kept under the key of their attempt before anything is made of
-- them, so that what was paid is not paid again, also after the process was killed.
CREATE TABLE provider_answers (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  idempotency_key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  answer BYTES NOT NULL,
  answered_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, idempotency_key)
);

CREATE INDEX provider_answers_by_request ON provider_answers (brand_id, request_sha256);
