-- The queue: what is to be done, what was done, when it is done again, and what a person has to
-- look at.

-- Claimed row by row: a distributed store keeps jobs, runs and schedules on its coordinator.
-- attempts are those that count against max_attempts, runs are all: a job that a worker gave back
-- has run without an attempt. The run's number is the claim: who holds an older one has lost it.
CREATE TABLE jobs (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  parameters JSON NOT NULL,
  schedule_id TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'running', 'completed', 'failed',
                                       'cancelled')),
  due_at TIMESTAMP NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  max_attempts BIGINT NOT NULL,
  time_limit_seconds BIGINT NOT NULL,
  runs BIGINT NOT NULL DEFAULT 0,
  lease_until TIMESTAMP,
  cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
  error JSON,
  created_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  PRIMARY KEY (brand_id, id)
);

CREATE INDEX jobs_by_due ON jobs (state, due_at);
CREATE INDEX jobs_by_type ON jobs (brand_id, type, state, finished_at);
CREATE INDEX jobs_by_schedule ON jobs (brand_id, schedule_id, state);

CREATE TABLE job_schedules (
  brand_id TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  parameters JSON NOT NULL,
  cron TEXT NOT NULL,
  next_due_at TIMESTAMP NOT NULL,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id)
);

CREATE INDEX job_schedules_by_due ON job_schedules (next_due_at);

-- metadata: the live progress, and each step with its command, exit code and summary.
CREATE TABLE job_runs (
  brand_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  run BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  worker TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed', 'cancelled', 'released',
                                       'lost')),
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  metadata JSON NOT NULL,
  error JSON,
  PRIMARY KEY (brand_id, job_id, run)
);

-- At most one open alert about one thing: it counts how often it was raised.
CREATE TABLE alerts (
  brand_id TEXT NOT NULL REFERENCES brands (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  state TEXT NOT NULL CHECK (state IN ('active', 'acknowledged', 'resolved', 'auto_resolved')),
  message TEXT NOT NULL,
  details JSON NOT NULL,
  times BIGINT NOT NULL,
  raised_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  PRIMARY KEY (brand_id, id)
);

CREATE UNIQUE INDEX alerts_open ON alerts (brand_id, kind, subject)
  WHERE state IN ('active', 'acknowledged');
