@NullMarked
package io.pacioli.ledger.app.audit;

import org.jspecify.annotations.NullMarked;
