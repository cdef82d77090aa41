package io.pacioli.ledger.core;

/**
 * A command that came before its time.
 *
 * @param command it
 * @param fingerprint of its content
 */
public record Deferral(Command.Transfer command, Fingerprint fingerprint) {}
