-- History for people and programs that ask in SQL. The names and columns of the views v_... and of the functions named below are a promise:
-- columns are added at the end and never taken away. The tables below them may change.
--
-- Amounts are in minor units, and beside them with the asset's decimal point in columns named ..._decimal, which are null while the
-- asset's definition has not been read.

CREATE FUNCTION ledger.as_decimal(minor numeric, decimals integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN round(minor * power(10::numeric, -decimals), decimals);
COMMENT ON FUNCTION ledger.as_decimal IS 'An amount in minor units with its decimal point, exactly: 1250 with two decimals is 12.50.';

CREATE FUNCTION ledger.position_of(shard integer, sequence bigint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN shard || ':' || sequence;
COMMENT ON FUNCTION ledger.position_of IS 'An entry''s position as programs write it, such as 3:1841.';

CREATE VIEW ledger.v_assets AS
SELECT a.asset,
       a.name,
       a.symbol,
       a.emoji,
       a.decimals::integer AS decimals,
       issued.supply,
       ledger.as_decimal(issued.supply, a.decimals) AS supply_decimal,
       a.max_supply,
       ledger.as_decimal(a.max_supply, a.decimals) AS max_supply_decimal,
       a.defined_at,
       a.metadata
FROM ledger.assets AS a
CROSS JOIN LATERAL (
    SELECT coalesce(-sum(available + held + locked + staked), 0) AS supply
    FROM ledger.balances
    WHERE account = '@' || a.asset AND asset = a.asset
) AS issued;
COMMENT ON VIEW ledger.v_assets IS 'Tokens and currencies with what circulates of them.';
COMMENT ON COLUMN ledger.v_assets.asset IS 'The code, such as GOLD.';
COMMENT ON COLUMN ledger.v_assets.name IS 'The name, for people.';
COMMENT ON COLUMN ledger.v_assets.symbol IS 'The symbol, for people; may be empty.';
COMMENT ON COLUMN ledger.v_assets.emoji IS 'The emoji, for people; may be empty.';
COMMENT ON COLUMN ledger.v_assets.decimals IS 'How many digits of an amount stand behind the point when people read it.';
COMMENT ON COLUMN ledger.v_assets.supply IS 'What circulates: what was minted and not burned, in minor units.';
COMMENT ON COLUMN ledger.v_assets.supply_decimal IS 'What circulates, with the decimal point.';
COMMENT ON COLUMN ledger.v_assets.max_supply IS 'The most that may circulate, in minor units; null for no other limit than 38 digits.';
COMMENT ON COLUMN ledger.v_assets.max_supply_decimal IS 'The most that may circulate, with the decimal point.';
COMMENT ON COLUMN ledger.v_assets.defined_at IS 'When it was defined.';
COMMENT ON COLUMN ledger.v_assets.metadata IS 'The client''s own members of the defining command; null when there are none.';

CREATE VIEW ledger.v_accounts AS
SELECT account,
       CASE WHEN account LIKE '@clearing/%' THEN 'clearing' WHEN account LIKE '@%' THEN 'issuer' ELSE 'client' END AS kind,
       status::text AS status,
       since,
       opened_at,
       limits,
       max_balances,
       metadata,
       shard
FROM ledger.accounts;
COMMENT ON VIEW ledger.v_accounts IS 'Accounts, clients'' and the ledger''s own. Clearing accounts have one row for each shard, all others one.';
COMMENT ON COLUMN ledger.v_accounts.account IS 'The account''s id.';
COMMENT ON COLUMN ledger.v_accounts.kind IS 'Whose it is: client; issuer, which mint debits and burn credits; clearing, which holds what is on its way between two shards.';
COMMENT ON COLUMN ledger.v_accounts.status IS 'Whether it can pay and be paid: open can; frozen cannot until it is unfrozen; closed cannot until it is opened again.';
COMMENT ON COLUMN ledger.v_accounts.since IS 'When it came to be: its first posting, or the command that opened it.';
COMMENT ON COLUMN ledger.v_accounts.opened_at IS 'When a command opened it; null when only a credit did.';
COMMENT ON COLUMN ledger.v_accounts.limits IS 'The lowest available balance allowed, from asset code to minor units; null when it is zero for all.';
COMMENT ON COLUMN ledger.v_accounts.max_balances IS 'The highest total balance allowed, from asset code to minor units; null when there is no ceiling.';
COMMENT ON COLUMN ledger.v_accounts.metadata IS 'The client''s own members of the opening command; null when there are none.';
COMMENT ON COLUMN ledger.v_accounts.shard IS 'The shard that keeps it.';

CREATE VIEW ledger.v_balances AS
SELECT b.account,
       b.asset,
       b.available,
       b.held,
       b.locked,
       b.staked,
       b.available + b.held + b.locked + b.staked AS total,
       ledger.as_decimal(b.available, a.decimals) AS available_decimal,
       ledger.as_decimal(b.held, a.decimals) AS held_decimal,
       ledger.as_decimal(b.locked, a.decimals) AS locked_decimal,
       ledger.as_decimal(b.staked, a.decimals) AS staked_decimal,
       ledger.as_decimal(b.available + b.held + b.locked + b.staked, a.decimals) AS total_decimal,
       b.at,
       b.version,
       b.shard
FROM ledger.balances AS b
LEFT JOIN ledger.assets AS a ON a.asset = b.asset;
COMMENT ON VIEW ledger.v_balances IS 'What each account has of each asset now. For each asset all rows sum to zero.';
COMMENT ON COLUMN ledger.v_balances.account IS 'The account''s id.';
COMMENT ON COLUMN ledger.v_balances.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.v_balances.available IS 'What can be spent, in minor units; negative for issuers, clearing accounts and credit lines.';
COMMENT ON COLUMN ledger.v_balances.held IS 'What holds reserve, in minor units.';
COMMENT ON COLUMN ledger.v_balances.locked IS 'What is not spendable before a date, in minor units.';
COMMENT ON COLUMN ledger.v_balances.staked IS 'What is staked, in minor units.';
COMMENT ON COLUMN ledger.v_balances.total IS 'All four together, in minor units.';
COMMENT ON COLUMN ledger.v_balances.available_decimal IS 'What can be spent, with the decimal point.';
COMMENT ON COLUMN ledger.v_balances.held_decimal IS 'What holds reserve, with the decimal point.';
COMMENT ON COLUMN ledger.v_balances.locked_decimal IS 'What is not spendable before a date, with the decimal point.';
COMMENT ON COLUMN ledger.v_balances.staked_decimal IS 'What is staked, with the decimal point.';
COMMENT ON COLUMN ledger.v_balances.total_decimal IS 'All four together, with the decimal point.';
COMMENT ON COLUMN ledger.v_balances.at IS 'When it changed last.';
COMMENT ON COLUMN ledger.v_balances.version IS 'The account''s version when it changed last.';
COMMENT ON COLUMN ledger.v_balances.shard IS 'The shard that keeps the account.';

CREATE VIEW ledger.v_trial_balance AS
SELECT t.asset,
       t.available,
       t.held,
       t.locked,
       t.staked,
       t.issuer,
       t.clearing,
       t.available + t.held + t.locked + t.staked + t.issuer + t.clearing AS total,
       ledger.as_decimal(t.available, a.decimals) AS available_decimal,
       ledger.as_decimal(t.held, a.decimals) AS held_decimal,
       ledger.as_decimal(t.locked, a.decimals) AS locked_decimal,
       ledger.as_decimal(t.staked, a.decimals) AS staked_decimal,
       ledger.as_decimal(t.issuer, a.decimals) AS issuer_decimal,
       ledger.as_decimal(t.clearing, a.decimals) AS clearing_decimal
FROM (
    SELECT asset,
           coalesce(sum(available) FILTER (WHERE account NOT LIKE '@%'), 0) AS available,
           coalesce(sum(held) FILTER (WHERE account NOT LIKE '@%'), 0) AS held,
           coalesce(sum(locked) FILTER (WHERE account NOT LIKE '@%'), 0) AS locked,
           coalesce(sum(staked) FILTER (WHERE account NOT LIKE '@%'), 0) AS staked,
           coalesce(sum(available + held + locked + staked) FILTER (WHERE account = '@' || asset), 0) AS issuer,
           coalesce(sum(available + held + locked + staked) FILTER (WHERE account LIKE '@clearing/%'), 0) AS clearing
    FROM ledger.balances
    GROUP BY asset
) AS t
LEFT JOIN ledger.assets AS a ON a.asset = t.asset;
COMMENT ON VIEW ledger.v_trial_balance IS 'The books on one line for each asset, now: what clients have by bucket, the issuer, and what is on its way between shards.';
COMMENT ON COLUMN ledger.v_trial_balance.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.v_trial_balance.available IS 'Clients: what can be spent, in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.held IS 'Clients: what holds reserve, in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.locked IS 'Clients: what is not spendable before a date, in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.staked IS 'Clients: what is staked, in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.issuer IS 'The issuer: minus what circulates, in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.clearing IS 'The clearing accounts of all shards: what has left one shard and not arrived on another, or arrived before its departure has been read; in minor units.';
COMMENT ON COLUMN ledger.v_trial_balance.total IS 'All together; must be zero.';
COMMENT ON COLUMN ledger.v_trial_balance.available_decimal IS 'Clients: what can be spent, with the decimal point.';
COMMENT ON COLUMN ledger.v_trial_balance.held_decimal IS 'Clients: what holds reserve, with the decimal point.';
COMMENT ON COLUMN ledger.v_trial_balance.locked_decimal IS 'Clients: what is not spendable before a date, with the decimal point.';
COMMENT ON COLUMN ledger.v_trial_balance.staked_decimal IS 'Clients: what is staked, with the decimal point.';
COMMENT ON COLUMN ledger.v_trial_balance.issuer_decimal IS 'The issuer, with the decimal point.';
COMMENT ON COLUMN ledger.v_trial_balance.clearing_decimal IS 'The clearing accounts, with the decimal point.';

CREATE VIEW ledger.v_entries AS
SELECT ledger.position_of(e.shard, e.sequence) AS position,
       e.at,
       e.type,
       e.kind,
       e.command_id,
       e.is_outcome,
       e.data ->> 'memo' AS memo,
       e.data -> 'metadata' AS metadata,
       e.data,
       e.cause,
       e.hash,
       e.shard,
       e.sequence
FROM ledger.entries AS e;
COMMENT ON VIEW ledger.v_entries IS 'The journal, one row an entry.';
COMMENT ON COLUMN ledger.v_entries.position IS 'Where it is in the journal, such as 3:1841.';
COMMENT ON COLUMN ledger.v_entries.at IS 'When it was decided.';
COMMENT ON COLUMN ledger.v_entries.type IS 'What happened, in the past tense, such as TransferPosted.';
COMMENT ON COLUMN ledger.v_entries.kind IS 'What a movement of money is called: transfer, mint, burn, capture or reversal; null for other entries.';
COMMENT ON COLUMN ledger.v_entries.command_id IS 'The command it goes back to; null when there is none.';
COMMENT ON COLUMN ledger.v_entries.is_outcome IS 'Whether it belongs to the outcome of its command; of several the last one is the outcome.';
COMMENT ON COLUMN ledger.v_entries.memo IS 'The memo, for people; null when there is none.';
COMMENT ON COLUMN ledger.v_entries.metadata IS 'The client''s own members of the command; null when there are none.';
COMMENT ON COLUMN ledger.v_entries.data IS 'Everything that is particular to the type, as in the journal record.';
COMMENT ON COLUMN ledger.v_entries.cause IS 'The input that led to it: topic, partition and offset of a record, or due@ with the time that had come.';
COMMENT ON COLUMN ledger.v_entries.hash IS 'SHA-256 of its content, chained to the entry before in its shard.';
COMMENT ON COLUMN ledger.v_entries.shard IS 'Its shard.';
COMMENT ON COLUMN ledger.v_entries.sequence IS 'Its number in the shard, gapless from 1.';

CREATE VIEW ledger.v_entry_metadata AS
SELECT m.key,
       m.value,
       ledger.position_of(m.shard, m.sequence) AS position,
       m.at,
       m.shard,
       m.sequence
FROM ledger.entry_metadata AS m;
COMMENT ON VIEW ledger.v_entry_metadata IS 'The clients'' own members of the commands that entries go back to, one row for each member of each entry.';
COMMENT ON COLUMN ledger.v_entry_metadata.key IS 'The member''s name.';
COMMENT ON COLUMN ledger.v_entry_metadata.value IS 'The member''s value.';
COMMENT ON COLUMN ledger.v_entry_metadata.position IS 'The position of the entry, such as 3:1841.';
COMMENT ON COLUMN ledger.v_entry_metadata.at IS 'When the entry was decided.';
COMMENT ON COLUMN ledger.v_entry_metadata.shard IS 'The entry''s shard.';
COMMENT ON COLUMN ledger.v_entry_metadata.sequence IS 'The entry''s number in the shard.';

CREATE VIEW ledger.v_postings AS
SELECT ledger.position_of(p.shard, p.sequence) AS position,
       p.at,
       p.account,
       p.asset,
       p.bucket::text AS bucket,
       p.amount,
       p.balance,
       ledger.as_decimal(p.amount, a.decimals) AS amount_decimal,
       ledger.as_decimal(p.balance, a.decimals) AS balance_decimal,
       p.counterparty,
       p.version,
       p.shard,
       p.sequence
FROM ledger.postings AS p
LEFT JOIN ledger.assets AS a ON a.asset = p.asset;
COMMENT ON VIEW ledger.v_postings IS 'The signed changes of balances, one row a posting. The postings of an entry sum to zero for each asset.';
COMMENT ON COLUMN ledger.v_postings.position IS 'The position of its entry, such as 3:1841.';
COMMENT ON COLUMN ledger.v_postings.at IS 'When it was decided.';
COMMENT ON COLUMN ledger.v_postings.account IS 'The account that changes.';
COMMENT ON COLUMN ledger.v_postings.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.v_postings.bucket IS 'The part of the holding that changes: available, held, locked or staked.';
COMMENT ON COLUMN ledger.v_postings.amount IS 'The change in minor units, negative when money leaves.';
COMMENT ON COLUMN ledger.v_postings.balance IS 'The bucket''s balance after it, in minor units.';
COMMENT ON COLUMN ledger.v_postings.amount_decimal IS 'The change, with the decimal point.';
COMMENT ON COLUMN ledger.v_postings.balance_decimal IS 'The bucket''s balance after it, with the decimal point.';
COMMENT ON COLUMN ledger.v_postings.counterparty IS 'The account on the other side, also when it lives on another shard; null when money stays in the account.';
COMMENT ON COLUMN ledger.v_postings.version IS 'How many postings the account has had on the shard, this one included.';
COMMENT ON COLUMN ledger.v_postings.shard IS 'The shard of its entry.';
COMMENT ON COLUMN ledger.v_postings.sequence IS 'The sequence of its entry.';

CREATE VIEW ledger.v_transfers AS
SELECT t.id,
       t.leg,
       t.kind,
       t.status,
       t.at,
       t.asset,
       t.from_account,
       t.to_account,
       t.amount,
       ledger.as_decimal(t.amount, a.decimals) AS amount_decimal,
       t.reference,
       t.memo,
       t.metadata,
       ledger.position_of(t.shard, t.sequence) AS position,
       t.shard,
       t.sequence
FROM (
    SELECT e.command_id AS id, null::integer AS leg, e.kind,
           CASE WHEN e.type = 'TransferPosted' THEN 'posted'
                WHEN EXISTS (SELECT FROM ledger.entries AS r
                             WHERE r.command_id = e.command_id AND r.type = 'TransferReceived'
                               AND r.data -> 'fromShard' = to_jsonb(e.shard) AND r.data -> 'number' = e.data -> 'number')
                THEN 'received'
                WHEN EXISTS (SELECT FROM ledger.entries AS r
                             WHERE r.command_id = e.command_id AND r.type = 'TransferReturned'
                               AND r.shard = e.shard AND r.sequence > e.sequence AND r.data -> 'fromShard' = e.data -> 'toShard')
                THEN 'returned'
                ELSE 'sent' END AS status,
           e.at, e.data ->> 'asset' AS asset, e.data ->> 'from' AS from_account, e.data ->> 'to' AS to_account,
           (e.data ->> 'amount')::numeric AS amount, e.data ->> 'reference' AS reference, e.data ->> 'memo' AS memo,
           e.data -> 'metadata' AS metadata, e.shard, e.sequence
    FROM ledger.entries AS e
    WHERE e.type IN ('TransferPosted', 'TransferSent')
    UNION ALL
    SELECT e.command_id, (leg ->> 'leg')::integer, 'transaction', 'posted',
           e.at, leg ->> 'asset', leg ->> 'from', leg ->> 'to',
           (leg ->> 'amount')::numeric, null, e.data ->> 'memo', e.data -> 'metadata', e.shard, e.sequence
    FROM ledger.entries AS e
    CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'legs') AS leg
    WHERE e.type IN ('TransactionPosted', 'TransactionCommitted')
) AS t
LEFT JOIN ledger.assets AS a ON a.asset = t.asset;
COMMENT ON VIEW ledger.v_transfers IS 'Movements of money between two accounts, one row each: transfers, mints, burns, captures, reversals and the legs of transactions.';
COMMENT ON COLUMN ledger.v_transfers.id IS 'The id of the command that asked for it.';
COMMENT ON COLUMN ledger.v_transfers.leg IS 'The leg of a transaction, counted from 0; null for all others.';
COMMENT ON COLUMN ledger.v_transfers.kind IS 'What it is called: transfer, mint, burn, capture, reversal, or transaction for a leg of one.';
COMMENT ON COLUMN ledger.v_transfers.status IS 'How far it is: posted on one shard; sent to another shard; received there; or returned, because the payee could not be credited.';
COMMENT ON COLUMN ledger.v_transfers.at IS 'When it was decided.';
COMMENT ON COLUMN ledger.v_transfers.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.v_transfers.from_account IS 'The account that pays.';
COMMENT ON COLUMN ledger.v_transfers.to_account IS 'The account that is paid.';
COMMENT ON COLUMN ledger.v_transfers.amount IS 'What is paid, in minor units.';
COMMENT ON COLUMN ledger.v_transfers.amount_decimal IS 'What is paid, with the decimal point.';
COMMENT ON COLUMN ledger.v_transfers.reference IS 'The hold that it captures or the transfer that it reverses; null when it does neither.';
COMMENT ON COLUMN ledger.v_transfers.memo IS 'The memo, for people; null when there is none.';
COMMENT ON COLUMN ledger.v_transfers.metadata IS 'The client''s own members of the command; null when there are none.';
COMMENT ON COLUMN ledger.v_transfers.position IS 'The position of the entry that decided it.';
COMMENT ON COLUMN ledger.v_transfers.shard IS 'The shard that decided it.';
COMMENT ON COLUMN ledger.v_transfers.sequence IS 'The sequence of the entry that decided it.';

CREATE VIEW ledger.v_rejections AS
SELECT ledger.position_of(r.shard, r.sequence) AS position,
       r.at,
       r.code,
       r.command_id,
       r.command_type,
       r.account,
       r.field,
       r.limit_value,
       r.value,
       r.message,
       r.shard,
       r.sequence
FROM ledger.rejections AS r;
COMMENT ON VIEW ledger.v_rejections IS 'Commands that were understood and rejected.';
COMMENT ON COLUMN ledger.v_rejections.position IS 'The position of its entry, such as 3:1841.';
COMMENT ON COLUMN ledger.v_rejections.at IS 'When it was rejected.';
COMMENT ON COLUMN ledger.v_rejections.code IS 'The rule that was broken, such as INSUFFICIENT_FUNDS.';
COMMENT ON COLUMN ledger.v_rejections.command_id IS 'The command''s id.';
COMMENT ON COLUMN ledger.v_rejections.command_type IS 'The command''s type, such as Transfer.';
COMMENT ON COLUMN ledger.v_rejections.account IS 'The account that it would have debited, or was about.';
COMMENT ON COLUMN ledger.v_rejections.field IS 'The field of the command that broke the rule.';
COMMENT ON COLUMN ledger.v_rejections.limit_value IS 'What would have been allowed.';
COMMENT ON COLUMN ledger.v_rejections.value IS 'What was asked for.';
COMMENT ON COLUMN ledger.v_rejections.message IS 'One sentence for people.';
COMMENT ON COLUMN ledger.v_rejections.shard IS 'The shard of its entry.';
COMMENT ON COLUMN ledger.v_rejections.sequence IS 'The sequence of its entry.';

-- The same for each length of a period.
DO $periods$
DECLARE
    period record;
BEGIN
    FOR period IN VALUES ('hour', 'hourly'), ('day', 'daily') LOOP
        EXECUTE replace(replace($views$

CREATE VIEW ledger.v_activity_{adverb} AS
SELECT r.asset,
       r.starts,
       sum(r.transfers) AS transfers,
       sum(r.volume) AS volume,
       sum(r.minted) AS minted,
       sum(r.burned) AS burned,
       sum(r.returned) AS returned,
       sum(r.active_accounts) AS active_accounts,
       ledger.as_decimal(sum(r.volume), a.decimals) AS volume_decimal,
       ledger.as_decimal(sum(r.minted), a.decimals) AS minted_decimal,
       ledger.as_decimal(sum(r.burned), a.decimals) AS burned_decimal,
       ledger.as_decimal(sum(r.returned), a.decimals) AS returned_decimal
FROM ledger.activity AS r
LEFT JOIN ledger.assets AS a ON a.asset = r.asset
WHERE r.grain = '{grain}'
GROUP BY r.asset, r.starts, a.decimals;
COMMENT ON VIEW ledger.v_activity_{adverb} IS 'What happened with each asset, by {grain} (UTC). Periods without anything have no row.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.starts IS 'When the {grain} (UTC) starts.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.transfers IS 'How many movements between clients were decided: transfers, captures, reversals and legs of transactions.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.volume IS 'What movements between clients moved, in minor units.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.minted IS 'What was minted, less the mints that came back, in minor units.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.burned IS 'What was burned, less the burns that came back, in minor units.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.returned IS 'What came back of movements between clients, of this or an earlier period, in minor units.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.active_accounts IS 'How many clients'' accounts had a posting of the asset.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.volume_decimal IS 'What movements between clients moved, with the decimal point.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.minted_decimal IS 'What was minted, less the mints that came back, with the decimal point.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.burned_decimal IS 'What was burned, less the burns that came back, with the decimal point.';
COMMENT ON COLUMN ledger.v_activity_{adverb}.returned_decimal IS 'What came back of movements between clients, of this or an earlier period, with the decimal point.';

CREATE VIEW ledger.v_rejections_{adverb} AS
SELECT r.code,
       r.starts,
       sum(r.rejections) AS rejections
FROM ledger.rejection_counts AS r
WHERE r.grain = '{grain}'
GROUP BY r.code, r.starts;
COMMENT ON VIEW ledger.v_rejections_{adverb} IS 'How many commands were rejected, by {grain} (UTC) and code. Periods without any have no row.';
COMMENT ON COLUMN ledger.v_rejections_{adverb}.code IS 'The rule that was broken, such as INSUFFICIENT_FUNDS.';
COMMENT ON COLUMN ledger.v_rejections_{adverb}.starts IS 'When the {grain} (UTC) starts.';
COMMENT ON COLUMN ledger.v_rejections_{adverb}.rejections IS 'How many commands were rejected.';

$views$, '{grain}', period.column1), '{adverb}', period.column2);
    END LOOP;
END $periods$;
