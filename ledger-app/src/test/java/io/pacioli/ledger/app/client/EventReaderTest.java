package io.pacioli.ledger.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.client.EventReader.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventReaderTest {
    private final EventReader reader = new EventReader();
    private final List<Event> heard = new ArrayList<>();

    private boolean read(String text) throws IOException {
        return reader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), event -> {
            heard.add(event);
            return heard.size() < 3;
        });
    }

    @Test
    void readsEventsAndWhereToGoOn() throws IOException {
        boolean more =
                read("retry: 1500\nevent: change\ndata: {\"a\":\"é\"}\nid: 3:1\n\n:\n\nid: 3:7\n\ndata: x\ndata:y\n\n");

        assertThat(more).isTrue();
        assertThat(heard).containsExactly(new Event("change", "{\"a\":\"é\"}"), new Event("", "x\ny"));
        assertThat(reader.lastEventId()).isEqualTo("3:7");
        assertThat(reader.retryMillis()).isEqualTo(1_500);
    }

    @Test
    void whatIsCutOffIsNotHeard() throws IOException {
        for (String cutOff : List.of("data: 2\nid: 3:21\n", "id: 3:21\n", "id: 3:2", "retry: 1")) {
            heard.clear();
            assertThat(read("retry: 1500\ndata: 1\nid: 3:1\n\n" + cutOff)).isTrue();
            assertThat(heard).containsExactly(new Event("", "1"));
            assertThat(reader.lastEventId()).isEqualTo("3:1");
            assertThat(reader.retryMillis()).isEqualTo(1_500);
        }
    }

    @Test
    void stopsWhenTheListenerHasEnough() throws IOException {
        assertThat(read("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n")).isFalse();
        assertThat(heard).hasSize(3);
    }
}
