-- History in months: what grows without end is partitioned by time, so that old months can be taken away as a whole. The tables that
-- there are become the first partition. Figures by hour and day, and an index of metadata.
--
-- Needs PostgreSQL 18: what an upsert replaced (RETURNING old), constraints NOT NULL that are validated later.

-- In the order in which a projector takes them.
SELECT ledger.lock_all('ledger.positions', 'ledger.entries', 'ledger.postings', 'ledger.rejections', 'ledger.balances');

ALTER TABLE ledger.positions ADD COLUMN folded bigint;
UPDATE ledger.positions SET folded = sequence;
ALTER TABLE ledger.positions ALTER COLUMN folded SET NOT NULL,
    ADD CONSTRAINT positions_folded CHECK (folded = sequence);
COMMENT ON COLUMN ledger.positions.folded IS 'The same as sequence, written by projectors that keep all the tables of this schema. One of a version that knew fewer of them writes sequence alone; the check refuses that, and it waits until it is replaced.';

ALTER TABLE ledger.balances ADD COLUMN at timestamptz,
    ADD CONSTRAINT balances_at_not_null NOT NULL at NOT VALID;
COMMENT ON COLUMN ledger.balances.at IS 'When this holding changed last.';

-- The names of the old tables and their indexes make room for the new ones'.
ALTER TABLE ledger.entries RENAME TO entries_before;
ALTER TABLE ledger.entries_before DROP CONSTRAINT entries_pk;
ALTER TABLE ledger.entries_before ADD CONSTRAINT entries_before_pk PRIMARY KEY USING INDEX entries_before_pk;
DROP INDEX ledger.entries_command_id, ledger.entries_reference;
ALTER TABLE ledger.postings RENAME TO postings_before;
ALTER TABLE ledger.postings_before DROP CONSTRAINT postings_pk;
ALTER TABLE ledger.postings_before ADD CONSTRAINT postings_before_pk PRIMARY KEY USING INDEX postings_before_pk;
ALTER TABLE ledger.rejections RENAME TO rejections_before;
ALTER TABLE ledger.rejections_before RENAME CONSTRAINT rejections_pk TO rejections_before_pk;

CREATE TABLE ledger.entries (LIKE ledger.entries_before INCLUDING COMMENTS,
    CONSTRAINT entries_pk PRIMARY KEY (shard, sequence, at)) PARTITION BY RANGE (at);
CREATE INDEX entries_at ON ledger.entries (at, shard, sequence);
CREATE INDEX entries_type ON ledger.entries (type, at, shard, sequence);
CREATE INDEX entries_command ON ledger.entries
    (command_id, (CASE WHEN type = 'CommandRejected' AND NOT is_outcome THEN 1 ELSE 0 END), at, shard, sequence);
CREATE INDEX entries_reference ON ledger.entries ((data ->> 'reference'), at, shard, sequence)
    WHERE data ->> 'reference' IS NOT NULL;
COMMENT ON TABLE ledger.entries IS 'The journal, one row an entry. Rows are only ever appended. One partition a month (UTC).';
COMMENT ON INDEX ledger.entries_command IS 'What a command led to, and apart from that the conflicts over its id, of which there may be any number.';
COMMENT ON INDEX ledger.entries_reference IS 'What refers to a transfer or a hold: reversals and captures.';

CREATE TABLE ledger.postings (LIKE ledger.postings_before INCLUDING COMMENTS,
    CONSTRAINT postings_pk PRIMARY KEY (account, asset, bucket, at, shard, version)) PARTITION BY RANGE (at);
CREATE INDEX postings_asset ON ledger.postings (asset, at, shard, sequence, account, version)
    WHERE account NOT LIKE '@clearing/%';
CREATE INDEX postings_counterparty ON ledger.postings (account, counterparty, at, shard, version)
    WHERE counterparty IS NOT NULL AND account NOT LIKE '@clearing/%';
CREATE INDEX postings_account ON ledger.postings (hashtextextended(account, 0), at, shard, version)
    WHERE account NOT LIKE '@clearing/%';
CREATE INDEX postings_entry ON ledger.postings (shard, sequence);
COMMENT ON INDEX ledger.postings_account IS 'The postings of an account in all assets, in the order of time. By the hash of its id, which is shorter, and which keeps the planner from reading it for one asset.';
COMMENT ON INDEX ledger.postings_entry IS 'The postings of an entry. Grows at its end only, so that it costs little to write.';
COMMENT ON TABLE ledger.postings IS 'The signed changes of balances, one row a posting. The postings of an entry sum to zero for each asset. Rows are only ever appended. One partition a month (UTC).';
COMMENT ON COLUMN ledger.postings.at IS 'When its entry was decided. Follows the account, asset and bucket in the key, so that their history newest first and a balance as of an instant are each one scan of the index.';

CREATE TABLE ledger.rejections (LIKE ledger.rejections_before INCLUDING COMMENTS,
    CONSTRAINT rejections_pk PRIMARY KEY (at, shard, sequence)) PARTITION BY RANGE (at);
CREATE INDEX rejections_code ON ledger.rejections (code, at, shard, sequence);
CREATE INDEX rejections_account ON ledger.rejections (account, at, shard, sequence);
COMMENT ON TABLE ledger.rejections IS 'Commands that were understood and rejected, one row each, conflicts over an id included. Rows are only ever appended. One partition a month (UTC).';

CREATE TABLE ledger.entry_metadata (
    at       timestamptz NOT NULL,
    sequence bigint      NOT NULL,
    shard    integer     NOT NULL,
    key      text COLLATE "C" NOT NULL,
    value    text COLLATE "C" NOT NULL,
    CONSTRAINT entry_metadata_pk PRIMARY KEY (key, value, at, shard, sequence)
) PARTITION BY RANGE (at);
COMMENT ON TABLE ledger.entry_metadata IS 'The clients'' own members of the commands that entries go back to, one row for each member of each entry: an index of the entries by metadata. Rows are only ever appended. One partition a month (UTC).';
COMMENT ON COLUMN ledger.entry_metadata.at IS 'When the entry was decided.';
COMMENT ON COLUMN ledger.entry_metadata.sequence IS 'The sequence of the entry.';
COMMENT ON COLUMN ledger.entry_metadata.shard IS 'The shard of the entry.';
COMMENT ON COLUMN ledger.entry_metadata.key IS 'The member''s name.';
COMMENT ON COLUMN ledger.entry_metadata.value IS 'The member''s value.';

CREATE TYPE ledger.grain AS ENUM ('hour', 'day');
COMMENT ON TYPE ledger.grain IS 'How long a period of a rollup is: an hour, or a day from midnight to midnight UTC.';

-- Each batch adds to a few rows many times over; room in each page lets that stay there.
CREATE TABLE ledger.activity (
    starts          timestamptz      NOT NULL,
    transfers       bigint           NOT NULL,
    active_accounts bigint           NOT NULL,
    shard           integer          NOT NULL,
    grain           ledger.grain     NOT NULL,
    asset           text COLLATE "C" NOT NULL,
    volume          numeric(64, 0)   NOT NULL,
    minted          numeric(64, 0)   NOT NULL,
    burned          numeric(64, 0)   NOT NULL,
    returned        numeric(64, 0)   NOT NULL,
    CONSTRAINT activity_pk PRIMARY KEY (asset, grain, starts, shard)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.activity IS 'What happened with each asset in each hour and each day, by shard; periods without any have no row. Sums over shards are the ledger''s. Kept by the transaction that writes the entries.';
COMMENT ON COLUMN ledger.activity.starts IS 'When the period starts; it ends right before the next one.';
COMMENT ON COLUMN ledger.activity.transfers IS 'How many movements between clients were decided on the shard: transfers, captures, reversals and the legs of transactions.';
COMMENT ON COLUMN ledger.activity.active_accounts IS 'How many clients'' accounts of the shard had a posting of the asset, in whichever bucket.';
COMMENT ON COLUMN ledger.activity.shard IS 'The shard that decided, or that keeps the accounts.';
COMMENT ON COLUMN ledger.activity.grain IS 'How long the period is.';
COMMENT ON COLUMN ledger.activity.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.activity.volume IS 'What those movements moved, in minor units.';
COMMENT ON COLUMN ledger.activity.minted IS 'What was minted, less the mints that came back in this period because they could not be credited; in minor units. Negative when more came back than was minted.';
COMMENT ON COLUMN ledger.activity.burned IS 'What was burned, less the burns that came back in this period, in minor units.';
COMMENT ON COLUMN ledger.activity.returned IS 'What came back in this period of movements between clients, in minor units; the volume of this or an earlier period includes it.';

CREATE TABLE ledger.rejection_counts (
    starts     timestamptz      NOT NULL,
    rejections bigint           NOT NULL,
    shard      integer          NOT NULL,
    grain      ledger.grain     NOT NULL,
    code       text COLLATE "C" NOT NULL,
    CONSTRAINT rejection_counts_pk PRIMARY KEY (code, grain, starts, shard)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.rejection_counts IS 'How many commands were rejected in each hour and each day, by code and shard; periods without any have no row. Kept by the transaction that writes the rejections.';
COMMENT ON COLUMN ledger.rejection_counts.starts IS 'When the period starts; it ends right before the next one.';
COMMENT ON COLUMN ledger.rejection_counts.rejections IS 'How many commands were rejected.';
COMMENT ON COLUMN ledger.rejection_counts.shard IS 'The shard that rejected them.';
COMMENT ON COLUMN ledger.rejection_counts.grain IS 'How long the period is.';
COMMENT ON COLUMN ledger.rejection_counts.code IS 'The rule that was broken, such as INSUFFICIENT_FUNDS.';

CREATE TABLE ledger.retention (
    single  boolean NOT NULL DEFAULT true,
    horizon timestamptz,
    CONSTRAINT retention_pk PRIMARY KEY (single),
    CONSTRAINT retention_single CHECK (single)
);
COMMENT ON TABLE ledger.retention IS 'How far back entries, postings, rejections and metadata go, in one row; none while the tables are being filled by an upgrade and no question may be answered from them. Balances, accounts, assets and rollups are of all time.';
COMMENT ON COLUMN ledger.retention.single IS 'True: there is one row.';
COMMENT ON COLUMN ledger.retention.horizon IS 'Before this time everything has been detached, and nothing is written any more; null when nothing has been.';

CREATE VIEW ledger.v_partitions AS
SELECT parent.relname::text AS table_name,
       partition.relname::text AS partition_name,
       bound.is_from[1]::timestamptz AS starts,
       bound.is_to[1]::timestamptz AS ends
FROM pg_inherits
JOIN pg_class AS parent ON parent.oid = inhparent AND parent.relnamespace = 'ledger'::regnamespace AND parent.relkind = 'p'
JOIN pg_class AS partition ON partition.oid = inhrelid
CROSS JOIN LATERAL (
    SELECT regexp_match(pg_get_expr(partition.relpartbound, partition.oid), 'FROM \(''(.*?)''\)') AS is_from,
           regexp_match(pg_get_expr(partition.relpartbound, partition.oid), 'TO \(''(.*?)''\)') AS is_to
) AS bound;
COMMENT ON VIEW ledger.v_partitions IS 'The partitions of the tables that are divided by time.';
COMMENT ON COLUMN ledger.v_partitions.table_name IS 'The divided table.';
COMMENT ON COLUMN ledger.v_partitions.partition_name IS 'The partition.';
COMMENT ON COLUMN ledger.v_partitions.starts IS 'The earliest time that it can hold; null when it holds everything before its end.';
COMMENT ON COLUMN ledger.v_partitions.ends IS 'The time before which it ends.';

CREATE FUNCTION ledger.make_partitions(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month CONSTANT timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    lower CONSTANT timestamptz := month AT TIME ZONE 'UTC';
    upper CONSTANT timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
    is_locked boolean;
    missing text[];
    partitioned text;
    made text;
BEGIN
    FOREACH is_locked IN ARRAY ARRAY[false, true] LOOP
        IF is_locked THEN
            -- Whoever detaches holds the retention first, and for moments; the other lock is held by those who make partitions only.
            LOCK TABLE ledger.retention IN ACCESS SHARE MODE;
            PERFORM pg_advisory_xact_lock(hashtext('ledger.v_partitions'));
        END IF;
        missing := ARRAY(SELECT name FROM unnest(ARRAY['entries', 'postings', 'rejections', 'entry_metadata']) AS name
                         WHERE NOT EXISTS (SELECT FROM ledger.v_partitions
                                           WHERE table_name = name AND ends >= upper AND coalesce(starts <= lower, true)));
        IF cardinality(missing) = 0 OR EXISTS (SELECT FROM ledger.retention WHERE horizon >= upper) THEN
            RETURN;
        END IF;
    END LOOP;
    FOREACH partitioned IN ARRAY missing LOOP
        made := partitioned || to_char(month, '_YYYY_MM');
        EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.%I INCLUDING ALL)', made, partitioned);
        EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                       partitioned, made, lower, upper);
    END LOOP;
END $$;
COMMENT ON FUNCTION ledger.make_partitions IS 'Makes the partitions of the month (UTC) that an instant is in, those that are missing; none for a month before the horizon, where nothing is written. May be called by several at once; neither readers nor writers wait for it, and it waits for nobody when all are there.';

CREATE FUNCTION ledger.free_name(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    length_max CONSTANT integer := 50;
    free text := name;
    number integer := 1;
BEGIN
    WHILE to_regclass(format('ledger_detached.%I', free)) IS NOT NULL LOOP
        number := number + 1;
        free := left(name, length_max) || '_' || number;
    END LOOP;
    RETURN free;
END $$;
COMMENT ON FUNCTION ledger.free_name IS 'A name that no table or index in the schema ledger_detached has: the one given, or the first free one of those with a number after it. What was detached before the schema ledger was rebuilt may still be there.';

CREATE FUNCTION ledger.detach_partitions_before(before timestamptz) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    reached timestamptz;
    old record;
    moved record;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.retention) THEN
        RAISE EXCEPTION 'history is being upgraded';
    END IF;
    SELECT max(at) INTO reached FROM ledger.positions;
    IF before > reached OR reached IS NULL THEN
        RAISE EXCEPTION 'must not be later than the newest entry: before=% newest=%', before, reached;
    END IF;
    -- Whoever asks as of a time, or makes partitions, locks the retention first, and then sees a horizon that fits the partitions.
    PERFORM ledger.lock_all('ledger.retention', 'ledger.entries', 'ledger.postings', 'ledger.rejections', 'ledger.entry_metadata');
    IF to_regnamespace('ledger_detached') IS NULL THEN
        CREATE SCHEMA ledger_detached;
        COMMENT ON SCHEMA ledger_detached IS 'Partitions that ledger.detach_partitions_before has taken out of history. Nothing reads them: dump them, drop them.';
    END IF;
    FOR old IN SELECT *, ledger.free_name(partition_name) AS free_name
               FROM ledger.v_partitions WHERE ends <= before ORDER BY ends, table_name LOOP
        EXECUTE format('ALTER TABLE ledger.%I DETACH PARTITION ledger.%I', old.table_name, old.partition_name);
        FOR moved IN SELECT relname AS name, ledger.free_name(relname::text) AS free_name
                     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                     WHERE indrelid = format('ledger.%I', old.partition_name)::regclass LOOP
            IF moved.free_name <> moved.name THEN
                EXECUTE format('ALTER INDEX ledger.%I RENAME TO %I', moved.name, moved.free_name);
            END IF;
        END LOOP;
        IF old.free_name <> old.partition_name THEN
            EXECUTE format('ALTER TABLE ledger.%I RENAME TO %I', old.partition_name, old.free_name);
        END IF;
        EXECUTE format('ALTER TABLE ledger.%I SET SCHEMA ledger_detached', old.free_name);
        UPDATE ledger.retention SET horizon = greatest(horizon, old.ends);
        RETURN NEXT old.free_name;
    END LOOP;
END $$;
COMMENT ON FUNCTION ledger.detach_partitions_before IS 'Moves the partitions that lie wholly before a time into the schema ledger_detached, and the horizon of ledger.retention to the end of the last one. Returns the names that they have there. Projectors go on meanwhile.';

DO $$
DECLARE
    partitioned text;
    upper timestamptz;
    filled CONSTANT boolean := EXISTS (SELECT FROM ledger.entries_before);
    whole text;
BEGIN
    SELECT (date_trunc('month', greatest(now(), max(at)) AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC'
        INTO upper FROM ledger.positions;
    CREATE TABLE ledger.entry_metadata_before (LIKE ledger.entry_metadata INCLUDING ALL);
    ALTER INDEX ledger.entry_metadata_before_pkey RENAME TO entry_metadata_before_pk;
    ALTER TABLE ledger.entry_metadata_before ADD CONSTRAINT before CHECK (true);
    FOREACH partitioned IN ARRAY ARRAY['entries', 'postings', 'rejections', 'entry_metadata'] LOOP
        whole := partitioned || '_before';
        IF filled THEN
            EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (MINVALUE) TO (%L)',
                           partitioned, whole, upper);
            EXECUTE format('ALTER TABLE ledger.%I DROP CONSTRAINT before', whole);
        ELSE
            EXECUTE format('DROP TABLE ledger.%I', whole);
        END IF;
    END LOOP;
END $$;
