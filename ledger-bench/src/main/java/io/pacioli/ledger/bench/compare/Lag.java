package io.pacioli.ledger.bench.compare;

/**
 * How far a projection was behind the journal.
 *
 * @param entriesMax the most entries of the committed journal that it had not got, of all times it was asked
 * @param secondsAfter how long after the last transfer had been sent it had them all
 */
record Lag(long entriesMax, double secondsAfter) {}
