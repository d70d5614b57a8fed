package com.deloton.gateway.config.settings;

import com.deloton.gateway.config.settings.ConfigException.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML file as dotted keys. Scalars keep their text ({@code 007} stays {@code 007}) and never become objects.
 * Problems do not quote the file: a line may contain a secret.
 */
final class YamlFile {
    private static final int MAX_DEPTH = 16;
    private static final Set<Tag> SCALARS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP);

    private final Path path;
    private final List<Problem> problems;
    private final Map<String, Lookup.Found> values = new LinkedHashMap<>();

    private YamlFile(Path path, List<Problem> problems) {
        this.path = path;
        this.problems = problems;
    }

    static Map<String, Lookup.Found> read(Path path, List<Problem> problems) {
        YamlFile file = new YamlFile(path, problems);
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        try (Reader reader = Files.newBufferedReader(path)) {
            Node root = new Yaml(new SafeConstructor(options)).compose(reader);
            if (root instanceof MappingNode mapping) {
                file.section("", mapping, 0);
            } else if (root != null && !Tag.NULL.equals(root.getTag())) {
                file.report(root, "expected settings, such as \"http:\" with \"port: 8080\" below it");
            }
        } catch (MarkedYAMLException e) {
            String line =
                    e.getProblemMark() == null ? "" : ":" + (e.getProblemMark().getLine() + 1);
            problems.add(new Problem(Problem.Kind.SOURCE, path + line, "is not valid YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(new Problem(Problem.Kind.SOURCE, path.toString(), "is not valid YAML"));
        } catch (IOException e) {
            problems.add(new Problem(
                    Problem.Kind.SOURCE, path.toString(), "cannot be read; expected a readable UTF-8 file"));
        }
        return file.values;
    }

    private void section(String prefix, MappingNode mapping, int depth) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                report(tuple.getKeyNode(), "expected a key that is one word");
                continue;
            }
            String key = prefix + name.getValue();
            Node value = tuple.getValueNode();
            if (value instanceof MappingNode section && depth < MAX_DEPTH) {
                section(key + ".", section, depth + 1);
            } else if (value instanceof SequenceNode list) {
                list(key, name, list);
            } else if (value instanceof ScalarNode scalar && SCALARS.contains(scalar.getTag())) {
                put(key, name, new Lookup.Found(scalar.getValue(), null, at(name)));
            } else {
                report(name, key + " has a value of an unsupported type; expected text or a list");
            }
        }
    }

    private void list(String key, Node at, SequenceNode list) {
        List<String> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            if (item instanceof ScalarNode scalar && SCALARS.contains(scalar.getTag())) {
                items.add(scalar.getValue());
            } else {
                report(item, key + " has an element that is not text; expected a list of texts");
            }
        }
        put(key, at, new Lookup.Found(String.join(", ", items), items, at(at)));
    }

    private void put(String key, Node at, Lookup.Found found) {
        Lookup.Found earlier = values.putIfAbsent(key, found);
        if (earlier != null) {
            report(at, key + " is set twice, first at " + earlier.origin() + "; expected it once");
        }
    }

    private void report(Node node, String problem) {
        problems.add(new Problem(Problem.Kind.SOURCE, at(node), problem));
    }

    private String at(Node node) {
        return path + ":" + (node.getStartMark().getLine() + 1);
    }
}
