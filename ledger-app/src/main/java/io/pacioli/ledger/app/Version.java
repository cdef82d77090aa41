package io.pacioli.ledger.app;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of the command line, from the manifest of its jar. */
public final class Version implements IVersionProvider {
    /** For picocli. */
    public Version() {}

    /** Such as {@code 0.1.0-SNAPSHOT}; {@code unpackaged} when it does not run from its jar. */
    public static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "unpackaged");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"ledger " + text(), "Java " + Runtime.version()};
    }
}
