@NullMarked
package io.pacioli.ledger.audit.notary;

import org.jspecify.annotations.NullMarked;
