@NullMarked
package io.pacioli.ledger.app.fuzz;

import org.jspecify.annotations.NullMarked;
