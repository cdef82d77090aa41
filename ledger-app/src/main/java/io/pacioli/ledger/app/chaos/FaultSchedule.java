package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Kind;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Draws the faults of a run before it begins: from a shuffled deck that has each kind for each role, and anew when that is used up, so
 * that a long run meets all of them. The same seed gives the same faults.
 */
final class FaultSchedule {
    private static final Duration OUTAGE_MIN = Duration.ofSeconds(1);
    private static final Duration OUTAGE_MAX = Duration.ofSeconds(10);

    /** Nothing happens in the last part of a run, so that clients see it recover; one in that many. */
    private static final int CALM_PART = 10;

    private record Card(Kind kind, List<Role> roles) {
        boolean isAmong(List<String> only) {
            String what = kind.title() + " " + roles.stream().map(Role::title).collect(Collectors.joining(" + "));
            return only.isEmpty() || only.stream().anyMatch(what::contains);
        }
    }

    private FaultSchedule() {}

    /**
     * Draws.
     *
     * @param shape whom it may happen to
     * @param duration of the load
     * @param quiet how long nothing happens at first
     * @param count how many
     * @param only parts of the words for what may happen, such as {@code kill -9 processor}; none for everything
     * @param without kinds that cannot be done here
     * @throws CommandFailure when there is nothing that may happen
     */
    static List<Fault> draw(
            long seed,
            StackShape shape,
            Duration duration,
            Duration quiet,
            int count,
            List<String> only,
            Set<Kind> without) {
        Random random = new Random(seed);
        List<Card> cards =
                cards(without).stream().filter(card -> card.isAmong(only)).toList();
        if (cards.isEmpty()) {
            throw new CommandFailure("no fault that can be done here is called " + String.join(" or ", only));
        }
        List<Card> deck = new ArrayList<>();
        List<Fault> faults = new ArrayList<>(count);
        Duration bad = duration.minus(duration.dividedBy(CALM_PART)).minus(quiet);
        long slotMillis = bad.toMillis() / Math.max(1, count);
        while (faults.size() < count) {
            if (deck.isEmpty()) {
                deck.addAll(cards);
                Collections.shuffle(deck, random);
            }
            Card card = deck.removeLast();
            int number = faults.size() + 1;
            List<Victim> victims = card.roles.stream()
                    .map(shape::all)
                    .map(processes -> processes.get(random.nextInt(processes.size())))
                    .toList();
            Duration due = quiet.plusMillis(slotMillis * (number - 1) + random.nextLong(slotMillis / 2 + 1));
            long outageMillis = random.nextLong(OUTAGE_MIN.toMillis(), OUTAGE_MAX.toMillis());
            faults.add(new Fault(number, due, card.kind, victims, Duration.ofMillis(outageMillis)));
        }
        return List.copyOf(faults);
    }

    private static List<Card> cards(Set<Kind> without) {
        List<Card> cards = new ArrayList<>();
        for (Role role : Role.values()) {
            for (Kind kind : List.of(Kind.KILL, Kind.PAUSE, Kind.RESTART, Kind.CUT_OFF)) {
                cards.add(new Card(kind, List.of(role)));
            }
        }
        cards.add(new Card(Kind.KILL_PAIR, List.of(Role.BROKER, Role.PROCESSOR)));
        cards.add(new Card(Kind.WIPE, List.of(Role.REDIS)));
        cards.add(new Card(Kind.CRASH, List.of(Role.POSTGRES)));
        cards.add(new Card(Kind.FILL_DISK, List.of(Role.POSTGRES)));
        cards.removeIf(card -> without.contains(card.kind));
        return cards;
    }
}
