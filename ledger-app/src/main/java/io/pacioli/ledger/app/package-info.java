/**
 * The {@code ledger} command line: what all its commands share, such as options from the environment, errors in one line, amounts
 * as people write them, and calm output.
 */
@NullMarked
package io.pacioli.ledger.app;

import org.jspecify.annotations.NullMarked;
