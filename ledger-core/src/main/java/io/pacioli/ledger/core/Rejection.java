package io.pacioli.ledger.core;

/**
 * Why a command is rejected or a credit refused, named after the rule it protects and declared in the order in which the rules
 * are checked: a command that breaks several is rejected for the first. Codes are stable; new ones may come between old ones.
 */
public enum Rejection {
    /** The id was used before for a command with other content. */
    IDEMPOTENCY_CONFLICT("must not be used again for another command"),
    /** The amount is zero. */
    AMOUNT_MUST_BE_POSITIVE("must be more than zero"),
    /** A client named one of the ledger's own accounts. */
    ACCOUNT_MUST_NOT_BE_SYSTEM("must not be one of the ledger's own accounts, which start with @"),
    /** Payer and payee are the same account. */
    ACCOUNTS_MUST_BE_DIFFERENT("must differ from the account that pays"),
    /** A lowest balance is above zero. */
    LIMIT_MUST_NOT_BE_POSITIVE("must be zero, or negative for a credit line"),
    /** An initial supply without an account to hold it, or a holder without a supply. */
    INITIAL_SUPPLY_NEEDS_HOLDER("must be given together with initialHolder, or not at all"),
    /** The asset has a definition already. */
    ASSET_ALREADY_DEFINED("must not be defined already"),
    /** No such asset is known on the payer's shard. */
    ASSET_NOT_DEFINED("must be a defined asset"),
    /** The account was opened by command already. */
    ACCOUNT_ALREADY_OPEN("must not be open already"),
    /** The payer has neither been opened nor ever been credited. */
    ACCOUNT_NOT_OPEN("must be open: no command opened it and it never got a credit"),
    /** More would circulate than the asset's maximum supply. */
    MAX_SUPPLY_EXCEEDED("must not bring the circulating supply above its maximum"),
    /** The payer's available balance would fall below its lowest balance allowed. */
    INSUFFICIENT_FUNDS("must not exceed what the payer can spend"),
    /** The payee would hold more assets at a time than an account may. */
    TOO_MANY_HOLDINGS("must not hold more assets at a time"),
    /** The payee's balance would rise above the highest allowed, its own or what 38 digits hold. */
    HIGHEST_BALANCE_EXCEEDED("must not bring the payee above its highest balance allowed");

    private final String rule;

    Rejection(String rule) {
        this.rule = rule;
    }

    /** What must hold, to be read after the name of a field. */
    public String rule() {
        return rule;
    }
}
