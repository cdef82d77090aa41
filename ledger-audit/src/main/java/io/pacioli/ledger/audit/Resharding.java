package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import io.pacioli.ledger.core.Transit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an export one with another number of shards: a new ledger, for which all commands are decided again in the order of the record,
 * each on the shard that its account has now, and which has the same outcomes and, when all that was under way has arrived, the same
 * balances.
 *
 * <p>What is atomic depends on where accounts live. Money between shards was under way for a moment, and here arrives at once; so a
 * command of that moment may have been rejected for want of it, or because its shard had not heard of an asset or of a vote yet, and would be
 * accepted now. Then there is no such ledger, and the first difference is named.
 *
 * <p>Memory is twice what an audit takes. Not thread safe.
 */
public final class Resharding implements MemoryLedger.Listener {
    private static final int PROGRESS_EVERY = 256;

    /** The scope of ids when outcomes are compared: the whole ledger, as shards are not the same ones. */
    private static final int ANYWHERE = 0;

    private final ExportDirectory source;
    private final Topics topics;
    private final KafkaRouter router;
    private final MemoryLedger ledger;
    private final OutcomeComparison outcomes = new OutcomeComparison();
    private final OnTheirWay onTheirWay = new OnTheirWay();
    private final List<Shard> shards = new ArrayList<>();
    private final ExportWriter writer;

    private Resharding(ExportDirectory source, Path target, int shardCount) {
        this.source = source;
        topics = source.manifest().topics();
        router = new KafkaRouter(shardCount);
        ledger = new MemoryLedger(router, new KeyedHash(new SecureRandom().nextLong()), this);
        writer = new ExportWriter(target);
        for (int number = 0; number < shardCount; number++) {
            shards.add(new Shard(number));
        }
    }

    /** What is written of one shard. */
    private final class Shard {
        private final int number;
        private Hash last = Hash.ZERO;
        private long entries;
        private long commands;
        private long commandsUsed;
        private long messages;
        private long messagesUsed;
        private long latestMillis;

        Shard(int number) {
            this.number = number;
        }

        /** Returns its place. */
        String command(long atMillis, byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {
            latestMillis = Math.max(latestMillis, atMillis);
            long offset = commands++;
            write(topics.commands(), number, new ArchivedRecord(offset, atMillis, key, value, headers));
            return Cause.of(topics.commands(), number, offset);
        }

        String message(long atMillis, Transit transit) {
            latestMillis = Math.max(latestMillis, atMillis);
            long offset = messages++;
            byte[] value = TransitCodec.encode(transit);
            write(topics.transit(), number, new ArchivedRecord(offset, atMillis, null, value, new RecordHeaders()));
            return Cause.of(topics.transit(), number, offset);
        }

        /** Some record of that time must be there for what is decided then. */
        void tick(long atMillis) {
            if (atMillis > latestMillis) {
                command(atMillis, null, Tick.bytes(), new RecordHeaders());
            }
        }

        void entry(Entry entry) {
            SealedEntry sealed = JournalCodec.encode(entry, last);
            last = sealed.hash();
            write(
                    topics.journal(),
                    number,
                    new ArchivedRecord(entries++, entry.atMillis(), null, sealed.bytes(), new RecordHeaders()));
            if (Cause.parse(entry.cause()) instanceof Cause.OfRecord place) {
                if (place.topic().equals(topics.commands())) {
                    commandsUsed = place.offset() + 1;
                } else {
                    messagesUsed = place.offset() + 1;
                }
            }
        }
    }

    /**
     * Writes the other export.
     *
     * @param from an export whose files have been held against its manifest
     * @param to an empty directory
     * @param shards how many shards the new ledger has
     * @throws AuditException when there is no ledger with that number of shards, the same outcomes and the same balances, naming the first
     *     difference; or when a directory fails
     */
    public static void run(ExportDirectory from, Path to, int shards, Progress progress) {
        Resharding resharding = new Resharding(from, to, shards);
        try {
            resharding.run(progress);
        } finally {
            resharding.writer.close();
        }
    }

    private void run(Progress progress) {
        try (RecordedOrder recorded = RecordedOrder.of(source)) {
            long steps = 0;
            for (RecordedInput input = recorded.next(); input != null; input = recorded.next()) {
                step(input);
                requireSame();
                if (steps++ % PROGRESS_EVERY == 0) {
                    progress.advanced(recorded.done(), recorded.total());
                }
            }
            List<ShardBooks> arrived = arrived(recorded);
            outcomes.finish();
            requireSame();
            requireSame(balances(arrived), balances(ledger.books()));
        }
        undecided();
        writer.finish(manifest(deadLetters()));
    }

    private void step(RecordedInput input) {
        switch (input) {
            case RecordedInput.Repeated repeated -> {
                Input.CommandInput command = written(repeated.input());
                if (ledger.repeated(shardOf(command), command)) {
                    throw different(
                            "command " + command.command().id() + " was a repeated one, and would be a first one");
                }
            }
            case RecordedInput.Decided decided -> {
                Outcome outcome = decided.decision().outcome();
                if (outcome != null) {
                    outcomes.then(ANYWHERE, outcome);
                }
                onTheirWay.follow(decided);
                decide(decided.input());
            }
        }
    }

    /**
     * The books when what was under way at the end of the record has arrived, as it would have there, and as it has here when it was
     * sent.
     */
    private List<ShardBooks> arrived(RecordedOrder recorded) {
        MemoryLedger goesOn = new MemoryLedger(recorded.router(), recorded.books(), new MemoryLedger.Listener() {
            @Override
            public void journaled(Entry entry) {}

            @Override
            public String arrives(Transit transit, String sender, long atMillis) {
                return Cause.of(topics.transit(), transit.to(), transit.number());
            }

            @Override
            public void decided(int shard, Outcome outcome) {
                outcomes.then(ANYWHERE, outcome);
            }
        });
        goesOn.deliver(onTheirWay.messages());
        return goesOn.books();
    }

    private void decide(Input input) {
        switch (input) {
            case Input.ConfigurationInput configuration -> configure(configuration);
            case Input.CommandInput recorded -> {
                Input.CommandInput command = written(recorded);
                ledger.command(shardOf(command), command, List.of());
            }
            case Input.DueInput due -> {
                for (Shard shard : shards) {
                    if (ledger.isDue(shard.number, due.due())) {
                        shard.tick(due.atMillis());
                        ledger.due(shard.number, due.due(), List.of());
                    }
                }
            }
            // What it stands for has arrived when it was sent.
            case Input.TransitInput message -> {}
        }
    }

    private void configure(Input.ConfigurationInput recorded) {
        ShardConfiguration settings = recorded.configuration();
        ShardConfiguration configuration = new ShardConfiguration(
                shards.size(), settings.idempotencyWindowMillis(), settings.idempotencyEntriesMax());
        for (Shard shard : shards) {
            if (!configuration.equals(
                    ledger.books().get(shard.number).state().header().configuration())) {
                shard.tick(recorded.atMillis());
                ledger.configure(
                        shard.number,
                        new Input.ConfigurationInput(configuration, Cause.CONFIGURATION, recorded.atMillis()));
            }
        }
    }

    /** The command as it stands in its new place. */
    private Input.CommandInput written(Input.CommandInput input) {
        Command command = input.command();
        byte[] key = command.routingKey().getBytes(StandardCharsets.UTF_8);
        String cause = shards.get(shardOf(input))
                .command(input.atMillis(), key, CommandCodec.encode(command), new RecordHeaders());
        return new Input.CommandInput(command, input.fingerprint(), cause, input.atMillis());
    }

    private int shardOf(Input.CommandInput input) {
        return router.shardOfKey(input.command().routingKey());
    }

    @Override
    public void journaled(Entry entry) {
        shards.get(entry.shard()).entry(entry);
    }

    @Override
    public void decided(int shard, Outcome outcome) {
        outcomes.now(ANYWHERE, outcome);
    }

    @Override
    public String arrives(Transit transit, String sender, long atMillis) {
        return shards.get(transit.to()).message(atMillis, transit);
    }

    private void requireSame() {
        if (outcomes.different() > 0) {
            WhatIfReport.OutcomeDifference first = outcomes.first().getFirst();
            throw different("command " + first.commandId() + ", decided at " + first.position() + ", had the outcome "
                    + first.then() + " and would have " + first.now());
        }
    }

    private AuditException different(String difference) {
        return new AuditException("there is no such ledger with " + shards.size() + " shards: " + difference
                + ", as what happens between shards is not the same then");
    }

    private void requireSame(Map<String, String> then, Map<String, String> now) {
        for (Map.Entry<String, String> balance : then.entrySet()) {
            String other = Objects.requireNonNullElse(now.remove(balance.getKey()), "nothing");
            if (!other.equals(balance.getValue())) {
                throw different(balance.getKey() + " had " + balance.getValue() + " and would have " + other);
            }
        }
        now.forEach((account, balance) -> {
            throw different(account + " had nothing and would have " + balance);
        });
    }

    /** Balances by account and asset; those of clearing accounts are of shards. */
    private static Map<String, String> balances(List<ShardBooks> books) {
        Map<String, String> balances = new TreeMap<>();
        new Books(books).forEach((shard, account, holding) -> {
            if (!AccountId.isClearing(account)) {
                balances.put(account + " " + holding.asset(), holding.toString());
            }
        });
        return balances;
    }

    private void write(String topic, int partition, ArchivedRecord record) {
        writer.write(new TopicPartition(topic, partition), record);
    }

    /** What no shard has decided yet is decided by the new ones, in the order of time. */
    private void undecided() {
        PriorityQueue<Waiting> waiting =
                new PriorityQueue<>(Comparator.comparingLong(Waiting::atMillis).thenComparingInt(Waiting::shard));
        List<ExportDirectory.Records> opened = new ArrayList<>();
        try {
            for (ExportManifest.Shard shard : source.manifest().shards()) {
                ExportDirectory.Records records = source.records(source.partition(topics.commands(), shard.shard()));
                opened.add(records);
                next(shard.shard(), records, waiting);
            }
            while (!waiting.isEmpty()) {
                Waiting first = waiting.remove();
                carry(first.shard, first.record);
                next(first.shard, opened.get(first.shard), waiting);
            }
        } finally {
            opened.forEach(ExportDirectory.Records::close);
        }
    }

    /** The next command of an old shard that is not decided. */
    private record Waiting(int shard, ArchivedRecord record) {
        long atMillis() {
            return record.atMillis();
        }
    }

    private void next(int shard, ExportDirectory.Records records, PriorityQueue<Waiting> waiting) {
        long from = source.manifest().shards().get(shard).commandsNext();
        ArchivedRecord record = records.next();
        while (record != null && record.offset() < from) {
            record = records.next();
        }
        if (record != null) {
            waiting.add(new Waiting(shard, record));
        }
    }

    private void carry(int oldShard, ArchivedRecord record) {
        KafkaRouter old = new KafkaRouter(source.manifest().shards().size());
        CommandRecord.read(record.key(), record.value(), record.headers(), "", record.atMillis(), oldShard, old)
                .forEach(part -> carry(oldShard, record, part));
    }

    /** A batch is taken apart: its commands may be on different shards now. */
    private void carry(int oldShard, ArchivedRecord record, CommandRecord.Part part) {
        switch (part.what()) {
            case CommandRecord.OfTick tick -> {}
            case CommandRecord.Own own -> carry(own.input().command(), record, part);
            case CommandRecord.Misrouted misrouted -> carry(misrouted.command(), record, part);
            case CommandRecord.Malformed malformed -> malformed(shards.get(oldShard % shards.size()), record, part);
        }
    }

    /** What is no command in a batch, such as another batch, may be one alone; and nobody waits for an answer any more. */
    private static void malformed(Shard shard, ArchivedRecord record, CommandRecord.Part part) {
        byte[] value = part.value();
        if (part.index() == Cause.NO_INDEX || value == null) {
            shard.command(record.atMillis(), record.key(), value, record.headers());
        } else {
            RecordHeaders headers = new RecordHeaders(record.headers());
            headers.remove(Headers.REPLY_TOPIC);
            shard.command(record.atMillis(), record.key(), Batch.ofOne(value), headers);
        }
    }

    private void carry(Command command, ArchivedRecord record, CommandRecord.Part part) {
        byte[] key = command.routingKey().getBytes(StandardCharsets.UTF_8);
        shards.get(router.shardOfKey(command.routingKey()))
                .command(record.atMillis(), key, part.value(), CommandRecord.headers(record.headers(), part.index()));
    }

    /** Those of before, which name places in the old topics. */
    private List<ExportManifest.Partition> deadLetters() {
        List<ExportManifest.Partition> copied = new ArrayList<>();
        for (ExportManifest.Partition partition : source.manifest().partitions()) {
            if (partition.topic().equals(topics.deadLetters())) {
                TopicPartition copy = new TopicPartition(partition.topic(), partition.partition());
                try (ExportDirectory.Records records = source.records(partition)) {
                    for (ArchivedRecord record = records.next(); record != null; record = records.next()) {
                        writer.write(copy, record);
                    }
                }
                copied.add(writer.finish(copy, partition.end()));
            }
        }
        return copied;
    }

    private ExportManifest manifest(List<ExportManifest.Partition> deadLetters) {
        List<ExportManifest.Shard> manifestShards = new ArrayList<>();
        List<ExportManifest.Partition> partitions = new ArrayList<>();
        for (Shard shard : shards) {
            ShardBooks books = ledger.books().get(shard.number);
            ShardHeader header = books.state().header();
            manifestShards.add(new ExportManifest.Shard(
                    shard.number,
                    header.sequence(),
                    header.atMillis(),
                    shard.last,
                    header.configured(),
                    shard.commandsUsed,
                    shard.messagesUsed));
            partitions.add(writer.finish(new TopicPartition(topics.journal(), shard.number), shard.entries));
        }
        shards.forEach(shard ->
                partitions.add(writer.finish(new TopicPartition(topics.commands(), shard.number), shard.commands)));
        shards.forEach(shard ->
                partitions.add(writer.finish(new TopicPartition(topics.transit(), shard.number), shard.messages)));
        partitions.addAll(deadLetters);
        return new ExportManifest(source.manifest().createdAtMillis(), topics, manifestShards, partitions);
    }
}
