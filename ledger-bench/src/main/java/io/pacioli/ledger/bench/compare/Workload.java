package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.AccountPairs;

/**
 * Who pays whom, and what that is called.
 *
 * @param name for tables and files
 */
record Workload(String name, AccountPairs pairs) {}
