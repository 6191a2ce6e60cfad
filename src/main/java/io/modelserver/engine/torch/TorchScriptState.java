package io.modelserver.engine.torch;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the pickled module of a TorchScript file says of its weights. The pickle is only
 * walked through, operation by operation: nothing in it is ever made or called.
 *
 * @param floats the floating-point types of its weights as PyTorch calls their storages,
 * e.g. {@code Float}, {@code Half}
 * @param devices where its weights were, e.g. {@code cpu}, {@code cuda:0}
 * @param training whether it was saved in training mode, or a part of it was
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the
 * operations of pickles</a>
 */
record TorchScriptState(Set<String> floats, Set<String> devices, boolean training) {

    static final TorchScriptState UNKNOWN = new TorchScriptState(Set.of(), Set.of(), false);

    private static final Set<String> FLOATS = Set.of("Float", "Double", "Half", "BFloat16");

    private static final String STORAGE = "Storage";

    TorchScriptState {
        floats = Set.copyOf(floats);
        devices = Set.copyOf(devices);
    }

    /**
     * Reads a pickle as far as its operations are those that PyTorch writes.
     * @param pickle a byte per character
     */
    static TorchScriptState of(String pickle) {
        Walk walk = new Walk(pickle);
        try {
            while (walk.at < pickle.length() && walk.step()) {
                // All that is looked for is noted on the way.
            }
        }
        catch (StringIndexOutOfBoundsException ex) {
            // Cut short; the engine says so.
        }
        return new TorchScriptState(walk.floats, walk.devices, walk.training);
    }

    /** Confined to one thread. */
    private static final class Walk {

        private final String pickle;

        private final Map<Integer, String> memo = new HashMap<>();

        private final Set<String> floats = new TreeSet<>();

        private final Set<String> devices = new TreeSet<>();

        private boolean training;

        private int at;

        /** What was pushed last, if it is a text. */
        private String last = "";

        Walk(String pickle) {
            this.pickle = pickle;
        }

        /**
         * {@return whether the operation is known}
         */
        boolean step() {
            char operation = pickle.charAt(at++);
            switch (operation) {
                case 'X' -> text(number(4));
                case 'U' -> text(number(1));
                case 'c' -> global();
                case 'q' -> memo.put(number(1), last);
                case 'r' -> memo.put(number(4), last);
                case 'h' -> push(memo.getOrDefault(number(1), ""));
                case 'j' -> push(memo.getOrDefault(number(4), ""));
                case '\u0088' -> {
                    training |= last.equals("training");
                    last = "";
                }
                case 'K', '\u0080' -> skip(1);
                case 'M' -> skip(2);
                case 'J' -> skip(4);
                case 'G' -> skip(8);
                case '\u008a' -> skip(number(1));
                case '(', ')', ']', '}', 'N', 'Q', 'R', 'a', 'b', 'e', 's', 't', 'u', '0', '.', '\u0081', '\u0085',
                        '\u0086', '\u0087', '\u0089' ->
                    last = "";
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void text(int length) {
            String text = pickle.substring(at, at + length);
            at += length;
            push(text);
        }

        private void push(String text) {
            last = text;
            if (text.equals("cpu") || text.startsWith("cuda")) {
                devices.add(text);
            }
        }

        private void global() {
            int module = pickle.indexOf('\n', at);
            int name = pickle.indexOf('\n', module + 1);
            if (module < 0 || name < 0) {
                throw new StringIndexOutOfBoundsException(at);
            }
            String type = pickle.substring(module + 1, name);
            if (pickle.substring(at, module).equals("torch") && type.endsWith(STORAGE)) {
                String kind = type.substring(0, type.length() - STORAGE.length());
                if (FLOATS.contains(kind)) {
                    floats.add(kind);
                }
            }
            at = name + 1;
            last = "";
        }

        private int number(int bytes) {
            int number = 0;
            for (int i = 0; i < bytes; i++) {
                number |= pickle.charAt(at++) << (8 * i);
            }
            return number;
        }

        private void skip(int bytes) {
            at += bytes;
            last = "";
        }

    }

}
