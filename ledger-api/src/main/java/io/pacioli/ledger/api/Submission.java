package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Outcome;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A command on its way. The two futures are independent: one that was acknowledged will be decided, even if its outcome does not
 * come in time.
 *
 * @param acknowledged completes when the broker has the command; exceptionally when it is not known to have it
 * @param outcome completes with what became of the command; exceptionally when that is not known in time
 */
public record Submission(CompletableFuture<RecordMetadata> acknowledged, CompletableFuture<Outcome> outcome) {}
