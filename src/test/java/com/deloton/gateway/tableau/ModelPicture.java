package com.deloton.gateway.tableau;

import com.deloton.gateway.tableau.AnalystModel.Field;
import com.deloton.gateway.tableau.AnalystModel.Relationship;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The analysts' model as an SVG: a box a view, a line a relationship. */
final class ModelPicture {
    private static final AnalystModel MODEL = AnalystModel.read();
    private static final int LINE = 15;
    private static final int HEAD = 24;
    private static final int GAP = 22;
    private static final int TOP = 20;
    private static final List<Column> COLUMNS = List.of(
            new Column(20, 215, List.of("dim_date", "dim_rider", "dim_bike")),
            new Column(330, 235, List.of("fact_ride")),
            new Column(660, 215, List.of("fact_ride_minute", "fact_alert", "fact_reading")));

    private record Column(int x, int width, List<String> views) {}

    private final StringBuilder svg = new StringBuilder();
    private final Map<String, Box> boxes = new LinkedHashMap<>();

    private record Box(String view, int x, int y, int width) {
        int row(String column) {
            List<Field> fields = MODEL.fieldsOf(view);
            int index = fields.indexOf(fields.stream()
                    .filter(field -> field.column().equals(column))
                    .findFirst()
                    .orElseThrow());
            return y + HEAD + index * LINE + LINE / 2 + 4;
        }

        int height() {
            return HEAD + MODEL.fieldsOf(view).size() * LINE + 8;
        }
    }

    static String draw() {
        return new ModelPicture().picture();
    }

    private String picture() {
        int bottom = 0;
        for (Column column : COLUMNS) {
            int y = TOP;
            for (String view : column.views()) {
                Box box = new Box(view, column.x(), y, column.width());
                boxes.put(view, box);
                y += box.height() + GAP;
            }
            bottom = Math.max(bottom, y);
        }
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 895 %1$d" font-family="sans-serif" font-size="11.5">
                <title>The views of schema analytics and how they are joined</title>
                <rect width="895" height="%1$d" fill="#ffffff"/>
                """.formatted(bottom));
        for (Relationship relationship : MODEL.relationships()) {
            relationship.columns().forEach(column -> line(relationship, column));
        }
        boxes.values().forEach(this::box);
        return svg.append("</svg>\n").toString();
    }

    private void line(Relationship relationship, String column) {
        Box from = boxes.get(relationship.from());
        Box to = boxes.get(relationship.to());
        if (from == null || to == null) {
            throw new IllegalStateException("no box for " + relationship);
        }
        boolean left = to.x < from.x;
        int x1 = left ? from.x : from.x + from.width;
        int x2 = left ? to.x + to.width : to.x;
        int y1 = from.row(column);
        int y2 = to.row(column);
        int bend = (x1 + x2) / 2;
        svg.append("<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#5b6b7b\" stroke-width=\"1.4\"/>%n"
                .formatted(x1, y1, bend, y1, bend, y2, x2, y2));
        end(x1, y1, left, relationship.unique() ? "n" : "1");
        end(x2, y2, !left, relationship.unique() ? "1" : "n");
    }

    private void end(int x, int y, boolean leftward, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#5b6b7b\">%s</text>%n"
                .formatted(leftward ? x - 4 : x + 4, y - 4, leftward ? "end" : "start", text));
    }

    private void box(Box box) {
        boolean fact = box.view.startsWith("fact");
        svg.append(
                "<g><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"#f7f9fb\" stroke=\"#8a9aa9\"/>%n"
                        .formatted(box.x, box.y, box.width, box.height()));
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"%s\"/>%n"
                .formatted(box.x, box.y, box.width, HEAD, fact ? "#1d5c83" : "#5f6f2c"));
        svg.append("<text x=\"%d\" y=\"%d\" font-weight=\"bold\" fill=\"#ffffff\">%s</text>%n"
                .formatted(box.x + 8, box.y + 16, box.view));
        for (Field field : MODEL.fieldsOf(box.view)) {
            int y = box.row(field.column()) + 4;
            boolean key = field.column().endsWith("_key");
            svg.append("<text x=\"%d\" y=\"%d\" fill=\"#1b2733\"%s>%s</text>"
                    .formatted(box.x + 8, y, key ? " font-weight=\"bold\"" : "", field.column()));
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#5b6b7b\">%s</text>%n"
                    .formatted(box.x + box.width - 8, y, field.type()));
        }
        svg.append("</g>\n");
    }
}
