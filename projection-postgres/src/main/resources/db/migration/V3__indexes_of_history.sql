-- Makes the tables of history ready to become partitions, while they are being read and written: indexes are built concurrently, and
-- a check that is valid already lets the next migration attach them without reading them. Not one transaction, so every
-- statement may be run again after a run that was cut short.

DO $$
BEGIN
    IF current_setting('server_version_num')::integer < 180000 THEN
        RAISE EXCEPTION 'history needs PostgreSQL 18 or newer: server_version=%', current_setting('server_version');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger.lock_all(VARIADIC tables regclass[]) RETURNS void
    LANGUAGE plpgsql SET lock_timeout = '150ms' AS $$
DECLARE
    tries_max CONSTANT integer := 1000;
    locked regclass;
BEGIN
    FOR try IN 1..tries_max LOOP
        BEGIN
            FOREACH locked IN ARRAY tables LOOP
                EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', locked);
            END LOOP;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.05 + random() * 0.1);
        END;
    END LOOP;
    RAISE EXCEPTION 'something has held a lock on one of % for minutes', tables USING ERRCODE = 'lock_not_available';
END $$;
COMMENT ON FUNCTION ledger.lock_all IS 'Locks all the tables in the order given, until the end of the transaction, or none for the time being: who asks for one meanwhile waits for as many times 150 ms as there are tables at most, less than the second after which a wait is looked at as a deadlock.';

DO $$
DECLARE
    partitioned text;
    upper timestamptz;
BEGIN
    PERFORM ledger.lock_all('ledger.entries', 'ledger.postings', 'ledger.rejections');
    -- New rows are checked from now on: a month to spare, so that the upgrade may be under way when one ends.
    SELECT (date_trunc('month', greatest(now(), max(at)) AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC'
        INTO upper FROM ledger.positions;
    FOREACH partitioned IN ARRAY ARRAY['entries', 'postings', 'rejections'] LOOP
        EXECUTE format('ALTER TABLE ledger.%I DROP CONSTRAINT IF EXISTS before', partitioned);
        EXECUTE format('ALTER TABLE ledger.%I ADD CONSTRAINT before CHECK (at < %L) NOT VALID', partitioned, upper);
    END LOOP;
END $$;
ALTER TABLE ledger.entries VALIDATE CONSTRAINT before;
ALTER TABLE ledger.postings VALIDATE CONSTRAINT before;
ALTER TABLE ledger.rejections VALIDATE CONSTRAINT before;

DROP INDEX CONCURRENTLY IF EXISTS ledger.entries_before_pk;
CREATE UNIQUE INDEX CONCURRENTLY entries_before_pk ON ledger.entries (shard, sequence, at);
DROP INDEX CONCURRENTLY IF EXISTS ledger.entries_before_at;
CREATE INDEX CONCURRENTLY entries_before_at ON ledger.entries (at, shard, sequence);
DROP INDEX CONCURRENTLY IF EXISTS ledger.entries_before_type;
CREATE INDEX CONCURRENTLY entries_before_type ON ledger.entries (type, at, shard, sequence);
DROP INDEX CONCURRENTLY IF EXISTS ledger.entries_before_command;
CREATE INDEX CONCURRENTLY entries_before_command ON ledger.entries
    (command_id, (CASE WHEN type = 'CommandRejected' AND NOT is_outcome THEN 1 ELSE 0 END), at, shard, sequence);
DROP INDEX CONCURRENTLY IF EXISTS ledger.entries_before_reference;
CREATE INDEX CONCURRENTLY entries_before_reference ON ledger.entries ((data ->> 'reference'), at, shard, sequence)
    WHERE data ->> 'reference' IS NOT NULL;

DROP INDEX CONCURRENTLY IF EXISTS ledger.postings_before_pk;
CREATE UNIQUE INDEX CONCURRENTLY postings_before_pk ON ledger.postings (account, asset, bucket, at, shard, version);
DROP INDEX CONCURRENTLY IF EXISTS ledger.postings_before_asset;
CREATE INDEX CONCURRENTLY postings_before_asset ON ledger.postings (asset, at, shard, sequence, account, version)
    WHERE account NOT LIKE '@clearing/%';
DROP INDEX CONCURRENTLY IF EXISTS ledger.postings_before_counterparty;
CREATE INDEX CONCURRENTLY postings_before_counterparty ON ledger.postings (account, counterparty, at, shard, version)
    WHERE counterparty IS NOT NULL AND account NOT LIKE '@clearing/%';
DROP INDEX CONCURRENTLY IF EXISTS ledger.postings_before_account;
CREATE INDEX CONCURRENTLY postings_before_account ON ledger.postings (hashtextextended(account, 0), at, shard, version)
    WHERE account NOT LIKE '@clearing/%';
DROP INDEX CONCURRENTLY IF EXISTS ledger.postings_before_entry;
CREATE INDEX CONCURRENTLY postings_before_entry ON ledger.postings (shard, sequence);

DROP INDEX CONCURRENTLY IF EXISTS ledger.rejections_before_code;
CREATE INDEX CONCURRENTLY rejections_before_code ON ledger.rejections (code, at, shard, sequence);
DROP INDEX CONCURRENTLY IF EXISTS ledger.rejections_before_account;
CREATE INDEX CONCURRENTLY rejections_before_account ON ledger.rejections (account, at, shard, sequence);

DROP INDEX CONCURRENTLY IF EXISTS ledger.balances_asset;
CREATE INDEX CONCURRENTLY balances_asset ON ledger.balances (asset, account, shard);
COMMENT ON INDEX ledger.balances_asset IS 'The holders of an asset. None of its columns ever changes, so that updates leave it alone.';
