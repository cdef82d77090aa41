import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Target;

/**
 * Writes the classes of the tables: starts an empty PostgreSQL, runs the migrations in it and lets jOOQ describe what came out.
 *
 * <p>Run by the build as a single source file, in the directory of the module, with the directory of the migrations and the one to
 * write to. Does nothing when neither the migrations nor this file have changed since the last run.
 */
public final class TablesFromMigrations {
    private static final String SCHEMA = "ledger";
    private static final String PACKAGE = "io.pacioli.ledger.projection.postgres.schema";
    private static final String STAMP = "migrations.sha256";
    private static final Path SELF = Path.of("src/generator/java/TablesFromMigrations.java");

    private TablesFromMigrations() {}

    public static void main(String[] arguments) throws Exception {
        Path migrations = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        String digest = digest(migrations);
        Path stamp = target.resolve(STAMP);
        if (Files.exists(stamp) && Files.readString(stamp).equals(digest)) {
            return;
        }
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        Files.deleteIfExists(stamp);
        ServerConfig throwaway = ServerConfig.fresh().withSetting("fsync", "off");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(throwaway)) {
            FluentConfiguration flyway = Flyway.configure()
                    .dataSource(postgres.jdbcUrl(), postgres.username(), postgres.password())
                    .defaultSchema(SCHEMA)
                    .locations("filesystem:" + migrations);
            flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                    .setTransactionalLock(false);
            flyway.load().migrate();
            GenerationTool.generate(configuration(postgres, target));
        }
        Files.writeString(stamp, digest);
    }

    private static Configuration configuration(EmbeddedPostgres postgres, Path target) {
        return new Configuration()
                .withJdbc(new Jdbc()
                        .withDriver("org.postgresql.Driver")
                        .withUrl(postgres.jdbcUrl())
                        .withUser(postgres.username())
                        .withPassword(postgres.password()))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema(SCHEMA)
                                .withIncludeRoutines(false)
                                .withExcludes("flyway_schema_history|.*_\\d{4}_\\d{2}|.*_before|v_.*"))
                        .withGenerate(new Generate()
                                .withRecords(false)
                                .withComments(true)
                                .withGeneratedAnnotation(false))
                        .withTarget(new Target().withPackageName(PACKAGE).withDirectory(target.toString())));
    }

    private static String digest(Path migrations) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<Path> files = Files.list(migrations)) {
            List<Path> inputs = Stream.concat(files.sorted(), Stream.of(SELF)).toList();
            for (Path input : inputs) {
                digest.update(input.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(input));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
