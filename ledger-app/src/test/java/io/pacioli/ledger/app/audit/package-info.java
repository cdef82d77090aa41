/** Tests of the commands that read the journal. */
@NullMarked
package io.pacioli.ledger.app.audit;

import org.jspecify.annotations.NullMarked;
