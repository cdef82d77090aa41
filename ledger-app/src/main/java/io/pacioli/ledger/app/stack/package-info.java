/**
 * Running the ledger: each service as a process of its own against existing clusters, or all of them with embedded servers in one.
 */
@NullMarked
package io.pacioli.ledger.app.stack;

import org.jspecify.annotations.NullMarked;
