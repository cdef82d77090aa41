package io.pacioli.ledger.core;

/**
 * Why a command is rejected or a credit refused, named after the rule it protects and declared in the order in which the rules
 * are checked: a command that breaks several is rejected for the first. Codes are stable; new ones may come between old ones.
 */
public enum Rejection {
    IDEMPOTENCY_CONFLICT(
            "must not be used again for another command", "The id was used before for a command with other content."),
    AMOUNT_MUST_BE_POSITIVE("must be more than zero", "The amount is zero."),
    ACCOUNT_MUST_NOT_BE_SYSTEM(
            "must not be one of the ledger's own accounts, which start with @",
            "A client named one of the ledger's own accounts."),
    ACCOUNTS_MUST_BE_DIFFERENT("must differ from the account that pays", "Payer and payee are the same account."),
    LIMIT_MUST_NOT_BE_POSITIVE("must be zero, or negative for a credit line", "A lowest balance is above zero."),
    INITIAL_SUPPLY_NEEDS_HOLDER(
            "must be given together with initialHolder, or not at all",
            "An initial supply without an account to hold it, or a holder without a supply."),
    DEADLINE_PASSED(
            "must not be past, nor before the time that the command waits for",
            "A time by which something was to be done, or until which money was to be held, is past."),
    ASSET_ALREADY_DEFINED("must not be defined already", "The asset has a definition already."),
    ASSET_NOT_DEFINED("must be a defined asset", "No such asset is known on the payer's shard."),
    ACCOUNT_ALREADY_OPEN("must not be open already", "The account was opened by command already."),
    ACCOUNT_NOT_OPEN(
            "must be open: no command opened it and it never got a credit",
            "The account has neither been opened nor ever been credited."),
    ACCOUNT_CLOSED("must not be closed", "The account is closed."),
    ACCOUNT_FROZEN("must not be frozen", "The account is frozen: it can neither pay nor be paid."),
    ACCOUNT_NOT_FROZEN("must be frozen", "The account that was to be unfrozen is not frozen."),
    ACCOUNT_NOT_EMPTY(
            "must be empty in all assets and buckets",
            "The account that was to be closed still has money, held money included, or is promised some by a transaction."),
    HOLD_ALREADY_PLACED("must not be the id of another hold", "A hold with that id is still known."),
    HOLD_NOT_FOUND(
            "must be a hold on that account",
            "The account has no such hold, or it ended so long ago that it is forgotten."),
    HOLD_ALREADY_CAPTURED("must not be captured in full", "The hold was captured in full."),
    HOLD_ALREADY_VOIDED("must not be voided", "The hold was voided."),
    HOLD_EXPIRED("must not have expired", "The hold's time was up."),
    HOLD_PAYEE_MISMATCH(
            "must be the payee that the hold names, or be given when it names none",
            "The capture names another payee than the hold, or neither names one."),
    HOLD_AMOUNT_EXCEEDED("must not exceed what is left of the hold", "More was to be captured than is held."),
    TRANSFER_NOT_FOUND(
            "must be a transfer or capture that paid that account",
            "The account was not paid by such a transfer, or so long ago that it is forgotten."),
    REVERSAL_EXCEEDS_TRANSFER(
            "must not exceed what is left of the transfer to reverse",
            "More was to be given back than the transfer paid and was not given back before."),
    MAX_SUPPLY_EXCEEDED(
            "must not bring the circulating supply above its maximum",
            "More would circulate than the asset's maximum supply."),
    BALANCE_BELOW_CONDITION(
            "must not exceed what the payer has available",
            "The payer has less available than the transfer's conditions ask."),
    INSUFFICIENT_FUNDS(
            "must not exceed what the payer can spend",
            "The payer's available balance would fall below its lowest balance allowed."),
    TOO_MANY_HOLDINGS(
            "must not hold more assets at a time", "The payee would hold more assets at a time than an account may."),
    HIGHEST_BALANCE_EXCEEDED(
            "must not bring the payee above its highest balance allowed",
            "The payee's balance would rise above the highest allowed, its own or what 38 digits hold."),
    TRANSACTION_TIMED_OUT(
            "must leave all shards of the transaction time to agree",
            "The shards of a transaction did not all agree before its deadline.");

    private final String rule;
    private final String meaning;

    Rejection(String rule, String meaning) {
        this.rule = rule;
        this.meaning = meaning;
    }

    /** What must hold, to be read after the name of a field. */
    public String rule() {
        return rule;
    }

    /** What went wrong, one sentence for people. */
    public String meaning() {
        return meaning;
    }
}
