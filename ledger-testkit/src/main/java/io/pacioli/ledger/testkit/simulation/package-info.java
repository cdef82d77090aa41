/**
 * A deterministic simulation of a whole ledger in one thread: the real core on several shards, a seeded schedule that delays,
 * duplicates and crashes, and a check of every invariant against an independent model after each step.
 */
@NullMarked
package io.pacioli.ledger.testkit.simulation;

import org.jspecify.annotations.NullMarked;
