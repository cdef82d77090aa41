-- Accounts that are frozen or closed, and the way from a transfer or a hold to what refers to it.

CREATE TYPE ledger.account_status AS ENUM ('open', 'frozen', 'closed');
COMMENT ON TYPE ledger.account_status IS 'Whether an account can pay and be paid: open can; frozen cannot until it is unfrozen; closed had nothing left and cannot until it is opened again.';

ALTER TABLE ledger.accounts ADD COLUMN status ledger.account_status NOT NULL DEFAULT 'open';
COMMENT ON COLUMN ledger.accounts.status IS 'Whether it can pay and be paid.';
COMMENT ON COLUMN ledger.accounts.opened_at IS 'When a command opened it, the last time if it was closed in between; null when only a credit did.';

CREATE INDEX entries_reference ON ledger.entries ((data ->> 'reference')) WHERE data ->> 'reference' IS NOT NULL;
COMMENT ON INDEX ledger.entries_reference IS 'What refers to a transfer or a hold: reversals and captures.';

COMMENT ON COLUMN ledger.entries.is_outcome IS 'Whether the entry belongs to the outcome of its command, as opposed to a later effect of it or a conflict over its id. When there are several, the last one is the outcome; it is pending while that is CommandDeferred or TransactionBegun.';
COMMENT ON COLUMN ledger.entries.kind IS 'What a movement of money between two accounts is called: transfer, mint, burn, capture (of a hold) or reversal (of a transfer or capture); null for all other entries.';
COMMENT ON COLUMN ledger.entries.cause IS 'The input that led to it: topic, partition and offset of a record, or due@ with the time that had come.';
