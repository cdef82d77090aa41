/** Ledgers as earlier versions have left them, and what the code of today makes of them. */
@NullMarked
package io.pacioli.ledger.app.compatibility;

import org.jspecify.annotations.NullMarked;
