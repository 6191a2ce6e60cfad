package io.modelserver.front.http;

import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.Ordered;

/**
 * The order in which a request passes what stands before its controller, from top to
 * bottom: the valves of Tomcat, the filters, the chains of Spring Security. What takes a
 * place here names its neighbours and says why it stands between them.
 */
public final class FilterOrder {

    // Valves

    /**
     * Listens to the rest of a body. The first of all, since whoever stands below may
     * answer without reading it.
     */
    public static final int UNREAD_BODY = 1;

    /**
     * Takes forwarding headers away that can't be used. Behind {@link #UNREAD_BODY}, and
     * before all filters, of which Spring's own reads these headers.
     */
    public static final int FORWARDED_HEADERS = UNREAD_BODY + 1;

    // Filters. The first place, which none can precede, is also that of Spring's
    // CharacterEncodingFilter and ForwardedHeaderFilter: those who share it do not need
    // each other, and each is for every answer, that of a filter below included.

    /** Sets headers that every answer has. */
    public static final int SECURITY_HEADERS = Ordered.HIGHEST_PRECEDENCE;

    /** Gives a request its id, which the problems and log lines of all below mention. */
    public static final int REQUEST_ID = Ordered.HIGHEST_PRECEDENCE;

    /** Makes every answer close its connection when the server is to stop. */
    public static final int CONNECTION_DRAIN = Ordered.HIGHEST_PRECEDENCE;

    /**
     * Answers browsers that ask whether a foreign page may call. After Spring Boot's
     * meters of requests, which stand right after the first place, and before the
     * {@link #ACCESS}, since a browser asks without a key.
     */
    public static final int FOREIGN_PAGES = Ordered.HIGHEST_PRECEDENCE + 5;

    /**
     * Turns away bodies that are too long or too slow. After {@link #FOREIGN_PAGES}, so
     * that a foreign page may read why; before the {@link #ACCESS}, since a caller
     * without a key must not cost more than one who has it.
     */
    public static final int REQUEST_LIMITS = FOREIGN_PAGES + 5;

    /** Who may call. The last, where Spring Boot would put Spring Security. */
    public static final int ACCESS = SecurityFilterProperties.DEFAULT_FILTER_ORDER;

    // Chains of Spring Security, of which the first that fits is passed

    /** Calls that are open. Before {@link #CLOSED_CALLS}, which would fit too. */
    public static final int OPEN_CALLS = 1;

    /** All other calls, which need a caller with a scope. */
    public static final int CLOSED_CALLS = OPEN_CALLS + 1;

    private FilterOrder() {
    }

}
