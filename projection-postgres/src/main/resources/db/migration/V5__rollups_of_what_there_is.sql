-- Fills the new columns and tables from the entries and postings that there are. No projector writes meanwhile: older ones are refused,
-- newer ones wait for this. Questions are answered again when the row of ledger.retention is there, at the end.

UPDATE ledger.balances AS b
SET at = p.at
FROM (SELECT account, asset, shard, max(at) AS at FROM ledger.postings GROUP BY account, asset, shard) AS p
WHERE p.account = b.account AND p.asset = b.asset AND p.shard = b.shard;
ALTER TABLE ledger.balances VALIDATE CONSTRAINT balances_at_not_null;

INSERT INTO ledger.entry_metadata (at, sequence, shard, key, value)
SELECT at, sequence, shard, member.key, member.value
FROM ledger.entries
CROSS JOIN LATERAL jsonb_each_text(coalesce(data -> 'metadata', data -> 'command' -> 'metadata')) AS member
WHERE type <> 'CommandRejected' AND jsonb_typeof(coalesce(data -> 'metadata', data -> 'command' -> 'metadata')) = 'object';

WITH moved AS (
    SELECT at, shard, kind, type = 'TransferReturned' AS is_back, data ->> 'asset' AS asset, (data ->> 'amount')::numeric AS amount
    FROM ledger.entries
    WHERE type IN ('TransferPosted', 'TransferSent', 'TransferReturned')
    UNION ALL
    SELECT at, shard, 'transfer', false, leg ->> 'asset', (leg ->> 'amount')::numeric
    FROM ledger.entries
    CROSS JOIN LATERAL jsonb_array_elements(data -> 'legs') AS leg
    WHERE type IN ('TransactionPosted', 'TransactionCommitted')
),
movements AS (
    SELECT asset, grain, date_trunc(grain::text, at, 'UTC') AS starts, shard,
           count(*) FILTER (WHERE is_between AND NOT is_back) AS transfers,
           coalesce(sum(amount) FILTER (WHERE is_between AND NOT is_back), 0) AS volume,
           coalesce(sum(CASE WHEN is_back THEN -amount ELSE amount END) FILTER (WHERE kind = 'mint'), 0) AS minted,
           coalesce(sum(CASE WHEN is_back THEN -amount ELSE amount END) FILTER (WHERE kind = 'burn'), 0) AS burned,
           coalesce(sum(amount) FILTER (WHERE is_between AND is_back), 0) AS returned
    FROM moved
    CROSS JOIN unnest(enum_range(null::ledger.grain)) AS grain
    CROSS JOIN LATERAL (SELECT kind NOT IN ('mint', 'burn') AS is_between) AS what
    GROUP BY 1, 2, 3, 4
),
changed_hourly AS MATERIALIZED (
    SELECT DISTINCT asset, date_trunc('hour', at, 'UTC') AS starts, shard, account
    FROM ledger.postings
    WHERE account NOT LIKE '@%'
),
changed_daily AS (
    SELECT DISTINCT asset, date_trunc('day', starts, 'UTC') AS starts, shard, account FROM changed_hourly
),
active AS (
    SELECT asset, 'hour'::ledger.grain AS grain, starts, shard, count(*) AS active_accounts
    FROM changed_hourly
    GROUP BY asset, starts, shard
    UNION ALL
    SELECT asset, 'day', starts, shard, count(*)
    FROM changed_daily
    GROUP BY asset, starts, shard
)
INSERT INTO ledger.activity (asset, grain, starts, shard, transfers, volume, minted, burned, returned, active_accounts)
SELECT asset, grain, starts, shard, coalesce(transfers, 0), coalesce(volume, 0), coalesce(minted, 0), coalesce(burned, 0),
       coalesce(returned, 0), coalesce(active_accounts, 0)
FROM movements
FULL JOIN active USING (asset, grain, starts, shard);

INSERT INTO ledger.rejection_counts (code, grain, starts, shard, rejections)
SELECT code, grain, date_trunc(grain::text, at, 'UTC'), shard, count(*)
FROM ledger.rejections
CROSS JOIN unnest(enum_range(null::ledger.grain)) AS grain
GROUP BY 1, 2, 3, 4;

INSERT INTO ledger.retention DEFAULT VALUES;
