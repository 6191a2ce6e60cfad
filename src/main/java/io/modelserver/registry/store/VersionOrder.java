package io.modelserver.registry.store;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Orders versions as people count: runs of digits by their value, so that {@code v1.10.0}
 * comes after {@code v1.9.0}, all else by its characters. A version that goes on with a
 * hyphen and a letter where another ends comes before it, as {@code 1.0.0-rc1} does
 * before {@code 1.0.0}.
 *
 * @see <a href="https://semver.org/#spec-item-11">Semantic Versioning, precedence</a>
 */
final class VersionOrder implements Comparator<String> {

    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]");

    private static final Pattern BEFORE_RELEASE = Pattern.compile("-(?=[A-Za-z])");

    /** Sorts before {@link #END}, which sorts before everything that versions contain. */
    private static final String GOES_ON_BEFORE_RELEASE = "\0";

    private static final String END = "\1";

    @Override
    public int compare(String first, String second) {
        Matcher left = PART.matcher(key(first));
        Matcher right = PART.matcher(key(second));
        while (left.find() && right.find()) {
            int order = comparePart(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
        return first.compareTo(second);
    }

    private static String key(String version) {
        return BEFORE_RELEASE.matcher(version).replaceAll(GOES_ON_BEFORE_RELEASE) + END;
    }

    private static int comparePart(String left, String right) {
        String first = withoutZeros(left);
        String second = withoutZeros(right);
        boolean numbers = Character.isDigit(first.charAt(0)) && Character.isDigit(second.charAt(0));
        return (numbers && first.length() != second.length()) ? Integer.compare(first.length(), second.length())
                : first.compareTo(second);
    }

    private static String withoutZeros(String part) {
        return part.replaceFirst("^0+(?=[0-9])", "");
    }

}
