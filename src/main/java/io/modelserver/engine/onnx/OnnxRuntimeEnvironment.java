package io.modelserver.engine.onnx;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime's environment until the process has ended. A shutdown hook of its
 * own gives it back as soon as the JVM is told to end, while this server still answers
 * requests and loads versions, and a session without it ends the process
 * (<a href="https://github.com/microsoft/onnxruntime/issues/31352">issue 31352</a>). The
 * environment counts its owners: here is one who never lets go.
 */
final class OnnxRuntimeEnvironment {

    private static final Logger logger = LoggerFactory.getLogger(OnnxRuntimeEnvironment.class);

    private OnnxRuntimeEnvironment() {
    }

    /**
     * To be called once ONNX Runtime is loaded; again, it does nothing.
     * @return whether the environment outlives the hook
     */
    static boolean keep() {
        return Kept.IS;
    }

    private static boolean own() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(), "kept");
            return true;
        }
        catch (ReflectiveOperationException | RuntimeException ex) {
            logger.warn("ONNX Runtime may crash while the server is being stopped ({})", ex.toString());
            return false;
        }
    }

    private static final class Kept {

        private static final boolean IS = own();

    }

}
