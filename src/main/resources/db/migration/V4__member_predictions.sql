-- For H2 and PostgreSQL alike. A table of its own: only ensembles have members.

-- What the members of the ensemble advised that answered a prediction: its outcome scores them. No foreign key: rows are
-- written behind the answers, many at a time.
create table if not exists member_prediction (
    prediction_id uuid not null,
    -- In the order of the ensemble.
    place integer not null,
    model_name varchar(128) not null,
    model_version varchar(128) not null,
    direction varchar(4) not null,
    primary key (prediction_id, place)
);
