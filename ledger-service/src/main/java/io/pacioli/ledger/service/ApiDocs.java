package io.pacioli.ledger.service;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.NotFoundResponse;
import io.pacioli.ledger.api.Hash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * {@code GET /openapi.json}, what the server's APIs are, and {@code GET /docs}, a page to read about them and to try them out.
 *
 * <p>The page is Swagger UI, served from the class path: it loads nothing from elsewhere, and its policy forbids that.
 */
final class ApiDocs implements HttpModule {
    static final String DOCUMENT = "/openapi.json";
    static final String PAGE = "/docs";

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String OWN = "io/pacioli/ledger/service/docs/";
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/";
    private static final String SWAGGER_UI_PROPERTIES = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final int MOVED = 308;

    private final byte[] document;
    private final Map<String, Asset> assets;

    private record Asset(String resource, String mediaType) {}

    ApiDocs(OpenApi api) {
        document = api.json();
        String library = SWAGGER_UI + version() + "/";
        assets = Map.of(
                "swagger-ui.css", new Asset(library + "swagger-ui.css", "text/css; charset=utf-8"),
                "swagger-ui-bundle.js", new Asset(library + "swagger-ui-bundle.js", SCRIPT),
                "favicon-32x32.png", new Asset(library + "favicon-32x32.png", "image/png"),
                "initializer.js", new Asset(OWN + "initializer.js", SCRIPT));
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(DOCUMENT, context -> send(context, "application/json", document));
        routes.get(PAGE, ApiDocs::page);
        routes.get(PAGE + "/{file}", this::asset);
    }

    /** The page refers to what is beside it, so that it works behind a prefix too: its own address must not end with a slash. */
    private static void page(Context context) {
        if (context.path().endsWith("/")) {
            context.status(MOVED).header(Header.LOCATION, ".." + PAGE);
            return;
        }
        context.header("Content-Security-Policy", POLICY).header("Referrer-Policy", "no-referrer");
        send(context, "text/html; charset=utf-8", bytes(OWN + "index.html"));
    }

    private void asset(Context context) {
        Asset asset = assets.get(context.pathParam("file"));
        if (asset == null) {
            throw new NotFoundResponse();
        }
        send(context, asset.mediaType(), bytes(asset.resource()));
    }

    private static void send(Context context, String mediaType, byte[] body) {
        context.header("X-Content-Type-Options", "nosniff");
        if (Answers.isFresh(context, Hash.of(body).hex())) {
            context.contentType(mediaType).result(body);
        }
    }

    /** The path of the library's files has its version in it. */
    private static String version() {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(bytes(SWAGGER_UI_PROPERTIES)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] bytes(String resource) {
        ClassLoader loader = ApiDocs.class.getClassLoader();
        try (InputStream stream = Objects.requireNonNull(loader.getResourceAsStream(resource), resource)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
