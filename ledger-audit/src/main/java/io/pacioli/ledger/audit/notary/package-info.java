/**
 * The notary: verifies the journal as it grows and signs now and then how far it is. Needs no state but what it has published; whoever has
 * its public key can hold the journal against that for ever after.
 */
@NullMarked
package io.pacioli.ledger.audit.notary;

import org.jspecify.annotations.NullMarked;
