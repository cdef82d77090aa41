package io.pacioli.ledger.processor;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a shard go on when a broker refuses a reply, such as to a topic that was just deleted; anything else fails the transaction. */
public final class RefusedReplies implements ProductionExceptionHandler {
    /** The setting that holds the pattern of reply topics. */
    static final String REPLY_TOPICS = "ledger.reply.topics";

    private static final Logger LOG = LoggerFactory.getLogger(RefusedReplies.class);

    private Pattern replyTopics = Pattern.compile("");

    /** For Kafka Streams, which makes it by name. */
    public RefusedReplies() {}

    @Override
    public void configure(Map<String, ?> configs) {
        replyTopics = Pattern.compile(String.valueOf(configs.get(REPLY_TOPICS)));
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (replyTopics.matcher(record.topic()).matches()) {
            LOG.warn("a reply to {} was refused: {}", record.topic(), exception.toString());
            return Response.resume();
        }
        return Response.fail();
    }
}
