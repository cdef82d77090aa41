@NullMarked
package io.pacioli.ledger.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
