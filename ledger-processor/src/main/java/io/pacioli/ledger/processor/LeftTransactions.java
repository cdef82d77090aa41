package io.pacioli.ledger.processor;

import io.pacioli.ledger.service.Reason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts what processors that died have left open, as soon as the others have taken over.
 *
 * <p>Until then nobody who reads committed records sees what a successor writes behind it: no client hears of an outcome, no projection
 * goes on. Brokers would abort it only some time after its timeout, 10 s, because for all they know its owner is at work. The group
 * of the processors knows better: whoever holds a transaction and is no member of it any more has died or was given up, and is
 * not allowed to commit anyway. Kafka Streams names its producers {@code application-process-number} and its consumers
 * {@code application-process-StreamThread-number-consumer}, which is how one is known by the other. Unless this process finds itself among
 * the members by such a name, nothing is aborted. Thread safe.
 */
final class LeftTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(LeftTransactions.class);

    /** A fence that is late might meet a process that has come back. */
    private static final int ANSWER_MILLIS_MAX = 5_000;

    private static final String PROCESS = "-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
    private static final String NOBODY = "";

    private final Admin admin;
    private final String applicationId;
    private final Pattern member;
    private final Pattern transaction;
    private final String self;
    private volatile boolean closed;

    /**
     * @param applicationId of the processors
     * @param ownConsumer the client id of one of this process' consumers
     */
    LeftTransactions(Admin admin, String applicationId, String ownConsumer) {
        this.admin = admin;
        this.applicationId = applicationId;
        String process = Pattern.quote(applicationId) + PROCESS;
        member = Pattern.compile(process + "-StreamThread-[0-9]+-consumer");
        transaction = Pattern.compile(process + "-[0-9]+");
        self = process(member, ownConsumer);
    }

    /** Aborts what this process has left in an earlier life; to be called before it begins to work, as it is a member then. */
    void abortOwn() {
        attempt(() -> open().stream()
                .filter(id -> process(transaction, id).equals(self))
                .toList());
    }

    /** Aborts what others have left. What cannot be done is logged: the next call or the brokers will do it. */
    void abort() {
        attempt(this::ofOthers);
    }

    /** Says no more when something fails, because it is meant to. */
    void close() {
        closed = true;
    }

    /** Which transactions to abort. */
    private interface Search {
        List<String> run() throws ExecutionException, InterruptedException;
    }

    private void attempt(Search search) {
        try {
            List<String> left = search.run();
            if (!left.isEmpty()) {
                admin.fenceProducers(left, new FenceProducersOptions().timeoutMs(ANSWER_MILLIS_MAX))
                        .all()
                        .get();
                LOG.info("Aborted the transactions that processors have left open: {}", left);
            }
        } catch (ExecutionException | KafkaException e) {
            if (!closed) {
                LOG.warn(
                        "Cannot abort the transactions that processors may have left open, for which clients wait the longer: {}",
                        Reason.of(e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> open() throws ExecutionException, InterruptedException {
        ListTransactionsOptions options = new ListTransactionsOptions()
                .filterStates(Set.of(TransactionState.ONGOING))
                .timeoutMs(ANSWER_MILLIS_MAX);
        return admin.listTransactions(options).all().get().stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> transaction.matcher(id).matches())
                .sorted()
                .toList();
    }

    private List<String> ofOthers() throws ExecutionException, InterruptedException {
        // In this order: who had a transaction and was well was a member then, and still is one.
        List<String> open = open();
        if (open.isEmpty()) {
            return List.of();
        }
        Set<String> members = members();
        boolean isKnown = members.contains(self) && !members.contains(NOBODY);
        return isKnown
                ? open.stream()
                        .filter(id -> !members.contains(process(transaction, id)))
                        .toList()
                : List.of();
    }

    /** The processes of the group's members; one that does not say which it is is {@link #NOBODY}. */
    private Set<String> members() throws ExecutionException, InterruptedException {
        DescribeConsumerGroupsOptions options = new DescribeConsumerGroupsOptions().timeoutMs(ANSWER_MILLIS_MAX);
        return admin.describeConsumerGroups(List.of(applicationId), options).all().get().values().stream()
                .flatMap(group -> group.members().stream())
                .map(one -> process(member, one.clientId()))
                .collect(Collectors.toSet());
    }

    /** The process that a name is of. */
    private static String process(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? matcher.group(1) : NOBODY;
    }
}
