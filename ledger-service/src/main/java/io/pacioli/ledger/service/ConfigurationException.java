package io.pacioli.ledger.service;

/** A setting is missing or malformed; the message is one line that names the setting, the rule and, unless it may be a secret, the value. */
public final class ConfigurationException extends ServiceException {
    private static final long serialVersionUID = 1L;

    /** @param message one line that names the setting and the rule */
    public ConfigurationException(String message) {
        super(message);
    }

    /**
     * @param message one line that names the setting and the rule
     * @param cause what led to it
     */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
