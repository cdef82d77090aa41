package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Router;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What clients have asked for, each by itself and with ids that no other has, and what they heard of it. Thread safe. */
final class ClientLog {
    private final Router router;
    private final Map<String, List<Asked>> byId = new ConcurrentHashMap<>();

    ClientLog(Router router) {
        this.router = router;
    }

    /** A client is about to send a command, for the first time or again. */
    Asked ask(Command command) {
        Fingerprint fingerprint = CommandCodec.fingerprint(command);
        int shard = router.shardOf(command.account());
        List<Asked> all = byId.compute(command.id(), (id, before) -> {
            List<Asked> known = before == null ? List.of() : before;
            if (find(known, shard, fingerprint) != null) {
                return known;
            }
            List<Asked> more = new ArrayList<>(known);
            more.add(new Asked(command, fingerprint, shard, System.nanoTime()));
            return List.copyOf(more);
        });
        Asked asked = Objects.requireNonNull(find(all, shard, fingerprint));
        asked.send();
        return asked;
    }

    /** All commands that were sent with an id. */
    List<Asked> withId(String id) {
        return byId.getOrDefault(id, List.of());
    }

    /** All commands. */
    Stream<Asked> all() {
        return byId.values().stream().flatMap(Collection::stream);
    }

    static @Nullable Asked find(List<Asked> all, int shard, Fingerprint fingerprint) {
        return all.stream()
                .filter(asked -> asked.shard() == shard && asked.fingerprint().equals(fingerprint))
                .findFirst()
                .orElse(null);
    }
}
