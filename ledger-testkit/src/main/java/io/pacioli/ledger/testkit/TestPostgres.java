package io.pacioli.ledger.testkit;

import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A PostgreSQL server for tests.
 *
 * @param serverUrl the JDBC address of the server, ending where a database name goes
 * @param jdbcUrl the JDBC address of a database that all tests share
 * @param username a superuser
 * @param password the superuser's password
 */
public record TestPostgres(String serverUrl, String jdbcUrl, String username, String password) {
    /**
     * Makes an empty database and returns its JDBC address.
     *
     * @throws IllegalStateException when the server refuses
     */
    public String freshDatabase() {
        String name = FreshNames.next("t", "_");
        try (var connection = DriverManager.getConnection(jdbcUrl, username, password);
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create the database " + name, e);
        }
        return serverUrl + name;
    }
}
