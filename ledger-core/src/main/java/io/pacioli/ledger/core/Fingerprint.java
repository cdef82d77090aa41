package io.pacioli.ledger.core;

/** The first 128 bits of the SHA-256 of a command's canonical content: tells a repeated command from a reused id. */
public record Fingerprint(long high, long low) {}
