package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.core.Command;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * One transaction a transfer: both accounts are locked in the order of their names, so that no two wait for each other, and the balance
 * is checked by the client before both are updated and the history gets its row.
 */
final class PostgresRows implements BlockingClients.Client {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Connection connection;
    private final PreparedStatement lock;
    private final PreparedStatement change;
    private final PreparedStatement insert;

    PostgresRows(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        lock = connection.prepareStatement(
                "SELECT account, balance FROM accounts WHERE account IN (?, ?) ORDER BY account FOR UPDATE");
        change = connection.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE account = ?");
        insert = connection.prepareStatement("INSERT INTO transfers (id, payer, payee, amount) VALUES (?, ?, ?, ?)");
    }

    @Override
    public boolean transfer(Command.Transfer transfer) throws SQLException {
        long amount = transfer.amount().minorUnits().longValueExact();
        try {
            if (lockedBalance(transfer) < amount) {
                connection.rollback();
                return false;
            }
            change(transfer.from(), -amount);
            change(transfer.to(), amount);
            insert(transfer, amount);
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** The payer's balance, once both rows are locked. */
    private long lockedBalance(Command.Transfer transfer) throws SQLException {
        lock.setString(1, transfer.from());
        lock.setString(2, transfer.to());
        long balance = 0;
        int locked = 0;
        try (ResultSet accounts = lock.executeQuery()) {
            while (accounts.next()) {
                locked++;
                if (transfer.from().equals(accounts.getString(1))) {
                    balance = accounts.getLong(2);
                }
            }
        }
        if (locked != 2) {
            throw new SQLException("an account is missing: " + transfer);
        }
        return balance;
    }

    private void change(String account, long amount) throws SQLException {
        change.setLong(1, amount);
        change.setString(2, account);
        change.executeUpdate();
    }

    private void insert(Command.Transfer transfer, long amount) throws SQLException {
        insert.setObject(1, UUID.fromString(transfer.id()));
        insert.setString(2, transfer.from());
        insert.setString(3, transfer.to());
        insert.setLong(4, amount);
        insert.executeUpdate();
    }
}
