package io.pacioli.ledger.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Results for people, in Markdown: where and how it was measured, the tables, and what each system says of itself. */
final class ResultsReport {
    private ResultsReport() {}

    /** The whole report. */
    static List<String> write(Results results) {
        List<String> report = new ArrayList<>();
        report.add("# The ledger beside PostgreSQL alone and Redis alone");
        report.add("");
        report.add("Begun at " + results.startedAt() + ".");
        report.addAll(method(results.machine(), results.settings(), results.acrossShards()));
        report.add("");
        report.add("## As fast as they go");
        report.addAll(ResultsTable.throughput(results));
        report.add("");
        report.add("Medians of the rounds. \"× PostgreSQL\" is the median as a multiple of that of " + Results.POSTGRES
                + ", \"× Redis\" of that of " + Results.REDIS + ", \"× uniform\" of its own in the first workload.");
        report.add(
                "CPU is of all processes, the load generator included, up to the last stage. Bytes written are those that the machine's disks"
                        + " got, all that waited in memory included.");
        report.add("");
        report.add("## Where the processor time goes");
        report.addAll(ResultsTable.parts(results));
        report.add("");
        report.add(
                "Medians of the rounds. The client is whatever sends and waits; the reader of the benchmark counts what is in the journal;"
                        + " RocksDB in the background writes and merges the files of the processor's state; the rest of this process, which has"
                        + " the client and, for the ledger, the processor, is the virtual machine itself, and what threads did that have"
                        + " ended, as those of PostgreSQL's clients have.");
        report.add("");
        report.add("## Latency at fixed rates");
        report.addAll(ResultsTable.latencies(results));
        report.add("");
        report.add(
                "Measured once, in the last round, in milliseconds; the first workload. Each system also at half of its own median"
                        + " rate; rates that are more than its median are left out.");
        report.add("");
        report.add("## How far projections are behind the journal");
        report.addAll(ResultsTable.lags(results));
        report.add("");
        report.add("## Settings");
        results.systems().forEach((name, settings) -> report.add("- " + name + ": " + told(settings)));
        return report;
    }

    /** Where and how it is measured. */
    static List<String> method(
            Machine machine, ComparisonSettings settings, SequencedMap<String, Double> acrossShards) {
        List<String> method = new ArrayList<>();
        method.add(String.format(
                Locale.ROOT,
                "- %d cores (%s), %,d MB, %s, data on %s, %s, revision %s",
                machine.cores(),
                machine.cpu(),
                machine.memoryMegabytes(),
                machine.kernel(),
                machine.fileSystem(),
                machine.jvm(),
                machine.revision()));
        method.add(String.format(
                Locale.ROOT,
                "- the systems take turns in %d rounds, one at a time, on fresh data, with their clients on the same cores; %,d accounts,"
                        + " balances are checked, ids are unique",
                settings.rounds(),
                settings.accounts()));
        method.add(String.format(
                Locale.ROOT,
                "- each turn begins with %d s of a load that do not count, each run with %d; then %d s of sending and the time until all of it"
                        + " is done count; starting, funding and stopping are left out",
                settings.firstWarmUpSeconds(),
                settings.warmUpSeconds(),
                settings.seconds()));
        method.add(
                "- PostgreSQL and Redis answer when their settings below say; the ledger's one broker leaves it to the kernel when"
                        + " records reach the disk, and its projection in PostgreSQL commits to the disk");
        acrossShards.forEach((workload, share) -> method.add(String.format(
                Locale.ROOT,
                "- %s: %.0f%% of the transfers are between two of the ledger's %d shards",
                workload,
                share * 100,
                settings.shards())));
        method.add(
                "- latency runs from when a request was due, whether or not the sender kept up (no coordinated omission: Gil Tene)");
        return method;
    }

    /** What a system says of itself, in one line. */
    static String told(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " " + (setting.getValue().isEmpty() ? "''" : setting.getValue()))
                .collect(Collectors.joining("; "));
    }
}
