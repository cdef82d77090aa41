/**
 * What the tests of several modules share: real services started once per test JVM, seeded workloads and independent
 * models to check the ledger against.
 */
@NullMarked
package io.pacioli.ledger.testkit;

import org.jspecify.annotations.NullMarked;
