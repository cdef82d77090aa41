package io.pacioli.ledger.processor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts what processors that died have left open, as soon as the others have taken over.
 *
 * <p>Until then nobody who reads committed records sees what a successor writes behind it: no client hears of an outcome, no projection
 * goes on. Brokers would abort it only some time after its timeout, 10 s, because for all they know its owner is at work. The group
 * of the processors knows better: whoever holds a transaction and is no member of it any more has died or was given up, and is
 * not allowed to commit anyway. Kafka Streams names its producers and its consumers after the process that they are of, which is how one
 * is known by the other; in a group whose members have other names nothing is aborted. Thread safe.
 */
final class LeftTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(LeftTransactions.class);
    private static final long ANSWER_TIMEOUT_SECONDS = 10;
    private static final String NOBODY = "";
    private static final String PROCESS = "-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";

    private final Admin admin;
    private final String applicationId;
    private final Pattern member;
    private final Pattern transaction;

    /** @param applicationId of the processors */
    LeftTransactions(Admin admin, String applicationId) {
        this.admin = admin;
        this.applicationId = applicationId;
        String process = Pattern.quote(applicationId) + PROCESS;
        member = Pattern.compile(process + "-StreamThread-[0-9]+-consumer");
        transaction = Pattern.compile(process + "-[0-9]+");
    }

    /** Aborts them. What cannot be done is logged: the brokers will do it later. */
    void abort() {
        try {
            List<String> left = left();
            if (!left.isEmpty()) {
                get(admin.fenceProducers(left).all());
                LOG.info("Aborted the transactions that processors have left open: {}", left);
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn(
                    "Cannot abort the transactions that processors may have left open, which takes the brokers some more seconds: {}",
                    String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> left() throws ExecutionException, TimeoutException, InterruptedException {
        // In this order: who had a transaction and was well was a member then, and still is one.
        ListTransactionsOptions open = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
        List<String> held = get(admin.listTransactions(open).all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> transaction.matcher(id).matches())
                .sorted()
                .toList();
        if (held.isEmpty()) {
            return List.of();
        }
        ConsumerGroupDescription group =
                get(admin.describeConsumerGroups(List.of(applicationId)).all()).get(applicationId);
        if (group == null) {
            return List.of();
        }
        Set<String> members = group.members().stream()
                .map(MemberDescription::clientId)
                .map(id -> process(member, id))
                .collect(Collectors.toSet());
        boolean isKnown = !members.isEmpty() && !members.contains(NOBODY);
        return isKnown
                ? held.stream()
                        .filter(id -> !members.contains(process(transaction, id)))
                        .toList()
                : List.of();
    }

    /** The process that a name is of. */
    private static String process(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? matcher.group(1) : NOBODY;
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(ANSWER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
