/**
 * {@code ledger chaos}: a whole ledger of separate processes under a mixed load, which are killed, stopped, restarted and cut off
 * meanwhile, and the proof afterwards that the books and the records of every client agree.
 */
@NullMarked
package io.pacioli.ledger.app.chaos;

import org.jspecify.annotations.NullMarked;
