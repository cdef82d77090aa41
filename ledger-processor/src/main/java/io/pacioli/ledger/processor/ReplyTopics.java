package io.pacioli.ledger.processor;

/** The topics that outcomes may be sent to and that exist. Thread safe; never blocks. */
interface ReplyTopics {
    /** Said of a topic that does not exist as far as is known; asking makes it be looked up soon. */
    int UNKNOWN = 0;

    /** Said of a topic that outcomes may not be sent to. */
    int FORBIDDEN = -1;

    /** The number of partitions of a topic, {@link #UNKNOWN} or {@link #FORBIDDEN}. */
    int partitions(String topic);

    /**
     * Says that a broker refused a record for a topic.
     *
     * @return whether it is a topic for outcomes, which for a while is {@link #FORBIDDEN} from now on
     */
    boolean refused(String topic);
}
