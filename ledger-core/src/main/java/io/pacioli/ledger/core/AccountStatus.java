package io.pacioli.ledger.core;

/** Whether an account may pay and be paid. */
public enum AccountStatus {
    /** It may do both. */
    OPEN,
    /** It may do neither, until it is unfrozen. */
    FROZEN,
    /** It is at zero and may do neither, until it is opened again. */
    CLOSED
}
