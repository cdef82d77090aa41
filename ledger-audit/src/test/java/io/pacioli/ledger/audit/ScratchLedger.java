package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A ledger on the heap that keeps its topics as records, as processors would write them: commands, journal and messages. */
final class ScratchLedger {
    static final int SHARDS = 3;

    /** A record of the commands or of the messages. */
    @SuppressWarnings("ArrayRecordComponent") // They are records as they stand, and never compared.
    record Written(long offset, long atMillis, byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {}

    private final int shards;
    private final KafkaRouter router;
    private final Ledger ledger;
    private final List<AuditShard> states = new ArrayList<>();
    private final List<Hash> chains = new ArrayList<>();
    private final List<List<byte[]>> journal = new ArrayList<>();
    private final List<List<Written>> commands = new ArrayList<>();
    private final List<List<Written>> transit = new ArrayList<>();
    private final List<Written> deadLetters = new ArrayList<>();
    private final List<List<Written>> checkpoints = new ArrayList<>();
    private String lost = "";
    private final int[] purged;
    private final int[] commandsUsed;
    private final int[] transitUsed;
    private long nowMillis = 1_000_000;

    ScratchLedger() {
        this(SHARDS, 1_000_000, 1_000_000);
    }

    ScratchLedger(int shards, long windowMillis, long windowEntries) {
        this.shards = shards;
        router = new KafkaRouter(shards);
        ledger = new Ledger(router);
        purged = new int[shards];
        commandsUsed = new int[shards];
        transitUsed = new int[shards];
        for (int shard = 0; shard < shards; shard++) {
            states.add(new AuditShard(shard, new KeyedHash(7)));
            chains.add(Hash.ZERO);
            journal.add(new ArrayList<>());
            commands.add(new ArrayList<>());
            transit.add(new ArrayList<>());
            checkpoints.add(new ArrayList<>());
        }
        configure(windowMillis, windowEntries);
    }

    /** Two assets, thirty accounts of which each has GOLD, and payments all over the place. */
    static ScratchLedger inUse() {
        ScratchLedger scratch = new ScratchLedger();
        scratch.define("GOLD", 2);
        scratch.define("POINTS", 0);
        for (int i = 0; i < 30; i++) {
            scratch.submit(new Command.OpenAccount("open-" + i, "a" + i, AccountLimits.DEFAULT, Map.of()));
            scratch.submit(new Command.Mint("mint-" + i, "GOLD", "a" + i, Amount.of(1_000), Map.of()));
        }
        for (int i = 0; i < 200; i++) {
            String from = "a" + i % 30;
            String to = "a" + (i * 7 + 3) % 30;
            scratch.submit(new Command.Transfer("t-" + i, "GOLD", from, to, Amount.of(i * 9L), "", Map.of()));
        }
        return scratch;
    }

    int shards() {
        return shards;
    }

    /** Starts all processors with other settings. */
    void configure(long windowMillis, long windowEntries) {
        for (int shard = 0; shard < shards; shard++) {
            ShardConfiguration configuration = new ShardConfiguration(shards, windowMillis, windowEntries);
            // A record that each of them reads next gives the time.
            take(shard);
            decide(shard, new Input.ConfigurationInput(configuration, Cause.CONFIGURATION, nowMillis + 1));
            tick(shard);
        }
    }

    void define(String code, int decimals) {
        Asset asset = new Asset(code, code, "", "", decimals, null);
        submit(new Command.DefineAsset("define-" + code, asset, Amount.ZERO, null, Map.of()));
    }

    /** Decides a command and delivers every message that follows from it. */
    void submit(Command command) {
        submitUndelivered(command);
        deliver();
    }

    /** Decides a command and leaves what it sends to other shards on its way. */
    void submitUndelivered(Command command) {
        int shard = router.shardOfKey(command.routingKey());
        write(shard, CommandCodec.encode(command));
        take(shard);
    }

    /** A record comes to a shard and is not read yet. */
    void write(int shard, byte @Nullable [] value) {
        write(shard, value, new RecordHeaders());
    }

    private void write(int shard, byte @Nullable [] value, RecordHeaders headers) {
        List<Written> partition = commands.get(shard);
        nowMillis++;
        partition.add(new Written(2L * partition.size(), nowMillis, null, value, headers));
    }

    /** A shard reads all commands that have come to it. */
    void take(int shard) {
        while (commandsUsed[shard] < commands.get(shard).size()) {
            command(shard, commands.get(shard).get(commandsUsed[shard]++));
        }
    }

    /** From now on a shard passes over the command of that id. */
    void lose(String commandId) {
        lost = commandId;
    }

    void tick(int shard) {
        write(shard, Tick.bytes());
        take(shard);
    }

    /** Lets time pass. */
    void pass(long millis) {
        nowMillis += millis;
    }

    void deliver() {
        boolean isQuiet = false;
        while (!isQuiet) {
            isQuiet = true;
            for (int shard = 0; shard < shards; shard++) {
                isQuiet &= !deliver(shard);
                take(shard);
            }
        }
    }

    /** Delivers what is on its way to a shard; false when nothing is. */
    boolean deliver(int shard) {
        boolean any = false;
        while (transitUsed[shard] < transit.get(shard).size()) {
            Written record = transit.get(shard).get(transitUsed[shard]++);
            any = true;
            due(shard, record.atMillis);
            String cause = Cause.of(Topics.DEFAULT.transit(), shard, record.offset);
            decide(shard, new Input.TransitInput(TransitCodec.decode(value(record)), cause, record.atMillis));
        }
        return any;
    }

    long nowMillis() {
        return nowMillis;
    }

    int shardOfKey(String routingKey) {
        return router.shardOfKey(routingKey);
    }

    int shardOf(String account) {
        return router.shardOf(account);
    }

    /** One of the accounts of {@link #inUse} that lives on a shard. */
    String accountOn(int shard) {
        int number = 0;
        while (shardOf("a" + number) != shard) {
            number++;
        }
        return "a" + number;
    }

    /** Drops all but so many of each shard's last entries, as the broker does with what is too old. */
    void purge(int kept) {
        for (int shard = 0; shard < shards; shard++) {
            purged[shard] = journal.get(shard).size() - kept;
        }
    }

    /** How many of a shard's entries were dropped. They are still listed. */
    int purged(int shard) {
        return purged[shard];
    }

    List<byte[]> journal(int shard) {
        return journal.get(shard);
    }

    List<Written> commands(int shard) {
        return commands.get(shard);
    }

    List<Written> transit(int shard) {
        return transit.get(shard);
    }

    List<Written> deadLetters() {
        return deadLetters;
    }

    List<Written> checkpoints(int shard) {
        return checkpoints.get(shard);
    }

    /** Publishes a checkpoint of a shard as it is now, as a notary would. */
    void sign(int shard, SigningKey key) {
        List<Written> partition = checkpoints.get(shard);
        AuditShard state = states.get(shard);
        Checkpoint checkpoint = new Checkpoint(
                new Position(shard, state.header().sequence()),
                partition.size() + 1L,
                2L * journal.get(shard).size() - 2,
                state.header().atMillis(),
                chains.get(shard),
                ClientTotals.of(state.accounts()).byAsset(),
                partition.isEmpty() ? Hash.ZERO : Hash.of(value(partition.getLast())),
                key.id());
        partition.add(new Written(
                2L * partition.size(), nowMillis, null, CheckpointCodec.encode(checkpoint, key), new RecordHeaders()));
    }

    AuditShard state(int shard) {
        return states.get(shard);
    }

    /** Folds the records as they stand by now. */
    Books fold() {
        List<ShardBooks> folds = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            ShardFold fold =
                    new ShardFold(new ShardBooks(shard, router, ledger, new KeyedHash(1)), Topics.DEFAULT.journal());
            long offset = 0;
            for (byte[] record : journal.get(shard)) {
                fold.apply(record, offset);
                offset += 2;
            }
            folds.add(fold.books());
        }
        return new Books(folds);
    }

    /** What a processor does with a command. */
    private void command(int shard, Written record) {
        due(shard, record.atMillis);
        String cause = Cause.of(Topics.DEFAULT.commands(), shard, record.offset);
        for (CommandRecord.Part part :
                CommandRecord.read(record.key, record.value, record.headers, cause, record.atMillis, shard, router)) {
            switch (part.what()) {
                case CommandRecord.OfTick tick -> {}
                case CommandRecord.Malformed malformed -> bury(shard, record, part);
                case CommandRecord.Own own -> decide(shard, own.input());
                case CommandRecord.Misrouted misrouted -> {
                    RecordHeaders headers = CommandRecord.headers(record.headers, part.index());
                    headers.add(Headers.FORWARDED_FROM, Headers.text(part.cause()));
                    write(misrouted.home(), part.value(), headers);
                }
            }
        }
    }

    private void bury(int shard, Written record, CommandRecord.Part part) {
        RecordHeaders headers = CommandRecord.headers(new RecordHeaders(), part.index());
        headers.add(Headers.DEAD_LETTER_TOPIC, Headers.text(Topics.DEFAULT.commands()));
        headers.add(Headers.DEAD_LETTER_PARTITION, Headers.integer(shard));
        headers.add(Headers.DEAD_LETTER_OFFSET, Headers.whole(record.offset));
        deadLetters.add(new Written(2L * deadLetters.size(), nowMillis, record.key, part.value(), headers));
    }

    private void due(int shard, long atMillis) {
        for (int decided = 0; decided < Ledger.DUE_PER_INPUT_MAX; decided++) {
            Input due = Ledger.due(states.get(shard), atMillis);
            if (due == null) {
                return;
            }
            decide(shard, due);
        }
    }

    private void decide(int shard, Input input) {
        if (input instanceof Input.CommandInput command
                && command.command().id().equals(lost)) {
            return;
        }
        if (ledger.decide(input, states.get(shard)) instanceof Decision.Journaled decision) {
            for (Entry entry : decision.entries()) {
                SealedEntry sealed = JournalCodec.encode(entry, chains.get(shard));
                chains.set(shard, sealed.hash());
                journal.get(shard).add(sealed.bytes());
                ledger.evolve(states.get(shard), entry);
            }
            for (Transit message : decision.transit()) {
                List<Written> partition = transit.get(message.to());
                nowMillis++;
                partition.add(new Written(
                        2L * partition.size(), nowMillis, null, TransitCodec.encode(message), new RecordHeaders()));
            }
        }
    }

    private static byte[] value(Written record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            throw new IllegalStateException("a message has a value");
        }
        return value;
    }
}
