/** The engine adapter over the Deep Java Library; nothing else imports it. */
@NullMarked
package io.modelserver.djl;

import org.jspecify.annotations.NullMarked;
