package io.modelserver.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The dotted paths of the features of one time step, resolved once into a tree, so that a
 * request's object is read in one pass without building a map.
 * <p>
 * A dot may separate a name or be part of one: {@code BBU_20_2.0} is a column of an
 * indicator library. So the key of a field may hold any number of a path's segments, and
 * {@code indicator.BBU_20_2.0} is found at {@code {"indicator": {"BBU_20_2.0": 1}}} as
 * well as in nested objects alone. Where an object has several values for one feature,
 * the one with the longest first key counts, then the one with the longest second key,
 * and so on: the whole remaining path is preferred to its segments. One feature's path
 * may lead through another's, as {@code SUPERT_7_3.0} does through {@code SUPERT_7_3}: a
 * number is the value of the one, an object or array leads on to the other.
 */
public final class FeatureNames {

    /**
     * Paths of more segments are found by the whole path or segment by segment only,
     * since the number of keys grows with the square of that of segments.
     */
    private static final int FINGERPRINT_DIGITS = 16;

    private static final int MOST_JOINED_SEGMENTS = 16;

    private final List<String> names;

    private final Node root = new Node(0);

    private final String fingerprint;

    /**
     * Resolves the paths.
     * @param names e.g. {@code orderbook.spread_bps}, in the order of the features; empty
     * if features have no names
     * @throws IllegalArgumentException if a path is given twice
     */
    public FeatureNames(List<String> names) {
        this.names = List.copyOf(names);
        this.fingerprint = fingerprint(names);
        Map<String, Node> nodes = new HashMap<>();
        for (int position = 0; position < names.size(); position++) {
            add(names.get(position), position, nodes);
        }
    }

    /**
     * {@return the paths in the order of the features}
     */
    public List<String> names() {
        return names;
    }

    /**
     * {@return where the paths begin}
     */
    public Node root() {
        return root;
    }

    /**
     * {@return a text that is the same for the same names in the same order, and differs
     * for others}
     */
    public String fingerprint() {
        return fingerprint;
    }

    private void add(String path, int position, Map<String, Node> nodes) {
        String[] segments = path.split("\\.", -1);
        List<Node> way = new ArrayList<>(List.of(root));
        int end = -1;
        for (String segment : segments) {
            end += segment.length() + 1;
            way.add(nodes.computeIfAbsent(path.substring(0, end), (prefix) -> new Node(way.size())));
        }
        if (way.getLast().isFeature()) {
            throw new IllegalArgumentException("the feature name %s is given twice".formatted(path));
        }
        way.getLast().position = position;
        boolean joined = segments.length <= MOST_JOINED_SEGMENTS;
        for (int from = 0; from < segments.length; from++) {
            way.get(from).children.putIfAbsent(segments[from], way.get(from + 1));
            for (int to = from + 2; joined && to <= segments.length; to++) {
                String key = String.join(".", Arrays.asList(segments).subList(from, to));
                way.get(from).children.putIfAbsent(key, way.get(to));
            }
        }
        root.children.putIfAbsent(path, way.getLast());
    }

    private static String fingerprint(List<String> names) {
        return Sha256.hex(String.join("\n", names).getBytes(StandardCharsets.UTF_8)).substring(0, FINGERPRINT_DIGITS);
    }

    /** A step on the way to a feature. */
    public static final class Node {

        private static final int MOST_RANKED_DOTS = 30;

        private final Map<String, Node> children = new HashMap<>();

        private final int depth;

        private int position = -1;

        private Node(int depth) {
            this.depth = depth;
        }

        /**
         * Follows the next segments of a path.
         * @param key of a field: one segment or several with dots between them; or the
         * index of an array's item in decimal
         * @return the next step, or null if no feature lies there
         */
        public @Nullable Node child(String key) {
            return children.get(key);
        }

        /**
         * {@return whether a feature's value is expected here}
         */
        public boolean isFeature() {
            return position >= 0;
        }

        /**
         * {@return whether features lie beyond this step}
         */
        public boolean leadsOn() {
            return !children.isEmpty();
        }

        /**
         * {@return the position of the feature that ends here}
         */
        public int position() {
            return position;
        }

        /**
         * Compares ways to one feature: each dot of its path is a bit, the first one the
         * highest, set where the dot is part of a key.
         * @param parent the step before this one
         * @param rank of the way to the parent, 0 for the root
         * @return the rank of the way here; of two ways to a feature the one of the
         * higher rank counts; 0 if no key on it holds a dot
         */
        public int rank(Node parent, int rank) {
            int joined = Math.min(MOST_RANKED_DOTS, depth - parent.depth - 1);
            long separated = (parent.depth == 0) ? rank : 2L * rank;
            return (int) Math.min(Integer.MAX_VALUE, (separated << joined) | ((1L << joined) - 1));
        }

    }

}
