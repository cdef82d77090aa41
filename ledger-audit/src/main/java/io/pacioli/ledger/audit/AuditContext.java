package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Router;

/** What all shards of an audit share. */
record AuditContext(
        Topics topics,
        Router router,
        Ledger ledger,
        KeyedHash hash,
        Findings findings,
        Channels channels,
        Forwards forwards,
        DeadLetters deadLetters,
        UsedIds usedIds) {}
