-- For H2 and PostgreSQL alike. A table of its own: most models return nothing that has no column, and old ledgers open at once.

-- What a model returned beside direction, confidence and return, as a JSON object by name. No foreign key: rows are written
-- behind the answers, many at a time.
create table if not exists further_outputs (
    prediction_id uuid not null,
    -- The variant of the shadow that returned it, 0 for the answer itself.
    shadow_id integer not null,
    outputs text not null,
    primary key (prediction_id, shadow_id)
);
