package io.pacioli.ledger.processor;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes the reply topics that a broker refused a reply to, such as one that was just deleted.
 *
 * <p>Nothing can be left out of a transaction once it failed: it is aborted and its commands are decided again. What was noted here
 * keeps that from going on for ever, as the refused reply is not sent a second time.
 */
public final class RefusedReplies implements ProductionExceptionHandler {
    /** The setting that holds the {@link ReplyTopics}. */
    static final String REPLY_TOPICS = "ledger.reply.topics";

    private static final Logger LOG = LoggerFactory.getLogger(RefusedReplies.class);

    private @Nullable ReplyTopics replyTopics;

    /** For Kafka Streams, which makes it by name. */
    public RefusedReplies() {}

    @Override
    public void configure(Map<String, ?> configs) {
        replyTopics = (ReplyTopics) Objects.requireNonNull(configs.get(REPLY_TOPICS), REPLY_TOPICS);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (isAboutTheTopic(exception) && replyTopics != null && replyTopics.refused(record.topic())) {
            LOG.warn(
                    "a reply to {} was refused, no more are sent there for now: {}",
                    record.topic(),
                    exception.toString());
        }
        return Response.fail();
    }

    /** A broker that was away, or a transaction that something else aborted, says nothing about the topic of a reply. */
    private static boolean isAboutTheTopic(Exception exception) {
        return !(exception instanceof TimeoutException || exception instanceof TransactionAbortedException);
    }
}
