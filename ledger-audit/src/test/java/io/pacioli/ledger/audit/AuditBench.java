package io.pacioli.ledger.audit;

import com.sun.management.OperatingSystemMXBean;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Measures an audit without a broker: how many entries one core audits in a second, alone and with every decision made again.
 *
 * <p>Arguments: transfers, accounts, shards, rounds. Not a test: run it with its class path, with {@code -XX:+UseCompactObjectHeaders} as the launcher does, and with
 * {@code -XX:+UseSerialGC -XX:MarkSweepDeadRatio=0}, so that the process' time is that of one core.
 */
final class AuditBench {
    private AuditBench() {}

    public static void main(String[] arguments) {
        int transfers = argument(arguments, 0, 600_000);
        int accounts = argument(arguments, 1, 100_000);
        int shards = argument(arguments, 2, 6);
        int rounds = argument(arguments, 3, 3);
        ScratchLedger ledger = ledger(transfers, accounts, shards);
        long entries = 0;
        long bytes = 0;
        for (int shard = 0; shard < shards; shard++) {
            entries += ledger.journal(shard).size();
            bytes += ledger.journal(shard).stream()
                    .mapToLong(record -> record.length)
                    .sum();
        }
        print(String.format(
                Locale.ROOT,
                "%,d entries of %,d bytes on average, %d shards, %,d accounts",
                entries,
                bytes / entries,
                shards,
                accounts));
        for (int round = 0; round < rounds; round++) {
            audit(ledger, false, entries);
            audit(ledger, true, entries);
        }
        memory(ledger);
    }

    private static void audit(ScratchLedger ledger, boolean decides, long entries) {
        AuditSettings settings =
                new AuditSettings(Map.of(), Topics.DEFAULT, decides, 1, List.of(), PublicKeys.NONE, null);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        AuditReport report = new Audit(settings, () -> ScratchTopics.consumer(ledger)).run(Progress.NONE);
        cpu = system.getProcessCpuTime() - cpu;
        wall = System.nanoTime() - wall;
        print(String.format(
                Locale.ROOT,
                "%-22s %,9.0f entries a second of processor time (%.2f s; %.2f s by the clock)%s",
                decides ? "everything" : "chain, balances, rules",
                entries / (cpu / 1e9),
                cpu / 1e9,
                wall / 1e9,
                report.passed() ? "" : "  DIFFERENCES: " + report.findings()));
    }

    /** What the state of a replay takes, by what the heap takes with it and without. */
    private static void memory(ScratchLedger ledger) {
        long remembered = 0;
        long rememberedBytes = 0;
        long receipts = 0;
        long receiptBytes = 0;
        for (int shard = 0; shard < ledger.shards(); shard++) {
            AuditShard state = ledger.state(shard);
            remembered += state.commands().size();
            rememberedBytes += state.commands().bytes();
            receipts += state.receipts().size();
            receiptBytes += state.receipts().bytes();
        }
        print(String.format(
                Locale.ROOT,
                "%,d remembered commands: %.1f bytes each; %,d receipts: %.1f bytes each",
                remembered,
                rememberedBytes / (double) remembered,
                receipts,
                receiptBytes / (double) receipts));
        print(String.format(Locale.ROOT, "%,.1f bytes an account, besides what is remembered", accountBytes(ledger)));
    }

    /** What becomes free when the books are let go. */
    private static double accountBytes(ScratchLedger ledger) {
        List<Books> held = new ArrayList<>(List.of(ledger.fold()));
        long accounts = held.getFirst().accounts();
        long tables = 0;
        for (ShardBooks shard : held.getFirst().shards()) {
            AuditShard state = shard.state();
            tables += state.commands().bytes()
                    + state.receipts().bytes()
                    + state.endedHolds().bytes();
        }
        long with = used();
        held.clear();
        long without = used();
        return (with - without - tables) / (double) accounts;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static ScratchLedger ledger(int transfers, int accounts, int shards) {
        ScratchLedger ledger = new ScratchLedger(shards, 604_800_000L, 50_000_000L);
        ledger.define("GOLD", 2);
        for (int i = 0; i < accounts; i++) {
            ledger.submitUndelivered(new Command.OpenAccount("open-" + i, account(i), AccountLimits.DEFAULT, Map.of()));
            ledger.submitUndelivered(new Command.Mint("mint-" + i, "GOLD", account(i), Amount.of(1_000_000), Map.of()));
        }
        ledger.deliver();
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < transfers; i++) {
            String from = account(random.nextInt(accounts));
            String to = account(random.nextInt(accounts));
            ledger.submitUndelivered(new Command.Transfer(
                    "01920000-0000-7000-8000-%012d".formatted(i),
                    "GOLD",
                    from,
                    to,
                    Amount.of(random.nextInt(1, 500)),
                    "",
                    Map.of()));
            if (i % 100 == 0) {
                ledger.deliver();
            }
        }
        ledger.deliver();
        return ledger;
    }

    private static String account(int number) {
        return "user-%07d".formatted(number);
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
