package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Asked.Heard;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.TransferTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what clients have heard against the journal: an acknowledged command is there once, with the acknowledged outcome at the
 * acknowledged position; one that was not acknowledged is there once at most; nothing is there that nobody asked for; a transfer is what was
 * asked for; what has to wait does not wait for ever; and what was acknowledged before something else was sent comes before it in the journal
 * of its shard. Not thread safe.
 */
final class RecordCheck {
    private static final String TRANSFER = Command.Transfer.class.getSimpleName();

    private final ClientLog log;
    private final Violations violations;
    private final Map<Asked, Decided> decided = new HashMap<>();

    /** Rejections of commands whose id belonged to another one, by id. */
    private final Map<String, List<Heard>> conflicts = new HashMap<>();

    /** Of the commands so far in each shard's journal, the one that was sent last. */
    private final Map<Integer, Asked> lastSent = new HashMap<>();

    /** The time of each shard's last entry, in milliseconds. */
    private final Map<Integer, Long> lastMillis = new HashMap<>();

    private long entries;

    /** What the journal has of a command. */
    private static final class Decided {
        private @Nullable Heard pending;
        private @Nullable Heard outcome;
        private String cause = "";

        /** An asset and its first supply are one decision of two entries, of which the last is the outcome. */
        private boolean isContinuedBy(Heard found, String foundCause) {
            return outcome != null
                    && outcome.what().equals("AssetDefined")
                    && outcome.sequence() + 1 == found.sequence()
                    && cause.equals(foundCause);
        }
    }

    RecordCheck(ClientLog log, Violations violations) {
        this.log = log;
        this.violations = violations;
    }

    /** The next entry of a shard's journal. */
    void entry(Entry entry) {
        entries++;
        lastMillis.put(entry.shard(), entry.atMillis());
        String id = entry.commandId();
        if (id == null) {
            return;
        }
        Heard found = new Heard(what(entry), entry.shard(), entry.sequence());
        Fingerprint fingerprint = entry.fingerprint();
        if (fingerprint != null) {
            outcome(id, fingerprint, found, entry);
        } else if (found.isConflict()) {
            boolean isTaken = log.withId(id).stream()
                    .anyMatch(asked -> asked.shard() == found.shard() && decided.containsKey(asked));
            if (!isTaken) {
                violations.add("no other command had the id " + id + ", and the journal says so: " + found);
            }
            conflicts.computeIfAbsent(id, absent -> new ArrayList<>()).add(found);
        }
    }

    private void outcome(String id, Fingerprint fingerprint, Heard found, Entry entry) {
        String cause = entry.cause();
        Asked asked = ClientLog.find(log.withId(id), found.shard(), fingerprint);
        if (asked == null) {
            violations.add("nobody sent the command " + id + " that is in the journal: " + found);
            return;
        }
        requireRealOrder(asked, found);
        requireAsAsked(asked, entry);
        Decided before = decided.computeIfAbsent(asked, absent -> new Decided());
        Heard same = found.isPending() ? before.pending : before.outcome;
        if (same != null && !before.isContinuedBy(found, cause)) {
            violations.add(asked + " is in the journal twice: " + same + " and " + found);
        } else if (found.isPending()) {
            before.pending = found;
        } else {
            before.outcome = found;
            before.cause = cause;
        }
    }

    private void requireRealOrder(Asked asked, Heard found) {
        Asked last = lastSent.get(found.shard());
        if (last != null && asked.wasHeardBefore(found, last)) {
            violations.add(asked + " was acknowledged before " + last + " was sent, and comes after it in the journal: "
                    + found);
        }
        if (last == null || asked.firstSentNanos() - last.firstSentNanos() > 0) {
            lastSent.put(found.shard(), asked);
        }
    }

    private void requireAsAsked(Asked asked, Entry entry) {
        Command.Transfer wanted = asked.transfer();
        TransferTerms terms = switch (entry.event()) {
            case Event.TransferPosted posted -> posted.terms();
            case Event.TransferSent sent -> sent.terms();
            default -> null;
        };
        if (wanted != null
                && terms != null
                && !(wanted.asset().equals(terms.asset())
                        && wanted.from().equals(terms.from())
                        && wanted.to().equals(terms.to())
                        && wanted.amount().equals(terms.amount()))) {
            violations.add("asked for was " + wanted + ", and the journal has " + terms + " at " + entry.position());
        }
    }

    /** A transfer may wait until its time; everything else that waits has been decided when all has settled. */
    private boolean waitsForItsTime(Asked asked) {
        Command.Transfer transfer = asked.transfer();
        Long notBefore = transfer == null ? null : transfer.conditions().notBeforeMillis();
        return notBefore != null && notBefore >= lastMillis.getOrDefault(asked.shard(), 0L);
    }

    private static String what(Entry entry) {
        Event event = entry.event();
        return switch (event) {
            case Event.CommandRejected rejected ->
                Asked.REJECTED + rejected.rejected().code();
            default -> event.isPending() ? Asked.PENDING + event.type() : event.type();
        };
    }

    /** The journal has been read to its end: compares every command that was sent. */
    Figures finish() {
        Figures figures = new Figures();
        log.all().forEach(asked -> compare(asked, figures));
        figures.entries = entries;
        return figures;
    }

    private void compare(Asked asked, Figures figures) {
        Decided found = decided.getOrDefault(asked, new Decided());
        List<Heard> heard = asked.heard();
        if (found.pending != null && found.outcome == null && !waitsForItsTime(asked)) {
            violations.add(asked + " waits for ever: " + found.pending);
        }
        boolean isThere = found.outcome != null || found.pending != null;
        for (Heard one : heard) {
            if (one.isConflict()) {
                if (isThere) {
                    violations.add(asked + " is in the journal, and was acknowledged as " + one);
                } else if (!conflicts.getOrDefault(asked.id(), List.of()).contains(one)) {
                    violations.add("acknowledged and not in the journal: " + asked + " " + one);
                }
                continue;
            }
            Heard there = one.isPending() ? found.pending : found.outcome;
            if (there == null) {
                violations.add("acknowledged and not in the journal: " + asked + " " + one);
            } else if (!there.equals(one)) {
                violations.add(asked + " was acknowledged as " + one + ", and the journal has " + there);
            }
        }
        figures.add(asked, heard, isThere);
    }

    /** What was sent and what became of it. */
    static final class Figures {
        private final Map<String, Long> byType = new HashMap<>();
        private final Map<String, Long> byOutcome = new HashMap<>();
        private long entries;
        private long commands;
        private long acknowledged;
        private long transfers;
        private long plainTransfers;
        private long repeated;
        private long unknownDecided;
        private long unknownNotThere;

        private void add(Asked asked, List<Heard> heard, boolean isThere) {
            commands++;
            byType.merge(asked.type(), 1L, Long::sum);
            if (asked.sent() > 1) {
                repeated++;
            }
            if (heard.isEmpty()) {
                byOutcome.merge("no answer", 1L, Long::sum);
                if (isThere) {
                    unknownDecided++;
                } else {
                    unknownNotThere++;
                }
            } else {
                acknowledged++;
                byOutcome.merge(heard.getLast().what(), 1L, Long::sum);
                if (asked.type().equals(TRANSFER) && heard.stream().anyMatch(Heard::isAccepted)) {
                    transfers++;
                    if (ChaosWorkload.isPlain(asked.id())) {
                        plainTransfers++;
                    }
                }
            }
        }

        Map<String, Long> byType() {
            return byType;
        }

        Map<String, Long> byOutcome() {
            return byOutcome;
        }

        /** Entries of the journal. */
        long entries() {
            return entries;
        }

        long commands() {
            return commands;
        }

        long acknowledged() {
            return acknowledged;
        }

        /** Transfers that were acknowledged as done. */
        long transfers() {
            return transfers;
        }

        /** Of these, the plain ones that {@link ChaosSettings#transfers} asks for. */
        long plainTransfers() {
            return plainTransfers;
        }

        /** Commands that were sent more than once. */
        long repeated() {
            return repeated;
        }

        /** Commands without an answer that took effect all the same. */
        long unknownDecided() {
            return unknownDecided;
        }

        /** Commands without an answer that are not in the journal. */
        long unknownNotThere() {
            return unknownNotThere;
        }
    }
}
