/**
 * Reconciliation is a replay: folds the whole journal again with the ledger's own rules, without asking any projection, and
 * compares what others hold with the result.
 */
@NullMarked
package io.pacioli.ledger.audit;

import org.jspecify.annotations.NullMarked;
