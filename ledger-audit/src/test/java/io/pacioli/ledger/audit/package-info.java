/** Tests of the replay, against journals that the core itself decides. */
@NullMarked
package io.pacioli.ledger.audit;

import org.jspecify.annotations.NullMarked;
