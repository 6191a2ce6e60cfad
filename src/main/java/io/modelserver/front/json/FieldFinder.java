package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;

/**
 * Finds a field of an object by skipping over whatever stands before it. Nothing is
 * checked: whoever uses it has the object read properly as well.
 */
final class FieldFinder {

    private static final int NONE = -1;

    private final byte[] bytes;

    private final int from;

    private final int end;

    FieldFinder(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
    }

    /**
     * Finds an array.
     * @param field a name of ASCII characters
     * @return index of the opening bracket, -1 if the field is not there or no array
     */
    int arrayOf(String field) {
        byte[] name = field.getBytes(StandardCharsets.US_ASCII);
        int at = skipSpace(from);
        if (!is(at, '{')) {
            return NONE;
        }
        do {
            int nameStart = skipSpace(at + 1);
            if (!is(nameStart, '"')) {
                return NONE;
            }
            int nameEnd = skipString(nameStart);
            int colon = skipSpace(nameEnd);
            if (!is(colon, ':')) {
                return NONE;
            }
            int value = skipSpace(colon + 1);
            if (isName(name, nameStart + 1, nameEnd - 1)) {
                return is(value, '[') ? value : NONE;
            }
            at = skipSpace(skipValue(value));
        }
        while (is(at, ','));
        return NONE;
    }

    private boolean isName(byte[] name, int start, int stop) {
        if (stop - start != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int skipValue(int start) {
        int depth = 0;
        int at = start;
        while (at < end) {
            switch (bytes[at]) {
                case '"' -> at = skipString(at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                }
            }
            if (depth < 0 || (depth == 0 && bytes[at] == ',')) {
                return at;
            }
            at++;
        }
        return at;
    }

    /**
     * {@return the index after the closing quote}
     */
    private int skipString(int start) {
        int at = start + 1;
        while (at < end && bytes[at] != '"') {
            at += (bytes[at] == '\\') ? 2 : 1;
        }
        return Math.min(end, at + 1);
    }

    private int skipSpace(int start) {
        int at = start;
        while (at < end && NumberArrayScanner.isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private boolean is(int at, char character) {
        return at < end && bytes[at] == character;
    }

}
