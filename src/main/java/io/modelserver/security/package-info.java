/** Who may do what: keys, their scopes and the file that they come from. */
@NullMarked
package io.modelserver.security;

import org.jspecify.annotations.NullMarked;
