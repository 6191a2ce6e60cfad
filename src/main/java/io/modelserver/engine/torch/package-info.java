/** TorchScript by the Deep Java Library, which nothing else imports. */
@NullMarked
package io.modelserver.engine.torch;

import org.jspecify.annotations.NullMarked;
