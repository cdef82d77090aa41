package io.pacioli.ledger.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text around binary keys (RFC 7468). What stands outside of the blocks of the wanted label is ignored. */
final class Pem {
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String PUBLIC_KEY = "PUBLIC KEY";

    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final int LINE_LENGTH = 64;

    private Pem() {}

    static String encode(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** All blocks of a label, in their order. */
    static List<byte[]> read(Path file, String label) {
        String text;
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new KeyFileException(file + " must be a PEM file of 64 KiB at most");
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new KeyFileException("the key file " + file + " cannot be read: " + e, e);
        }
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----")
                .matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(Base64.getMimeDecoder().decode(matcher.group(1)));
            } catch (IllegalArgumentException e) {
                throw new KeyFileException(file + " must hold Base64 between its lines BEGIN and END", e);
            }
        }
        if (blocks.isEmpty()) {
            throw new KeyFileException(file + " must have a block BEGIN " + label);
        }
        return blocks;
    }
}
