package io.pacioli.ledger.app.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.chaos.Traffic.Written;
import io.pacioli.ledger.app.client.ApiClient;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that reads balances while everything happens, from Redis or, as of a position, from PostgreSQL; often those that somebody has
 * just changed, and then it insists on seeing the change.
 */
final class BalanceReader implements Runnable {
    private static final int NOT_FOUND = 404;
    private static final int PERCENT = 100;
    private static final int INSISTING_PERCENT = 60;
    private static final int HISTORY_PERCENT = 25;

    private final List<URI> balances;
    private final List<URI> history;
    private final Http http;
    private final Traffic traffic;
    private final IntSupplier accounts;
    private final Collection<Seen> seen;
    private final Violations violations;
    private final AtomicLong unanswered;
    private final Duration pause;
    private final SplittableRandom random;
    private volatile boolean stopped;

    /** What all readers share. */
    record Shared(
            List<URI> balances,
            List<URI> history,
            Http http,
            Traffic traffic,
            IntSupplier accounts,
            Collection<Seen> seen,
            Violations violations,
            AtomicLong unanswered) {}

    /** @param pause how long it waits between two questions */
    BalanceReader(Shared shared, Duration pause, long seed) {
        balances = shared.balances();
        history = shared.history();
        http = shared.http();
        traffic = shared.traffic();
        accounts = shared.accounts();
        seen = shared.seen();
        violations = shared.violations();
        unanswered = shared.unanswered();
        this.pause = pause;
        random = new SplittableRandom(seed);
    }

    /** Ends the reading. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                Written written = traffic.anyRecent(random);
                boolean insists = random.nextInt(PERCENT) < INSISTING_PERCENT;
                if (insists && written != null && !AccountId.isSystem(written.account())) {
                    if (random.nextInt(PERCENT) < HISTORY_PERCENT) {
                        askHistory(written);
                    } else {
                        ask(written.account(), written.position());
                    }
                } else {
                    ask(ChaosWorkload.account(random.nextInt(accounts.getAsInt())), null);
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(String account, @Nullable Position wanted) {
        String path = "/v1/accounts/" + ApiClient.segment(account) + "/balances"
                + (wanted == null ? "" : "?position=" + wanted + "&wait=2s");
        URI base = balances.get(random.nextInt(balances.size()));
        Http.Answer answer = http.get(base.resolve(path));
        if (answer == null || (answer.status() != Http.OK && answer.status() != NOT_FOUND)) {
            unanswered.incrementAndGet();
            return;
        }
        note("Redis", account, wanted, answer, answer.json().path("asOf").asText());
    }

    /** The past stays as it was: what the answer is true for is the position asked for. */
    private void askHistory(Written written) {
        String at = written.position().toString();
        String path = "/v1/accounts/" + ApiClient.segment(written.account()) + "/balances/" + at
                + "?limit=100&position=" + at + "&wait=2s";
        URI base = history.get(random.nextInt(history.size()));
        Http.Answer answer = http.get(base.resolve(path));
        if (answer == null || answer.status() != Http.OK) {
            unanswered.incrementAndGet();
            return;
        }
        note("PostgreSQL", written.account(), written.position(), answer, at);
    }

    private void note(String source, String account, @Nullable Position wanted, Http.Answer answer, String asOf) {
        try {
            Position position = Position.parse(asOf);
            if (wanted != null && position.shard() == wanted.shard() && position.sequence() < wanted.sequence()) {
                violations.add(source + " answered as of " + position + " when asked for " + wanted);
            }
            List<Holding> holdings = answer.status() == Http.OK ? holdings(answer.json()) : null;
            seen.add(new Seen(source, account, position.shard(), position.sequence(), holdings));
        } catch (MalformedException e) {
            violations.add(source + " answered about " + account + " as of '" + asOf + "': " + e.getMessage());
        }
    }

    private static List<Holding> holdings(JsonNode json) {
        List<Holding> holdings = new ArrayList<>();
        for (JsonNode balance : json.path("balances")) {
            holdings.add(new Holding(
                    balance.path("asset").asText(),
                    amount(balance, "available"),
                    amount(balance, "held"),
                    amount(balance, "locked"),
                    amount(balance, "staked")));
        }
        return List.copyOf(holdings);
    }

    private static BigInteger amount(JsonNode balance, String bucket) {
        String text = balance.path(bucket).asText();
        try {
            return new BigInteger(text);
        } catch (NumberFormatException e) {
            throw new MalformedException(bucket, "must be digits", text);
        }
    }
}
