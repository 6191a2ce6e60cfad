-- For H2 and PostgreSQL alike. H2 copies a table for each column that it gets, with its indexes: so without them. It commits
-- each statement by itself: so that a server that dies meanwhile does not keep the next one from going on, each may be repeated.

drop index if exists prediction_by_variant;

-- 128 characters of any script: H2 counts those beyond the first 65,536 twice.
alter table prediction alter column symbol set data type varchar(256);

-- When the market was as the request describes it, null if the request does not tell: then it is when the request came,
-- which the id tells. So it is for all rows of before.
alter table prediction add column if not exists event_time timestamp(3) with time zone;

-- What acting on the advice cost, as a fraction of the price; null if nobody told.
alter table prediction add column if not exists fee double precision;

-- All that an analysis reads. By time, so that new rows come beside each other: by unit, H2 would write a hundred times as
-- much.
create index if not exists prediction_by_variant on prediction
    (variant_id, id, unit, symbol, event_time, failed, direction, confidence, latency_nanos, actual_return, fee, closed_at);

alter table early_outcome add column if not exists fee double precision;

drop index if exists shadow_prediction_by_variant;

alter table shadow_prediction add column if not exists expected_return real;

create index if not exists shadow_prediction_by_variant on shadow_prediction
    (variant_id, prediction_id, unit, failed, direction, confidence, latency_nanos);

alter table experiment add column if not exists outcome_horizon_millis bigint;

alter table experiment add column if not exists cost_bps double precision;

-- The last look, as callers get it, and when it was made; never changed again.
alter table experiment add column if not exists final_analysis text;

alter table experiment add column if not exists final_analysis_at timestamp(3) with time zone;
