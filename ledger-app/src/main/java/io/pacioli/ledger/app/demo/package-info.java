/**
 * {@code ledger demo}: a whole ledger for half a minute, with money that moves and a proof that none was made or lost.
 */
@NullMarked
package io.pacioli.ledger.app.demo;

import org.jspecify.annotations.NullMarked;
