package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * Decides the commands on record once more with other definitions of assets and other limits of accounts, and tells what would have been
 * different.
 *
 * <p>Two ledgers go on side by side: the one on record, which is proven on the way, and one on the heap, whose definitions change where
 * that is asked for. Inputs come to both at the times of the record and in its order. A message between shards that is not on record
 * comes as soon as it is sent; one that is on record and was not sent now does not come.
 *
 * <p>Nothing of it can reach the topics: all that it gets is consumers, and this package has no producer. Memory is twice what an audit
 * takes.
 */
public final class WhatIf {
    private static final int PROGRESS_EVERY = 256;

    private final From from;
    private final Definitions definitions;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Topics topics;
    private final OutcomeComparison outcomes = new OutcomeComparison();
    private long entriesThen;
    private long entriesNow;

    WhatIf(Supplier<Consumer<byte[], byte[]>> consumers, Topics topics, From from, Definitions definitions) {
        this.consumers = consumers;
        this.topics = topics;
        this.from = from;
        this.definitions = definitions;
    }

    /**
     * Decides again all that is on record by now.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}; the user needs to read, and nothing else
     * @param topics the ledger's topics
     * @param from where the definitions change
     * @param definitions what they change to
     * @param progress hears how far the journal has been read
     * @throws AuditException when the topics cannot be read, the journal is not what the ledger decides, or the definitions contradict
     *     what is there when they change
     */
    public static WhatIfReport run(
            Map<String, String> kafka, Topics topics, From from, Definitions definitions, Progress progress) {
        Map<String, Object> properties = JournalFold.properties(kafka);
        return new WhatIf(() -> new KafkaConsumer<>(properties), topics, from, definitions).run(progress);
    }

    WhatIfReport run(Progress progress) {
        try (RecordedOrder recorded = RecordedOrder.of(consumers.get(), topics)) {
            return new Run(recorded).toEnd(progress);
        } catch (KafkaException e) {
            throw new AuditException("the topics cannot be read: " + e.getMessage(), e);
        }
    }

    private final class Run implements MemoryLedger.Listener {
        private final RecordedOrder recorded;
        private final MemoryLedger now;
        private final boolean[] begun;
        private boolean anyBegun;

        Run(RecordedOrder recorded) {
            this.recorded = recorded;
            int shards = recorded.router().shards();
            now = new MemoryLedger(recorded.router(), new KeyedHash(new SecureRandom().nextLong()), this);
            begun = new boolean[shards];
        }

        WhatIfReport toEnd(Progress progress) {
            long steps = 0;
            for (RecordedInput input = recorded.next(); input != null; input = recorded.next()) {
                step(input);
                if (steps++ % PROGRESS_EVERY == 0) {
                    progress.advanced(recorded.done(), recorded.total());
                }
            }
            progress.advanced(recorded.total(), recorded.total());
            outcomes.finish();
            return report();
        }

        private void step(RecordedInput input) {
            int shard = input.shard();
            switch (input) {
                case RecordedInput.Repeated repeated -> now.repeated(shard, changed(shard, repeated.input()));
                case RecordedInput.Decided decided -> {
                    beginIfReached(decided.decision().entries().getFirst());
                    entriesThen += decided.decision().entries().size();
                    Outcome outcome = decided.decision().outcome();
                    if (outcome != null && begun[shard]) {
                        outcomes.then(shard, outcome);
                    }
                    step(decided);
                }
            }
        }

        private void step(RecordedInput.Decided decided) {
            int shard = decided.shard();
            var messages = decided.decision().transit();
            switch (decided.input()) {
                case Input.CommandInput command -> now.command(shard, changed(shard, command), messages);
                case Input.TransitInput message -> now.receive(shard, message, messages);
                case Input.DueInput due -> now.due(shard, due.due(), messages);
                case Input.ConfigurationInput configuration -> now.configure(shard, configuration);
            }
        }

        private void beginIfReached(Entry entry) {
            int shard = entry.shard();
            if (!begun[shard] && (from.names(shard) ? from.isReached(entry) : anyBegun)) {
                begun[shard] = true;
                anyBegun = true;
                now.books().get(shard).change(definitions);
            }
        }

        /** The id stays known by what was really asked for. */
        private Input.CommandInput changed(int shard, Input.CommandInput input) {
            return begun[shard]
                    ? new Input.CommandInput(
                            definitions.of(input.command()), input.fingerprint(), input.cause(), input.atMillis())
                    : input;
        }

        @Override
        public void journaled(Entry entry) {
            entriesNow++;
        }

        @Override
        public String arrives(Transit transit, String sender, long atMillis) {
            return sender;
        }

        @Override
        public void decided(int shard, Outcome outcome) {
            if (begun[shard]) {
                outcomes.now(shard, outcome);
            }
        }

        private WhatIfReport report() {
            List<ShardBooks> booksThen = recorded.books();
            List<WhatIfReport.BalanceDifference> balances = balances(booksThen, now.books());
            return new WhatIfReport(
                    new Books(booksThen).positions(),
                    outcomes.compared(),
                    outcomes.different(),
                    outcomes.changes(),
                    outcomes.first(),
                    entriesThen,
                    entriesNow,
                    balances.size(),
                    balances.stream().limit(WhatIfReport.KEPT_MAX).toList(),
                    supplies(new Books(booksThen).assets(), new Books(now.books()).assets()));
        }
    }

    private static List<WhatIfReport.BalanceDifference> balances(List<ShardBooks> then, List<ShardBooks> now) {
        List<WhatIfReport.BalanceDifference> differences = new ArrayList<>();
        Books booksThen = new Books(then);
        Books booksNow = new Books(now);
        booksThen.forEach((shard, account, holding) -> {
            Holding other = booksNow.holding(shard, account, holding.asset());
            if (!other.equals(holding)) {
                differences.add(new WhatIfReport.BalanceDifference(account, holding, other));
            }
        });
        booksNow.forEach((shard, account, holding) -> {
            Holding other = booksThen.holding(shard, account, holding.asset());
            if (other.isEmpty()) {
                differences.add(new WhatIfReport.BalanceDifference(account, other, holding));
            }
        });
        differences.sort(Comparator.comparing(WhatIfReport.BalanceDifference::account)
                .thenComparing(difference -> difference.then().asset()));
        return differences;
    }

    private static List<WhatIfReport.Supply> supplies(
            SortedMap<String, AssetBooks> then, SortedMap<String, AssetBooks> now) {
        TreeSet<String> codes = new TreeSet<>(then.keySet());
        codes.addAll(now.keySet());
        List<WhatIfReport.Supply> supplies = new ArrayList<>();
        for (String code : codes) {
            AssetBooks booksThen = then.get(code);
            AssetBooks booksNow = now.get(code);
            if (booksThen != null) {
                BigInteger supply = booksNow == null ? BigInteger.ZERO : booksNow.supply();
                supplies.add(new WhatIfReport.Supply(booksThen.asset(), booksThen.supply(), supply));
            } else if (booksNow != null) {
                supplies.add(new WhatIfReport.Supply(booksNow.asset(), BigInteger.ZERO, booksNow.supply()));
            }
        }
        return supplies;
    }
}
