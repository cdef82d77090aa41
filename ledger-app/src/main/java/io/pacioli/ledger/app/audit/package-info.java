/** {@code ledger audit} and {@code ledger state}: the proof from the topics, and the books as they were. */
@NullMarked
package io.pacioli.ledger.app.audit;

import org.jspecify.annotations.NullMarked;
