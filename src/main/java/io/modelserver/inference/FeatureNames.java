package io.modelserver.inference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The dotted paths of the features of one time step, resolved once into a tree, so that a
 * request's object is read in one pass without building a map.
 */
public final class FeatureNames {

    private final List<String> names;

    private final Node root = new Node();

    private final String fingerprint;

    /**
     * Resolves the paths.
     * @param names e.g. {@code orderbook.spread_bps}, in the order of the features; empty
     * if features have no names
     * @throws IllegalArgumentException if a path is given twice or leads through another
     * feature
     */
    public FeatureNames(List<String> names) {
        this.names = List.copyOf(names);
        this.fingerprint = fingerprint(names);
        for (int position = 0; position < names.size(); position++) {
            root.add(names.get(position), position);
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

    private static String fingerprint(List<String> names) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    /** A step on the way to a feature. */
    public static final class Node {

        private final Map<String, Node> children = new HashMap<>();

        private int position = -1;

        private Node() {
        }

        /**
         * Follows one segment of a path.
         * @param segment the key of a field, or the index of an array's item in decimal
         * @return the next step, or null if no feature lies there
         */
        public @Nullable Node child(String segment) {
            return children.get(segment);
        }

        /**
         * {@return whether a feature's value is expected here}
         */
        public boolean isFeature() {
            return position >= 0;
        }

        /**
         * {@return the position of the feature that ends here}
         */
        public int position() {
            return position;
        }

        private void add(String path, int at) {
            Node node = this;
            for (String segment : path.split("\\.", -1)) {
                if (node.isFeature()) {
                    throw new IllegalArgumentException("the feature name %s leads through another".formatted(path));
                }
                node = node.children.computeIfAbsent(segment, (key) -> new Node());
            }
            if (node.isFeature() || !node.children.isEmpty()) {
                throw new IllegalArgumentException("the feature name %s is taken".formatted(path));
            }
            node.position = at;
        }

    }

}
