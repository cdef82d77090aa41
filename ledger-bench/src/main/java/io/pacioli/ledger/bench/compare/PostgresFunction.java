package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.core.Command;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The same as {@link PostgresRows} on the server's side: one call, one answer, one transaction. */
final class PostgresFunction implements BlockingClients.Client {
    /** An id that was used before leaves everything as it is and returns false, as a balance does that is too low. */
    static final String DEFINITION = """
            CREATE FUNCTION transfer(transfer_id uuid, from_account text, to_account text, units bigint) RETURNS boolean
            LANGUAGE plpgsql AS $$
            DECLARE
                available bigint;
            BEGIN
                PERFORM 1 FROM accounts WHERE account IN (from_account, to_account) ORDER BY account FOR UPDATE;
                SELECT balance INTO STRICT available FROM accounts WHERE account = from_account;
                IF available < units THEN
                    RETURN false;
                END IF;
                INSERT INTO transfers (id, payer, payee, amount) VALUES (transfer_id, from_account, to_account, units)
                    ON CONFLICT DO NOTHING;
                IF NOT FOUND THEN
                    RETURN false;
                END IF;
                UPDATE accounts SET balance = balance - units WHERE account = from_account;
                UPDATE accounts SET balance = balance + units WHERE account = to_account;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'an account is missing: %', to_account;
                END IF;
                RETURN true;
            END
            $$
            """;

    private final PreparedStatement call;

    PostgresFunction(Connection connection) throws SQLException {
        call = connection.prepareStatement("SELECT transfer(?, ?, ?, ?)");
    }

    @Override
    public boolean transfer(Command.Transfer transfer) throws SQLException {
        call.setObject(1, UUID.fromString(transfer.id()));
        call.setString(2, transfer.from());
        call.setString(3, transfer.to());
        call.setLong(4, transfer.amount().minorUnits().longValueExact());
        try (ResultSet result = call.executeQuery()) {
            result.next();
            return result.getBoolean(1);
        }
    }
}
