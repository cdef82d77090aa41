package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Command;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Payments, holds and transactions among a few accounts on all shards: most are covered, some are sent twice, some to the wrong shard, and
 * many in batches.
 */
final class Payments {
    static final String ASSET = "GOLD";
    private static final int ACCOUNTS = 60;
    private static final int FIRST_BALANCE = 1_000;
    private static final int HOLD_MILLIS_MAX = 5_000;
    private static final int BATCHED = 60;

    private final SplittableRandom random;
    private final Topics topics;
    private final int shards;
    private final Set<String> ids = new HashSet<>();

    Payments(LiveLedger ledger, long seed) {
        topics = ledger.topics;
        shards = ledger.shards;
        random = new SplittableRandom(seed);
    }

    /** The ids of all commands that were handed out. */
    Set<String> ids() {
        return ids;
    }

    Command define() {
        return named(Sample.define(ASSET));
    }

    /** Gives every account its first balance. */
    List<Command> mints() {
        List<Command> mints = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            mints.add(named(Sample.mint("m-" + i, ASSET, account(i), FIRST_BALANCE)));
        }
        return mints;
    }

    List<ProducerRecord<byte[], byte[]>> next(int number) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (records.size() < number) {
            Command command = next();
            records.add(record(command));
            switch (random.nextInt(40)) {
                case 0, 1 -> records.add(record(command));
                case 2, 3 ->
                    records.add(new ProducerRecord<>(
                            topics.commands(), random.nextInt(shards), null, CommandCodec.encode(command)));
                case 4 -> records.addAll(batches());
                default -> {}
            }
        }
        return records;
    }

    /** A batch for each shard, with some commands twice and some that belong to another shard. */
    private List<ProducerRecord<byte[], byte[]>> batches() {
        KafkaRouter router = new KafkaRouter(shards);
        Map<Integer, List<Command>> ofShard = new TreeMap<>();
        for (int i = 0; i < BATCHED; i++) {
            Command command = next();
            int shard = random.nextInt(20) == 0 ? random.nextInt(shards) : router.shardOfKey(command.routingKey());
            int copies = random.nextInt(20) == 0 ? 2 : 1;
            ofShard.computeIfAbsent(shard, number -> new ArrayList<>()).addAll(Collections.nCopies(copies, command));
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        ofShard.forEach((shard, commands) ->
                records.add(new ProducerRecord<>(topics.commands(), shard, null, Batch.encode(commands))));
        return records;
    }

    private Command next() {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        String asset = random.nextInt(20) == 0 ? "NEVER" : ASSET;
        return named(command(asset, account(from), account(to)));
    }

    private Command command(String asset, String from, String to) {
        int amount = 1 + random.nextInt(FIRST_BALANCE / 2);
        String id = "t-" + ids.size();
        return switch (random.nextInt(10)) {
            case 0 ->
                Sample.hold(id, asset, from, amount, System.currentTimeMillis() + random.nextInt(HOLD_MILLIS_MAX));
            case 1 ->
                Sample.transact(
                        id,
                        Sample.leg(asset, from, to, amount),
                        Sample.leg(asset, to, account(random.nextInt(ACCOUNTS)), 1));
            default -> Sample.transfer(id, asset, from, to, amount);
        };
    }

    ProducerRecord<byte[], byte[]> record(Command command) {
        return new ProducerRecord<>(
                topics.commands(), Headers.text(command.routingKey()), CommandCodec.encode(command));
    }

    private Command named(Command command) {
        ids.add(command.id());
        return command;
    }

    private static String account(int number) {
        return "holder-" + number;
    }
}
