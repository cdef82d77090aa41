package io.pacioli.ledger.projection.redis;

/** The store cannot answer now: it is away, empty or being rebuilt. Asking again later may help. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String detail;

    StoreUnavailableException(String code, String message) {
        super(message);
        this.code = code;
        this.detail = message;
    }

    StoreUnavailableException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.detail = message;
    }

    /**
     * Why, for programs: {@code STORE_UNAVAILABLE}, {@code STORE_EMPTY}, {@code STORE_REBUILDING}, {@code STORE_TOO_NEW},
     * {@code STORE_OF_ANOTHER_JOURNAL} or {@code STORE_DAMAGED}.
     */
    public String code() {
        return code;
    }

    /** Why, for people. */
    public String detail() {
        return detail;
    }
}
