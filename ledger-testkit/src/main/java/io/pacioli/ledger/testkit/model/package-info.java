/**
 * An independent model of the ledger: plain maps and if-statements that share no rule with the core, slow to be wrong in the same
 * way. It takes the core's commands and rejection codes as data only, and says what must become of each input.
 */
@NullMarked
package io.pacioli.ledger.testkit.model;

import org.jspecify.annotations.NullMarked;
