package io.pacioli.ledger.app.client;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.core.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ledger command}. */
@Command(
        name = "command",
        description = {
            "Send any command as JSON and print its outcome.",
            "Such as:",
            "  echo '{\"type\":\"Transfer\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"1250\"}' |"
                    + " ledger command -",
            "Amounts are in minor units. Without an \"id\" in the JSON the command gets that of --id, or a new one."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class SubmitCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A file that holds one JSON object; - for standard input.")
    private String file;

    /** For picocli. */
    public SubmitCommand() {}

    @Override
    public Integer call() {
        byte[] json = read();
        io.pacioli.ledger.core.Command command;
        try {
            command = CommandCodec.decode(json);
        } catch (MalformedException e) {
            if (!e.field().equals("id")) {
                throw e;
            }
            command = CommandCodec.decode(json, options.id());
        }
        try (ApiClient api = options.client().connect()) {
            return options.submit(api, command, command.type() + " " + command.id(), null);
        }
    }

    private byte[] read() {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            return in.readNBytes(CommandCodec.BYTES_MAX + 1);
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, e);
        }
    }
}
