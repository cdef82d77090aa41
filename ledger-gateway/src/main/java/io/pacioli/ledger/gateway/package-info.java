/**
 * The HTTP door of the ledger: takes commands, produces them to Kafka and answers with their outcome.
 */
@NullMarked
package io.pacioli.ledger.gateway;

import org.jspecify.annotations.NullMarked;
