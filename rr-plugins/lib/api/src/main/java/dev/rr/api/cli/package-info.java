/** Sub-commands that plugins bring. */
@NullMarked
package dev.rr.api.cli;

import org.jspecify.annotations.NullMarked;
