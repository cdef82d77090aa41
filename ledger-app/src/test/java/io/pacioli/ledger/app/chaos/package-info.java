@NullMarked
package io.pacioli.ledger.app.chaos;

import org.jspecify.annotations.NullMarked;
