package io.pacioli.ledger.api;

/** A file does not hold the key that it should. The message is one line and names the file, never what is in it. */
public final class KeyFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyFileException(String message) {
        super(message);
    }

    KeyFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
