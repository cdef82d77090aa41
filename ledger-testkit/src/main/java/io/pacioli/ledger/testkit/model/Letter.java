package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Rejection;
import org.jspecify.annotations.Nullable;

/** Something on its way from one shard to another. */
sealed interface Letter {
    /** There is a new asset. */
    record News(String asset) implements Letter {}

    /** Money for the payee. */
    record Money(Payment payment) implements Letter {}

    /** Money that the payee could not have. */
    record MoneyBack(Payment payment) implements Letter {}

    /** Can you do your part of it? */
    record Question(NaiveTransaction transaction) implements Letter {}

    /** Yes, or why not. */
    record Answer(NaiveTransaction transaction, @Nullable Rejection whyNot) implements Letter {}

    /** All said yes. */
    record Go(NaiveTransaction transaction) implements Letter {}

    /** Not all said yes in time. */
    record Stop(NaiveTransaction transaction) implements Letter {}
}
