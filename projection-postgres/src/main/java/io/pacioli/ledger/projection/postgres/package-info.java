/**
 * The historical projection: folds the journal into tables in PostgreSQL and answers queries from them.
 */
@NullMarked
package io.pacioli.ledger.projection.postgres;

import org.jspecify.annotations.NullMarked;
