package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A replay that decides everything again: the journal says in which order a shard took its inputs, the topics of commands and messages say
 * what those were, the ledger's own rules say what they lead to, and that must be what the journal says next, byte for byte.
 *
 * <p>Inputs that led to no entry must have a reason: a command that was repeated, passed on or malformed, a tick, a message that came
 * twice.
 */
final class DecidingReplay extends ShardReplay {
    private final Inflow commands;
    private final Inflow transit;
    private final CommandCursor cursor;
    private final InputCounts counts = new InputCounts();

    private InputListener listener = InputListener.NONE;

    /** What an input has led to and is not compared to its end; null between two inputs. */
    private @Nullable OpenDecision open;

    /** The entries before the next one that were decided because they were due, without another in between. */
    private int dueInARow;

    /** A time that the journal has reached and no input that was used so far has; -1 when there is none. */
    private long unprovenMillis;

    private long unprovenSequence;

    /** The last message of the transit partition that was compared with what was sent. */
    private long seenTo;

    DecidingReplay(
            ShardFold fold,
            AuditContext context,
            Inflow journal,
            Inflow commands,
            Inflow transit,
            CheckpointTrail checkpoints,
            ShardSnapshot.Standing standing) {
        super(fold, context, journal, checkpoints);
        this.commands = commands;
        this.transit = transit;
        cursor = new CommandCursor(commands, this::read, this::meet);
        seenTo = transit.usedTo();
        dueInARow = standing.dueInARow();
        unprovenMillis = standing.unprovenMillis();
        unprovenSequence = standing.unprovenSequence();
    }

    /** Kinds of inputs, by what is to be done when one is through. */
    private enum Kind {
        COMMAND,
        MESSAGE,
        DUE,
        CONFIGURATION
    }

    private static final class OpenDecision {
        private final Decision.Journaled decision;
        private final Input input;
        private final Kind kind;
        private int next;

        OpenDecision(Decision.Journaled decision, Input input, Kind kind) {
            this.decision = decision;
            this.input = input;
            this.kind = kind;
        }
    }

    /** Tells of every input from now on. */
    void listen(InputListener newListener) {
        listener = newListener;
    }

    InputCounts counts() {
        return counts;
    }

    @Override
    ShardSnapshot.Standing standing() {
        return new ShardSnapshot.Standing(dueInARow, unprovenMillis, unprovenSequence);
    }

    @Override
    boolean isBetweenInputs() {
        return open == null && !cursor.isWithinRecord();
    }

    @Override
    List<Inflow> inflows() {
        return List.of(journal(), commands, transit);
    }

    @Override
    boolean step() {
        ConsumerRecord<byte[], byte[]> record = journal().peek();
        if (record == null) {
            return journal().isExhausted() && atEnd();
        }
        try {
            return open == null ? step(record) : compare(open, record);
        } catch (InvariantViolation e) {
            stop(fold().found(Finding.Kind.RULE, record.offset(), null, String.valueOf(e.getMessage()), "", ""));
            return true;
        }
    }

    private boolean step(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] bytes = record.value();
        String cause = bytes == null ? null : EntryScan.cause(bytes, books().sequence() + 1);
        if (cause == null) {
            // Not the next one as the ledger writes it: look closer, and if it is, go on with what it says.
            JournalRecord journal = decode(record);
            if (journal == null) {
                return true;
            }
            cause = journal.entry().cause();
        }
        return step(record, cause);
    }

    private boolean step(ConsumerRecord<byte[], byte[]> record, String text) {
        Cause cause;
        try {
            cause = Cause.parse(text);
        } catch (MalformedException e) {
            return withoutInput(record, -1, false);
        }
        if (cause instanceof Cause.OfRecord place
                && isHere(place, context().topics().commands())) {
            return commandStep(record, place);
        }
        finishBatch(record.offset());
        return switch (cause) {
            case Cause.OfRecord place ->
                (isHere(place, context().topics().transit()) && place.index() == Cause.NO_INDEX)
                        ? transitStep(record, place.offset())
                        : withoutInput(record, -1, false);
            case Cause.OfConfiguration configuration -> configurationStep(record);
            case Cause.OfDue due -> dueStep(record, due.atMillis());
        };
    }

    private boolean isHere(Cause.OfRecord place, String topic) {
        return place.partition() == books().shard() && place.topic().equals(topic);
    }

    private boolean commandStep(ConsumerRecord<byte[], byte[]> record, Cause.OfRecord place) {
        CommandRecord.Part command = cursor.peek();
        while (command != null && compare(cursor.offset(), command.index(), place) < 0) {
            pass(command, record.offset());
            command = cursor.peek();
        }
        if (command == null && !commands.isRead()) {
            return false;
        }
        if (command == null || compare(cursor.offset(), command.index(), place) > 0) {
            boolean isUsed = place.offset() < commands.usedTo()
                    || (cursor.isWithinRecord() && place.offset() == cursor.offset());
            return withoutInput(record, place.offset(), isUsed);
        }
        if (!(command.what() instanceof CommandRecord.Own own)) {
            cursor.take();
            return withoutInput(record, place.offset(), false);
        }
        return decide(record, own.input(), Kind.COMMAND);
    }

    private static int compare(long offset, int index, Cause.OfRecord place) {
        int order = Long.compare(offset, place.offset());
        return order != 0 ? order : Integer.compare(index, place.index());
    }

    private boolean transitStep(ConsumerRecord<byte[], byte[]> record, long offset) {
        ConsumerRecord<byte[], byte[]> message = transit.peek();
        while (message != null && message.offset() < offset) {
            passMessage(transit.take());
            message = transit.peek();
        }
        if (message == null && !transit.isRead()) {
            return false;
        }
        if (message == null || message.offset() > offset) {
            return withoutInput(record, offset, offset < transit.usedTo() && offset >= 0);
        }
        Transit decoded = seen(message);
        if (decoded == null) {
            transit.take();
            return withoutInput(record, offset, false);
        }
        String cause = place(message);
        return decide(record, new Input.TransitInput(decoded, cause, message.timestamp()), Kind.MESSAGE);
    }

    /** Settings are the operator's and on no topic: what must follow from them is decided again all the same. */
    private boolean configurationStep(ConsumerRecord<byte[], byte[]> record) {
        JournalRecord journal = decode(record);
        if (journal == null) {
            return true;
        }
        if (!(journal.entry().event() instanceof Event.ShardConfigured configured)) {
            return withoutInput(record, -1, false);
        }
        ShardConfiguration configuration = configured.configuration();
        long atMillis = journal.entry().atMillis();
        notYetProven(atMillis);
        Input input =
                new Input.ConfigurationInput(configuration, journal.entry().cause(), atMillis);
        return decide(record, input, Kind.CONFIGURATION);
    }

    private boolean dueStep(ConsumerRecord<byte[], byte[]> record, long atMillis) {
        Due first = books().state().firstDue();
        if (first == null || first.atMillis() != atMillis) {
            stop(fold().found(
                            Finding.Kind.DECISION,
                            record.offset(),
                            null,
                            "what an entry says was due must be the first that is due",
                            first == null ? "" : first.toString(),
                            "due@" + atMillis));
            return true;
        }
        notYetProven(atMillis);
        return decide(record, new Input.DueInput(first), Kind.DUE);
    }

    /** Decides an input, whose entries are then compared with the journal. */
    private boolean decide(ConsumerRecord<byte[], byte[]> record, Input input, Kind kind) {
        // What was due was decided before a batch as a whole.
        boolean isFirst = kind == Kind.MESSAGE || (kind == Kind.COMMAND && !cursor.hasDecided());
        if (isFirst && dueInARow < Ledger.DUE_PER_INPUT_MAX) {
            Input.DueInput due = Ledger.due(books().state(), input.atMillis());
            if (due != null) {
                String rule = "what is due must be decided before " + input.cause();
                return refute(record, rule, due.due().toString(), "");
            }
        }
        return switch (context().ledger().decide(input, books().state())) {
            case Decision.Journaled journaled -> {
                open = new OpenDecision(journaled, input, kind);
                yield compare(open, record);
            }
            case Decision.Repeated repeated ->
                refute(
                        record,
                        input.cause() + " repeats a command that has its outcome and must not get another",
                        "no entry after " + repeated.outcome().position(),
                        "an entry");
            case Decision.Ignored ignored ->
                refute(record, input.cause() + " has no effect and must not have an entry", "no entry", "an entry");
        };
    }

    private boolean refute(ConsumerRecord<byte[], byte[]> record, String rule, String expected, String found) {
        stop(fold().found(Finding.Kind.DECISION, record.offset(), null, rule, expected, found));
        return true;
    }

    /** Compares the next entry of a decision with the next record. */
    private boolean compare(OpenDecision decided, ConsumerRecord<byte[], byte[]> record) {
        List<Entry> entries = decided.decision.entries();
        Entry entry = entries.get(decided.next);
        SealedEntry sealed = JournalCodec.encode(entry, books().last());
        Hash hash = sealed.hash();
        if (!Arrays.equals(sealed.bytes(), record.value())) {
            Finding fault = difference(entry, record);
            if (fault != null) {
                stop(fault);
                return true;
            }
            hash = JournalCodec.decode(record.value()).hash();
        }
        books().apply(entry, hash, record.value(), record.offset());
        journal().take();
        if (++decided.next == entries.size()) {
            open = null;
            close(decided);
            passRepeated(record.offset());
        }
        applied();
        return true;
    }

    /** All that an input has led to is in the journal. */
    private void close(OpenDecision decided) {
        for (Transit message : decided.decision.transit()) {
            context().channels().sent(message, TransitCodec.encode(message), books().sequence());
        }
        int before = dueInARow;
        dueInARow = 0;
        switch (decided.kind) {
            case COMMAND -> {
                cursor.decided();
                cursor.take();
                counts.decided++;
                prove(decided.input.atMillis());
                checkProven();
                books().commandDecided();
                if (decided.input instanceof Input.CommandInput input) {
                    noteId(input.command().id());
                }
            }
            case MESSAGE -> {
                transit.take();
                counts.messages++;
                prove(decided.input.atMillis());
            }
            case DUE -> {
                counts.due++;
                dueInARow = before + 1;
            }
            case CONFIGURATION -> {}
        }
        listener.decided(decided.input, decided.decision);
    }

    /** The commands of a batch behind the one that was decided: up to the next that must lead to something they lead to nothing. */
    private void passRepeated(long journalOffset) {
        while (cursor.isWithinRecord()) {
            CommandRecord.Part part = Objects.requireNonNull(cursor.peek(), "a batch is here as a whole");
            if (part.what() instanceof CommandRecord.Own own && !books().remembers(own.input())) {
                return;
            }
            pass(part, journalOffset);
        }
    }

    /** A transaction of the broker has all that a batch leads to: where the journal goes on otherwise, the rest has no outcome. */
    private void finishBatch(long journalOffset) {
        while (cursor.isWithinRecord()) {
            pass(Objects.requireNonNull(cursor.peek(), "a batch is here as a whole"), journalOffset);
        }
    }

    private boolean atEnd() {
        if (cursor.isWithinRecord() && open == null) {
            finishBatch(Finding.NO_OFFSET);
            return true;
        }
        return open != null && cutShort(open);
    }

    /** A transaction of the broker is all or nothing, so a decision is never journaled in part. */
    private boolean cutShort(OpenDecision decided) {
        String rule = "all that " + decided.input.cause() + " leads to must be journaled";
        String expected = decided.decision.entries().get(decided.next).event().type();
        stop(fold().found(Finding.Kind.DECISION, Finding.NO_OFFSET, null, rule, expected, "the end of the journal"));
        return true;
    }

    /** What keeps a record from being the one of an entry; null when it only spells it in another way. */
    private @Nullable Finding difference(Entry expected, ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] bytes = record.value();
        long offset = record.offset();
        if (bytes == null) {
            return fold().chain(offset, "a record must have a value", "", "");
        }
        JournalRecord journal;
        try {
            journal = JournalCodec.decode(bytes);
        } catch (MalformedException | InvariantViolation e) {
            return fold().chain(offset, String.valueOf(e.getMessage()), "", "");
        }
        if (journal.entry().sequence() != expected.sequence()) {
            return fold().misplaced(journal, offset);
        }
        EntryDifference difference = EntryDifference.of(expected, journal.entry());
        boolean isIntact = JournalCodec.isIntact(bytes);
        if (difference != null) {
            String rule = isIntact
                    ? difference.what() + " must be what the ledger decides for " + expected.cause()
                    : difference.what() + " was changed after the record was sealed";
            return fold().found(
                            isIntact ? Finding.Kind.DECISION : Finding.Kind.CHAIN,
                            offset,
                            difference.account(),
                            rule,
                            difference.expected(),
                            difference.found());
        }
        if (!isIntact) {
            return fold().chain(
                            offset,
                            "a record's hash must be that of its content",
                            "",
                            journal.hash().hex());
        }
        return fold().misplaced(journal, offset);
    }

    /** The record, decoded and found to be the next one; null when it is not and the shard has stopped. */
    private @Nullable JournalRecord decode(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] bytes = record.value();
        Finding fault;
        if (bytes == null) {
            fault = fold().chain(record.offset(), "a record must have a value", "", "");
        } else {
            try {
                JournalRecord journal = JournalCodec.decode(bytes);
                fault = fold().misplaced(journal, record.offset());
                if (fault == null) {
                    return journal;
                }
            } catch (MalformedException | InvariantViolation e) {
                fault = fold().chain(record.offset(), String.valueOf(e.getMessage()), "", "");
            }
        }
        stop(fault);
        return null;
    }

    /** The next entry names an input that is not there, or is no input, or led to an entry before. */
    private boolean withoutInput(ConsumerRecord<byte[], byte[]> record, long inputOffset, boolean used) {
        JournalRecord journal = decode(record);
        if (journal == null) {
            return true;
        }
        String cause = journal.entry().cause();
        String rule = used
                ? cause + " has led to what it leads to, or to nothing, and must not lead to more"
                : "its cause must be an input of this shard";
        stop(fold().found(
                        Finding.Kind.OUTCOME_WITHOUT_COMMAND,
                        record.offset(),
                        null,
                        rule,
                        inputOffset < 0 ? "" : "a record at offset " + inputOffset + " that is still to be decided",
                        cause + " for command " + journal.entry().commandId()));
        return true;
    }

    /** The next command, which the shard went past without an entry. */
    private void pass(CommandRecord.Part part, long journalOffset) {
        ConsumerRecord<byte[], byte[]> record = cursor.take();
        prove(record.timestamp());
        listener.passed(record.timestamp(), part.what());
        switch (part.what()) {
            case CommandRecord.OfTick tick -> counts.ticks++;
            case CommandRecord.Malformed malformed -> {
                counts.malformed++;
                String rule = part.cause() + " is no command and must have its dead letter";
                Finding missing = withoutOutcome(record, journalOffset, rule, "a dead letter", "");
                context().deadLetters().expect(part.cause(), record.timestamp(), missing);
            }
            case CommandRecord.Misrouted misrouted -> {
                counts.misrouted++;
                String rule = part.cause() + " must have been passed on to shard " + misrouted.home();
                Finding missing = withoutOutcome(record, journalOffset, rule, "", "");
                byte[] value = Objects.requireNonNull(part.value(), "a command has a value");
                context().forwards().expect(part.cause(), value, misrouted.home(), missing);
            }
            case CommandRecord.Own own -> {
                if (books().remembers(own.input())) {
                    counts.repeated++;
                } else {
                    String rule = "command " + own.input().command().id() + " of " + part.cause()
                            + " must have an outcome before that of the command behind it";
                    context()
                            .findings()
                            .add(withoutOutcome(
                                    record,
                                    journalOffset,
                                    rule,
                                    "an entry for " + own.input().command().type(),
                                    ""));
                }
            }
        }
    }

    private Finding withoutOutcome(
            ConsumerRecord<byte[], byte[]> record, long journalOffset, String rule, String expected, String found) {
        Finding place = fold().found(Finding.Kind.COMMAND_WITHOUT_OUTCOME, journalOffset, null, rule, expected, found);
        return new Finding(
                place.kind(),
                record.topic(),
                place.shard(),
                place.sequence(),
                record.offset(),
                place.atMillis(),
                null,
                rule,
                expected,
                found);
    }

    /** A message that the shard went past without an entry: it must have had its effect before. */
    private void passMessage(ConsumerRecord<byte[], byte[]> record) {
        prove(record.timestamp());
        Transit message = seen(record);
        if (message != null
                && message.number() > books().state().channel(message.from()).received()) {
            context()
                    .findings()
                    .add(new Finding(
                            Finding.Kind.MESSAGE,
                            record.topic(),
                            books().shard(),
                            books().sequence() + 1,
                            record.offset(),
                            books().atMillis(),
                            null,
                            "message " + message.number() + " from shard " + message.from()
                                    + " must have had its effect before the one behind it",
                            "an entry for " + message.type(),
                            ""));
        }
    }

    /** Reads a message and, the first time, compares it with what was sent. Null when it is none, which is a finding. */
    private @Nullable Transit seen(ConsumerRecord<byte[], byte[]> record) {
        boolean isNew = record.offset() >= seenTo;
        seenTo = Math.max(seenTo, record.offset() + 1);
        try {
            if (record.value() == null) {
                throw new MalformedException("record", "must have a value", "null");
            }
            Transit message = TransitCodec.decode(record.value());
            if (isNew) {
                context()
                        .channels()
                        .seen(message, record.value(), record.partition(), record.offset(), record.timestamp());
            }
            return message;
        } catch (MalformedException e) {
            if (isNew) {
                context()
                        .findings()
                        .add(new Finding(
                                Finding.Kind.MESSAGE,
                                record.topic(),
                                books().shard(),
                                books().sequence() + 1,
                                record.offset(),
                                books().atMillis(),
                                null,
                                String.valueOf(e.getMessage()),
                                "",
                                ""));
            }
            return null;
        }
    }

    Inflow commands() {
        return commands;
    }

    Inflow transit() {
        return transit;
    }

    /** Looks at a message that no entry has used yet. */
    void scan(ConsumerRecord<byte[], byte[]> record) {
        prove(record.timestamp());
        seen(record);
    }

    /** Looks at a command that no entry has used yet. Nothing is replayed after that. */
    void ahead(ConsumerRecord<byte[], byte[]> record) {
        prove(record.timestamp());
        meet(record);
        for (CommandRecord.Part part : read(record)) {
            if (part.what() instanceof CommandRecord.Own own && !books().remembers(own.input())) {
                counts.ahead(record.timestamp());
            }
        }
    }

    /** All inputs were looked at. */
    void finish() {
        if (!isStopped()) {
            checkProven();
        }
    }

    /** Meets a command that was passed on to this shard, wherever it stands. */
    void meet(ConsumerRecord<byte[], byte[]> record) {
        if (record.headers().lastHeader(Headers.FORWARDED_FROM) != null && record.value() != null) {
            String from = Headers.text(record.headers(), Headers.FORWARDED_FROM);
            context().forwards().meet(from == null ? "" : from, record.value(), books().shard());
        }
    }

    private void noteId(String id) {
        int other = context().usedIds().use(context().hash().of(id), books().shard());
        if (other >= 0) {
            context()
                    .findings()
                    .add(new Finding(
                            Finding.Kind.ID_ON_TWO_SHARDS,
                            context().topics().journal(),
                            books().shard(),
                            books().sequence(),
                            Finding.NO_OFFSET,
                            books().atMillis(),
                            null,
                            "an id is known on the shard of its command only: " + id + " was used on shard " + other
                                    + " too",
                            "",
                            ""));
        }
    }

    private List<CommandRecord.Part> read(ConsumerRecord<byte[], byte[]> record) {
        return CommandRecord.read(
                record.key(),
                record.value(),
                record.headers(),
                place(record),
                record.timestamp(),
                books().shard(),
                context().router());
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return Cause.of(record.topic(), record.partition(), record.offset());
    }

    /** The journal goes to a time that some input which is used before long must have. */
    private void notYetProven(long atMillis) {
        if (atMillis > Math.max(books().atMillis(), unprovenMillis)) {
            unprovenMillis = atMillis;
            unprovenSequence = books().sequence() + 1;
        }
    }

    private void prove(long inputMillis) {
        if (inputMillis >= unprovenMillis) {
            unprovenMillis = -1;
        }
    }

    /** All inputs that can have moved the time on have been used. */
    private void checkProven() {
        if (unprovenMillis >= 0) {
            context()
                    .findings()
                    .add(new Finding(
                            Finding.Kind.DECISION,
                            context().topics().journal(),
                            books().shard(),
                            unprovenSequence,
                            Finding.NO_OFFSET,
                            unprovenMillis,
                            null,
                            "an entry must not be of a time that no input had",
                            "",
                            Long.toString(unprovenMillis)));
            unprovenMillis = -1;
        }
    }
}
