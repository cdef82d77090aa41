-- History as a fold of the journal. Every table can be dropped and is rebuilt by replaying; nothing here is a source of truth.
--
-- Writing speed decides the shape: rows are appended in bulk, each table has the fewest indexes that its queries need, texts
-- compare bytewise, and what grows without end (entries, postings, rejections) carries its time, by which it can be partitioned.

CREATE TYPE ledger.bucket AS ENUM ('available', 'held', 'locked', 'staked');
COMMENT ON TYPE ledger.bucket IS 'The part of an account''s holding of an asset: available can be spent; held is reserved by holds; locked is not spendable before a date; staked is staked for rewards.';

CREATE TABLE ledger.positions (
    shard       integer     NOT NULL,
    sequence    bigint      NOT NULL,
    next_offset bigint      NOT NULL,
    hash        bytea,
    at          timestamptz,
    CONSTRAINT positions_pk PRIMARY KEY (shard),
    CONSTRAINT positions_not_negative CHECK (shard >= 0 AND sequence >= 0 AND next_offset >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.positions IS 'How far each shard''s journal has been folded into the tables of this schema. Written in the transaction that writes the rows, so both always agree. Deleting a row makes the projector fold that shard again from its first entry.';
COMMENT ON COLUMN ledger.positions.shard IS 'The shard: the partition of the journal topic.';
COMMENT ON COLUMN ledger.positions.sequence IS 'The sequence of the last entry that these tables hold for the shard; 0 before the first.';
COMMENT ON COLUMN ledger.positions.next_offset IS 'The offset in the journal topic from which the projector reads on.';
COMMENT ON COLUMN ledger.positions.hash IS 'The hash of that last entry, to which the next one is chained; null before the first.';
COMMENT ON COLUMN ledger.positions.at IS 'When that last entry was decided; null before the first.';

CREATE TABLE ledger.assets (
    asset       text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    symbol      text             NOT NULL,
    emoji       text             NOT NULL,
    decimals    smallint         NOT NULL,
    max_supply  numeric(38, 0),
    shard       integer          NOT NULL,
    sequence    bigint           NOT NULL,
    defined_at  timestamptz      NOT NULL,
    metadata    jsonb,
    CONSTRAINT assets_pk PRIMARY KEY (asset),
    CONSTRAINT assets_decimals CHECK (decimals BETWEEN 0 AND 18)
);
COMMENT ON TABLE ledger.assets IS 'Tokens and currencies, one row each, as their issuers'' shards define them.';
COMMENT ON COLUMN ledger.assets.asset IS 'The code, such as GOLD.';
COMMENT ON COLUMN ledger.assets.name IS 'The name, for people.';
COMMENT ON COLUMN ledger.assets.symbol IS 'The symbol, for people; may be empty.';
COMMENT ON COLUMN ledger.assets.emoji IS 'The emoji, for people; may be empty.';
COMMENT ON COLUMN ledger.assets.decimals IS 'How many digits of an amount stand behind the point when people read it.';
COMMENT ON COLUMN ledger.assets.max_supply IS 'The most that may circulate, in minor units; null for no other limit than 38 digits.';
COMMENT ON COLUMN ledger.assets.shard IS 'The issuer''s shard.';
COMMENT ON COLUMN ledger.assets.sequence IS 'The sequence of the entry that defined it.';
COMMENT ON COLUMN ledger.assets.defined_at IS 'When it was defined.';
COMMENT ON COLUMN ledger.assets.metadata IS 'The client''s own members of the defining command, string to string; null when there are none.';

CREATE TABLE ledger.accounts (
    account      text COLLATE "C" NOT NULL,
    shard        integer          NOT NULL,
    since        timestamptz      NOT NULL,
    opened_at    timestamptz,
    limits       jsonb,
    max_balances jsonb,
    metadata     jsonb,
    CONSTRAINT accounts_pk PRIMARY KEY (account, shard)
);
COMMENT ON TABLE ledger.accounts IS 'Accounts, one row for each shard that has postings of it or opened it. Clearing accounts (@clearing/...) exist on many shards, all others on one.';
COMMENT ON COLUMN ledger.accounts.account IS 'The account''s id.';
COMMENT ON COLUMN ledger.accounts.shard IS 'The shard that keeps it.';
COMMENT ON COLUMN ledger.accounts.since IS 'When it came to be: its first posting, or the command that opened it.';
COMMENT ON COLUMN ledger.accounts.opened_at IS 'When a command opened it; null when only a credit did.';
COMMENT ON COLUMN ledger.accounts.limits IS 'The lowest available balance allowed, from asset code to minor units as a string of digits; null when it is zero for all.';
COMMENT ON COLUMN ledger.accounts.max_balances IS 'The highest total balance allowed, from asset code to minor units as a string of digits; null when there is no ceiling.';
COMMENT ON COLUMN ledger.accounts.metadata IS 'The client''s own members of the opening command, string to string; null when there are none.';

CREATE TABLE ledger.entries (
    sequence   bigint           NOT NULL,
    at         timestamptz      NOT NULL,
    shard      integer          NOT NULL,
    is_outcome boolean          NOT NULL,
    type       text COLLATE "C" NOT NULL,
    kind       text COLLATE "C",
    command_id text COLLATE "C",
    cause      text COLLATE "C" NOT NULL,
    hash       bytea            NOT NULL,
    data       jsonb            NOT NULL,
    CONSTRAINT entries_pk PRIMARY KEY (shard, sequence)
);
CREATE INDEX entries_command_id ON ledger.entries (command_id);
COMMENT ON TABLE ledger.entries IS 'The journal, one row an entry. Rows are only ever appended.';
COMMENT ON COLUMN ledger.entries.sequence IS 'The entry''s number in its shard, gapless from 1.';
COMMENT ON COLUMN ledger.entries.at IS 'When it was decided; never goes back within a shard.';
COMMENT ON COLUMN ledger.entries.shard IS 'The shard whose journal it is in. Shard and sequence together are its position.';
COMMENT ON COLUMN ledger.entries.is_outcome IS 'Whether the entry belongs to the outcome of its command, as opposed to a later effect of it or a conflict over its id. When there are several, the last one is the outcome.';
COMMENT ON COLUMN ledger.entries.type IS 'What happened, in the past tense, such as TransferPosted.';
COMMENT ON COLUMN ledger.entries.kind IS 'What a movement of money is called: transfer, mint or burn; null for entries that move none.';
COMMENT ON COLUMN ledger.entries.command_id IS 'The command it goes back to, on whichever shard that was decided; null when there is none.';
COMMENT ON COLUMN ledger.entries.cause IS 'The input that led to it: topic, partition and offset of a record.';
COMMENT ON COLUMN ledger.entries.hash IS 'SHA-256 of its content, chained to the entry before in its shard.';
COMMENT ON COLUMN ledger.entries.data IS 'What is particular to the type, as in the journal record.';

CREATE TABLE ledger.postings (
    at           timestamptz      NOT NULL,
    version      bigint           NOT NULL,
    sequence     bigint           NOT NULL,
    shard        integer          NOT NULL,
    bucket       ledger.bucket    NOT NULL,
    account      text COLLATE "C" NOT NULL,
    asset        text COLLATE "C" NOT NULL,
    counterparty text COLLATE "C",
    amount       numeric(38, 0)   NOT NULL,
    balance      numeric(64, 0)   NOT NULL,
    CONSTRAINT postings_pk PRIMARY KEY (account, at, shard, version)
);
COMMENT ON TABLE ledger.postings IS 'The signed changes of balances, one row a posting. The postings of an entry sum to zero for each asset. Rows are only ever appended.';
COMMENT ON COLUMN ledger.postings.at IS 'When its entry was decided. First in the key after the account, so that history newest first and a balance as of an instant are each one scan of the index.';
COMMENT ON COLUMN ledger.postings.version IS 'The account''s version after it: how many postings the account has had on the shard, gapless from 1.';
COMMENT ON COLUMN ledger.postings.sequence IS 'The sequence of its entry.';
COMMENT ON COLUMN ledger.postings.shard IS 'The shard of its entry.';
COMMENT ON COLUMN ledger.postings.bucket IS 'The part of the holding that changes.';
COMMENT ON COLUMN ledger.postings.account IS 'The account that changes.';
COMMENT ON COLUMN ledger.postings.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.postings.counterparty IS 'The account on the other side of the movement, also when it lives on another shard; null when there is none.';
COMMENT ON COLUMN ledger.postings.amount IS 'The change in minor units, negative when money leaves.';
COMMENT ON COLUMN ledger.postings.balance IS 'The bucket''s balance after it, in minor units.';

-- Room in each page lets an update stay there and leave the index alone.
CREATE TABLE ledger.balances (
    version   bigint           NOT NULL,
    shard     integer          NOT NULL,
    account   text COLLATE "C" NOT NULL,
    asset     text COLLATE "C" NOT NULL,
    available numeric(64, 0)   NOT NULL DEFAULT 0,
    held      numeric(64, 0)   NOT NULL DEFAULT 0,
    locked    numeric(64, 0)   NOT NULL DEFAULT 0,
    staked    numeric(64, 0)   NOT NULL DEFAULT 0,
    CONSTRAINT balances_pk PRIMARY KEY (account, asset, shard)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1);
COMMENT ON TABLE ledger.balances IS 'What each account has of each asset on each shard. Every shard''s books balance: the sum of the four buckets over all its rows is zero for each asset.';
COMMENT ON COLUMN ledger.balances.version IS 'The account''s version when this holding changed last.';
COMMENT ON COLUMN ledger.balances.shard IS 'The shard that keeps the account.';
COMMENT ON COLUMN ledger.balances.account IS 'The account''s id.';
COMMENT ON COLUMN ledger.balances.asset IS 'The asset''s code.';
COMMENT ON COLUMN ledger.balances.available IS 'What can be spent, in minor units; negative for issuers, clearing accounts and credit lines.';
COMMENT ON COLUMN ledger.balances.held IS 'What holds reserve, in minor units.';
COMMENT ON COLUMN ledger.balances.locked IS 'What is not spendable before a date, in minor units.';
COMMENT ON COLUMN ledger.balances.staked IS 'What is staked, in minor units.';

CREATE TABLE ledger.rejections (
    at           timestamptz      NOT NULL,
    sequence     bigint           NOT NULL,
    shard        integer          NOT NULL,
    code         text COLLATE "C" NOT NULL,
    command_id   text COLLATE "C" NOT NULL,
    command_type text COLLATE "C" NOT NULL,
    account      text COLLATE "C" NOT NULL,
    field        text             NOT NULL,
    limit_value  text             NOT NULL,
    value        text             NOT NULL,
    message      text             NOT NULL,
    CONSTRAINT rejections_pk PRIMARY KEY (at, shard, sequence)
);
COMMENT ON TABLE ledger.rejections IS 'Commands that were understood and rejected, one row each, conflicts over an id included. Rows are only ever appended.';
COMMENT ON COLUMN ledger.rejections.at IS 'When it was rejected. First in the key, so that the newest are one scan of the index.';
COMMENT ON COLUMN ledger.rejections.sequence IS 'The sequence of its entry.';
COMMENT ON COLUMN ledger.rejections.shard IS 'The shard of its entry.';
COMMENT ON COLUMN ledger.rejections.code IS 'The rule that was broken, such as INSUFFICIENT_FUNDS.';
COMMENT ON COLUMN ledger.rejections.command_id IS 'The command''s id.';
COMMENT ON COLUMN ledger.rejections.command_type IS 'The command''s type, such as Transfer.';
COMMENT ON COLUMN ledger.rejections.account IS 'The account that it would have debited, or was about.';
COMMENT ON COLUMN ledger.rejections.field IS 'The field of the command that broke the rule.';
COMMENT ON COLUMN ledger.rejections.limit_value IS 'What would have been allowed.';
COMMENT ON COLUMN ledger.rejections.value IS 'What was asked for.';
COMMENT ON COLUMN ledger.rejections.message IS 'One sentence for people: the field, the rule, the limit and the value.';
