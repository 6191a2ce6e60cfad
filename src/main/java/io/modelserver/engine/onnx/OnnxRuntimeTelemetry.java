package io.modelserver.engine.onnx;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime from telling its makers about this host. Since 1.28 it sends them an
 * identifier of the device and what models run, unless a variable of the environment says
 * no before it is loaded; its own call for that comes too late for the first message. The
 * start scripts set the variable; this is for those who start the server without them.
 */
final class OnnxRuntimeTelemetry {

    private static final Logger logger = LoggerFactory.getLogger(OnnxRuntimeTelemetry.class);

    static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private OnnxRuntimeTelemetry() {
    }

    /** To be called before ONNX Runtime is loaded. */
    static void turnOff() {
        if (Platform.isWindows() || System.getenv(VARIABLE) != null) {
            return;
        }
        try {
            Native.load(Platform.C_LIBRARY_NAME, CLibrary.class).setenv(VARIABLE, "1", 1);
        }
        catch (LinkageError ex) {
            logger.warn("ONNX Runtime may report to its makers: start the server with {}=1 ({})", VARIABLE,
                    ex.toString());
        }
    }

    /** The environment that native code sees; Java's is a copy. */
    interface CLibrary extends Library {

        int setenv(String name, String value, int overwrite);

        String getenv(String name);

    }

}
