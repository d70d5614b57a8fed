package com.deloton.infra.observe;

import com.deloton.infra.base.Resources;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.service.Collector;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** CloudWatch's form of the Grafana dashboards in {@code ops/grafana}: the same titles and metrics, by service. */
final class Dashboard {
    private static final List<String> GRAFANA = List.of("overview", "ingest", "alerts", "live", "api");
    private static final List<String> SERVICES = List.of("ingest", "web");
    private static final Pattern METRIC = Pattern.compile("\\bdeloton_\\w+");

    /** CloudWatch has no histograms of the collector's. */
    private static final Pattern HISTOGRAM = Pattern.compile(".*_(bucket|count|sum)");

    private static final int COLUMNS = 3;
    private static final int WIDTH = 8;
    private static final int HEIGHT = 6;

    private final StackContext context;
    private final JsonArray widgets = new JsonArray();
    private int y;

    private Dashboard(StackContext context) {
        this.context = context;
    }

    /** The dashboard's body. */
    static String body(StackContext context) {
        Dashboard dashboard = new Dashboard(context);
        GRAFANA.forEach(dashboard::section);
        JsonObject body = new JsonObject();
        body.add("widgets", dashboard.widgets);
        return body.toString();
    }

    private void section(String name) {
        JsonObject grafana = JsonParser.parseString(Resources.text("/ops/grafana/dashboards/" + name + ".json"))
                .getAsJsonObject();
        JsonObject heading = new JsonObject();
        heading.addProperty("markdown", "# " + grafana.get("title").getAsString());
        widgets.add(widget("text", 0, COLUMNS * WIDTH, 1, heading));
        y++;
        int column = 0;
        for (JsonElement panel : grafana.getAsJsonArray("panels")) {
            Set<String> metrics = metrics(panel.getAsJsonObject());
            if (metrics.isEmpty()) {
                continue;
            }
            if (column == COLUMNS) {
                column = 0;
                y += HEIGHT;
            }
            String title = panel.getAsJsonObject().get("title").getAsString();
            widgets.add(widget("metric", WIDTH * column++, WIDTH, HEIGHT, graph(title, metrics)));
        }
        y += column == 0 ? 0 : HEIGHT;
    }

    private static Set<String> metrics(JsonObject panel) {
        Set<String> names = new TreeSet<>();
        if (panel.has("targets")) {
            for (JsonElement target : panel.getAsJsonArray("targets")) {
                METRIC.matcher(target.getAsJsonObject().get("expr").getAsString())
                        .results()
                        .map(match -> match.group())
                        .filter(name -> !HISTOGRAM.matcher(name).matches())
                        .forEach(names::add);
            }
        }
        return names;
    }

    private JsonObject graph(String title, Collection<String> metrics) {
        JsonArray rows = new JsonArray();
        for (String metric : metrics) {
            for (String service : SERVICES) {
                JsonArray row = new JsonArray();
                List.of(Collector.namespace(context), metric, "service", service)
                        .forEach(text -> row.add(new JsonPrimitive(text)));
                JsonObject options = new JsonObject();
                options.addProperty("stat", statistic(metric));
                row.add(options);
                rows.add(row);
            }
        }
        JsonObject graph = new JsonObject();
        graph.addProperty("title", title);
        graph.addProperty("region", context.region());
        graph.addProperty("view", "timeSeries");
        graph.addProperty("period", 60);
        graph.add("metrics", rows);
        return graph;
    }

    private static String statistic(String metric) {
        return metric.endsWith("_total") ? "Sum" : metric.endsWith("_max") ? "Maximum" : "Average";
    }

    private JsonObject widget(String type, int x, int width, int height, JsonObject properties) {
        JsonObject widget = new JsonObject();
        widget.addProperty("type", type);
        widget.addProperty("x", x);
        widget.addProperty("y", y);
        widget.addProperty("width", width);
        widget.addProperty("height", height);
        widget.add("properties", properties);
        return widget;
    }
}
