/**
 * Real Kafka, PostgreSQL and Redis servers as child processes of this JVM, for development, evaluation, tests and
 * code generation. Each listens on the loopback interface only, keeps its data under a directory of its own, and ends
 * when this JVM ends, however that happens. None of this is meant for production.
 */
@NullMarked
package io.pacioli.ledger.embedded;

import org.jspecify.annotations.NullMarked;
