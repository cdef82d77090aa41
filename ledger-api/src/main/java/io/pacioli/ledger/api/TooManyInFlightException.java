package io.pacioli.ledger.api;

/** As many commands as the client may have in flight wait for their outcome. Nothing was sent: try again later. */
public final class TooManyInFlightException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyInFlightException(int inFlightMax) {
        super("must wait for earlier outcomes first: in flight " + inFlightMax);
    }
}
