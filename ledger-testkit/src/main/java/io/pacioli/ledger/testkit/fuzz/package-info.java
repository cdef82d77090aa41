/** Hostile input from a seed: documents that are nearly well-formed, and what every decoder owes whoever sends them. */
@NullMarked
package io.pacioli.ledger.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
