package io.modelserver.model;

/**
 * What names that callers choose are made of: characters of any script. Refused are those
 * that can't be seen or that change how their neighbours are shown, since such a name is
 * not what it seems to be in a log or a list. The two joiners are allowed, which several
 * scripts and emoji are written with.
 */
public final class PrintableText {

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;

    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private static final int LAST_TWO_OF_A_PLANE = 0xfffe;

    private PrintableText() {
    }

    /**
     * Checks a name.
     * @param text the name
     * @param most how many characters it may have, counted as Unicode does
     * @return whether it has at least one, not all of them blank, and no other kind
     */
    public static boolean isName(String text, int most) {
        return !text.isBlank() && text.codePointCount(0, text.length()) <= most
                && text.codePoints().allMatch(PrintableText::isPrintable);
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> character == ZERO_WIDTH_NON_JOINER || character == ZERO_WIDTH_JOINER;
            default -> (character & LAST_TWO_OF_A_PLANE) != LAST_TWO_OF_A_PLANE
                    && !(character >= 0xfdd0 && character <= 0xfdef);
        };
    }

}
