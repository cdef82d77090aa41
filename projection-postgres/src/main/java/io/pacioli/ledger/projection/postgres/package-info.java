/**
 * The projection of history: folds the journal into tables of PostgreSQL and answers questions about them over HTTP.
 *
 * <p>The tables come from the migrations in {@code db/migration} alone, and the classes in {@code schema} from the tables. Whatever
 * is written is written by {@code HistoryStore} in one transaction with the positions it is true for, so the store always equals
 * the fold of the journal up to its positions, and can be dropped at any time.
 */
@NullMarked
package io.pacioli.ledger.projection.postgres;

import org.jspecify.annotations.NullMarked;
