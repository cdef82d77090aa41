package io.pacioli.ledger.gateway;

import io.javalin.http.Context;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many commands that a client posts at once.
 *
 * @param items what it posted, in that order
 * @param waitMax how long the client wants to wait for the outcomes
 */
record BatchRequest(List<Item> items, Duration waitMax) {
    /** What stands in a batch. */
    sealed interface Item {}

    /** A well-formed command. */
    record Given(Command command) implements Item {}

    /** What is no command, and is not sent. */
    record Malformed(MalformedException reason) implements Item {}

    /** @throws ProblemException 400, 413 or 415 when the request holds no batch */
    static BatchRequest read(Context context, BodyRoom.Share share) {
        CommandRequest.checkMediaType(context);
        Duration wait = CommandRequest.waitMax(context);
        try {
            List<Item> items = new ArrayList<>();
            Batch.split(CommandRequest.body(context, share, Batch.BYTES_MAX)).forEach(json -> items.add(item(json)));
            return new BatchRequest(items, wait);
        } catch (MalformedException e) {
            throw new ProblemException(Problem.of(e));
        }
    }

    private static Item item(byte[] json) {
        try {
            return new Given(CommandCodec.decode(json));
        } catch (MalformedException e) {
            return new Malformed(e);
        }
    }

    /** Those that are to be sent. */
    List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Given given) {
                commands.add(given.command());
            }
        }
        return commands;
    }
}
