package io.pacioli.ledger.testkit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of its own, with what it has signed, all as PEM files. Made with the keytool of this JVM. */
public final class Certificates {
    private static final String PASSWORD = "password";
    private static final String AUTHORITY = "authority";

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** A new authority; its files go to the directory, which is created when absent. */
    public static Certificates authority(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Certificates made = new Certificates(directory);
        made.keytool("-genkeypair", "-alias", AUTHORITY, "-dname", "CN=authority", "-ext", "bc:c");
        made.write(AUTHORITY);
        return made;
    }

    /**
     * Has the authority sign a certificate with a new key.
     *
     * @param name of the files
     * @param addresses whom it is for, such as {@code ip:127.0.0.1} or {@code dns:example.org}
     */
    public void sign(String name, String addresses) {
        String request = path(name, "csr").toString();
        String signed = path(name, "signed").toString();
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name);
        keytool("-certreq", "-alias", name, "-file", request);
        keytool("-gencert", "-alias", AUTHORITY, "-infile", request, "-outfile", signed, "-ext", "san=" + addresses);
        keytool("-importcert", "-noprompt", "-alias", name, "-file", signed);
        write(name);
    }

    /** The authority's certificate. */
    public Path authority() {
        return certificate(AUTHORITY);
    }

    /** A certificate. */
    public Path certificate(String name) {
        return path(name, "crt");
    }

    /** Its private key, PKCS #8 and not encrypted. */
    public Path key(String name) {
        return path(name, "key");
    }

    private Path path(String name, String extension) {
        return directory.resolve(name + "." + extension);
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Path store() {
        return directory.resolve("store.p12");
    }

    private void write(String name) {
        try (InputStream in = Files.newInputStream(store())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Certificate certificate = store.getCertificate(name);
            Key key = store.getKey(name, PASSWORD.toCharArray());
            Files.writeString(certificate(name), pem("CERTIFICATE", certificate.getEncoded()));
            Files.writeString(key(name), pem("PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }
}
