-- Whitespace of three elements beside that of two, the run whose prompt it stood in, and why it was
-- dismissed.

CREATE TEMPORARY TABLE carried_whitespace AS SELECT * FROM whitespace_candidates;

DROP TABLE whitespace_candidates;

-- Elements in order of (dimension, value); a pair has an empty third.
CREATE TABLE whitespace_candidates (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  a_dimension TEXT NOT NULL,
  a_value TEXT NOT NULL,
  b_dimension TEXT NOT NULL,
  b_value TEXT NOT NULL,
  c_dimension TEXT NOT NULL DEFAULT '',
  c_value TEXT NOT NULL DEFAULT '',
  potential DOUBLE PRECISION NOT NULL,
  document JSON NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('identified', 'injected', 'tested', 'dismissed')),
  injected_run_id TEXT NOT NULL DEFAULT '',
  reason TEXT,
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, a_dimension, a_value, b_dimension, b_value, c_dimension, c_value)
);

INSERT INTO whitespace_candidates (brand_id, a_dimension, a_value, b_dimension, b_value, potential,
  document, status, updated_at)
SELECT brand_id, a_dimension, a_value, b_dimension, b_value, potential, document, status, updated_at
FROM carried_whitespace;

DROP TABLE carried_whitespace;
