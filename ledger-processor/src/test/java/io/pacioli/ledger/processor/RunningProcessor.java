package io.pacioli.ledger.processor;

import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;

/** A processor in this JVM. */
final class RunningProcessor implements AutoCloseable {
    final Health health = new Health();
    final Metrics metrics = new Metrics();
    final ProcessorService service;

    private RunningProcessor(ProcessorSettings settings) {
        service = new ProcessorService(settings, health, metrics);
        service.start();
    }

    /** Starts one and waits until it has its shards. */
    static RunningProcessor start(ProcessorSettings settings) {
        RunningProcessor processor = starting(settings);
        Await.until("the processor is ready", processor.health::isReady);
        return processor;
    }

    static RunningProcessor starting(ProcessorSettings settings) {
        return new RunningProcessor(settings);
    }

    double count(String name) {
        return metrics.registry().get(name).counter().count();
    }

    @Override
    public void close() {
        service.close();
        metrics.close();
    }
}
