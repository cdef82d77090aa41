@NullMarked
package io.pacioli.ledger.bench.compare;

import org.jspecify.annotations.NullMarked;
