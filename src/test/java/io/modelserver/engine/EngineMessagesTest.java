package io.modelserver.engine;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EngineMessagesTest {

    @Test
    void theReasonIsTheFirstThatHasWords() {
        Throwable ex = new ExceptionInInitializerError(new EngineException("first\n\n  at native\nlast words\n"));

        assertThat(EngineMessages.reason(ex)).isEqualTo("last words");
        assertThat(EngineMessages.reason(new NoClassDefFoundError())).isEqualTo("NoClassDefFoundError");
    }

    @Test
    void aCauseThatIsItsOwnCauseEnds() {
        Exception first = new IllegalStateException((String) null);
        first.initCause(new IllegalStateException(null, first));

        assertThat(EngineMessages.reason(first)).isEqualTo("IllegalStateException");
    }

}
