/**
 * Commands that talk to a ledger that runs somewhere: over HTTP, or for bulk straight over Kafka.
 */
@NullMarked
package io.pacioli.ledger.app.client;

import org.jspecify.annotations.NullMarked;
