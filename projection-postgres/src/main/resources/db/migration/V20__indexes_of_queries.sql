-- What queries look for besides: the postings of an entry, the holders of an asset, and what refers to a transfer in the order of time.
-- Built while nothing else is written; readers go on.

CREATE INDEX postings_entry ON ledger.postings (shard, sequence);
COMMENT ON INDEX ledger.postings_entry IS 'The postings of an entry. Grows at its end only, so that it costs little to write.';

CREATE INDEX balances_asset ON ledger.balances (asset, account, shard);
COMMENT ON INDEX ledger.balances_asset IS 'The holders of an asset. None of its columns ever changes, so that updates leave it alone.';

DROP INDEX ledger.entries_reference;
CREATE INDEX entries_reference ON ledger.entries ((data ->> 'reference'), at, shard, sequence) WHERE data ->> 'reference' IS NOT NULL;
COMMENT ON INDEX ledger.entries_reference IS 'What refers to a transfer or a hold: reversals and captures.';

-- The partition that holds what there was before months has names of its own.
ALTER INDEX IF EXISTS ledger.postings_before_shard_sequence_idx RENAME TO postings_before_entry;
ALTER INDEX IF EXISTS ledger.entries_before_expr_at_shard_sequence_idx RENAME TO entries_before_reference;
