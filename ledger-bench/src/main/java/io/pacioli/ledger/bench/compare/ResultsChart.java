package io.pacioli.ledger.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Medians as bars, one group for each workload, with a line from the lowest to the highest figure. Plain SVG: each bar says its figures as
 * text, for those who do not see it.
 */
final class ResultsChart {
    private static final int WIDTH = 1_000;
    private static final int MARGIN = 16;
    private static final int BARS_FROM = 470;
    private static final int BARS_WIDTH = 420;
    private static final int BAR_HEIGHT = 14;
    private static final int LINE_HEIGHT = 22;
    private static final int HEAD_HEIGHT = 64;
    private static final int GROUP_HEIGHT = 34;
    private static final String OURS = "#1b6ca8";
    private static final String THEIRS = "#9aa5b1";
    private static final String INK = "#1f2933";

    private final StringBuilder svg = new StringBuilder();
    private final double highest;
    private int y = HEAD_HEIGHT;

    private ResultsChart(double highest) {
        this.highest = highest;
    }

    /** One document. */
    static String write(Results results) {
        List<Results.Row> rows = results.rows();
        double highest =
                rows.stream().mapToDouble(row -> row.rate().max()).max().orElse(1);
        return new ResultsChart(highest).draw(rows, title(results.machine()), subtitle(results));
    }

    private static String title(Machine machine) {
        return String.format(
                Locale.ROOT,
                "Transfers a second on %d cores (%s), %,d MB, %s",
                machine.cores(),
                machine.cpu(),
                machine.memoryMegabytes(),
                machine.kernel());
    }

    private static String subtitle(Results results) {
        return String.format(
                Locale.ROOT,
                "Medians of %d rounds; lines from the lowest to the highest; %,d accounts; one system at a time, with its clients on the"
                        + " same cores",
                results.settings().rounds(),
                results.settings().accounts());
    }

    private String draw(List<Results.Row> rows, String title, String subtitle) {
        List<String> workloads =
                rows.stream().map(Results.Row::workload).distinct().toList();
        int height = HEAD_HEIGHT + workloads.size() * GROUP_HEIGHT + rows.size() * LINE_HEIGHT + MARGIN;
        line("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img"\
                 aria-labelledby="title description" font-family="sans-serif" font-size="13" fill="%3$s">""".formatted(WIDTH, height, INK));
        line("<title id=\"title\">" + escaped(title) + "</title>");
        line("<desc id=\"description\">" + escaped(description(rows)) + "</desc>");
        line("<rect width=\"" + WIDTH + "\" height=\"" + height + "\" fill=\"#ffffff\"/>");
        text(MARGIN, 26, "font-size=\"16\" font-weight=\"bold\"", title);
        text(MARGIN, 46, "font-size=\"12\"", subtitle);
        for (String workload : workloads) {
            text(MARGIN, y + 22, "font-weight=\"bold\"", workload);
            y += GROUP_HEIGHT;
            rows.stream().filter(row -> row.workload().equals(workload)).forEach(this::bar);
        }
        line("</svg>");
        return svg.toString();
    }

    private static String description(List<Results.Row> rows) {
        return rows.stream().map(row -> row.workload() + ": " + figures(row)).collect(Collectors.joining("; "));
    }

    private static String figures(Results.Row row) {
        return label(row) + ": " + ResultsTable.number(row.rate().median()) + " transfers a second ("
                + ResultsTable.number(row.rate().min()) + " to "
                + ResultsTable.number(row.rate().max()) + ")";
    }

    private static String label(Results.Row row) {
        return row.stage() == Stage.ANSWERED
                ? row.system()
                : row.system() + ", " + row.stage().label();
    }

    private void bar(Results.Row row) {
        int middle = y + BAR_HEIGHT / 2;
        line("<g><title>" + escaped(figures(row)) + "</title>");
        text(MARGIN, y + BAR_HEIGHT - 2, "", label(row));
        line("<rect x=\"" + BARS_FROM + "\" y=\"" + y + "\" width=\""
                + width(row.rate().median()) + "\" height=\"" + BAR_HEIGHT + "\" fill=\""
                + (row.system().startsWith(Pacioli.NAME) ? OURS : THEIRS) + "\"/>");
        line("<line x1=\"" + (BARS_FROM + width(row.rate().min())) + "\" x2=\""
                + (BARS_FROM + width(row.rate().max())) + "\" y1=\"" + middle + "\" y2=\"" + middle + "\" stroke=\""
                + INK + "\"/>");
        text(
                BARS_FROM + width(row.rate().max()) + 8,
                y + BAR_HEIGHT - 2,
                "",
                ResultsTable.number(row.rate().median()));
        line("</g>");
        y += LINE_HEIGHT;
    }

    private int width(double rate) {
        return (int) Math.round(rate / highest * BARS_WIDTH);
    }

    private void text(int x, int baseline, String attributes, String text) {
        String more = attributes.isEmpty() ? "" : " " + attributes;
        line("<text x=\"" + x + "\" y=\"" + baseline + "\"" + more + ">" + escaped(text) + "</text>");
    }

    private void line(String text) {
        svg.append(text).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
