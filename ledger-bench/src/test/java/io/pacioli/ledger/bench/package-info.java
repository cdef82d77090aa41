@NullMarked
package io.pacioli.ledger.bench;

import org.jspecify.annotations.NullMarked;
