/** ONNX by ONNX Runtime's own Java API, which nothing else imports. */
@NullMarked
package io.modelserver.engine.onnx;

import org.jspecify.annotations.NullMarked;
