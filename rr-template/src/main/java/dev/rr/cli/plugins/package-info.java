/** Commands about the plugins of this binary, and commands that plugins bring. Main thread. */
@NullMarked
package dev.rr.cli.plugins;

import org.jspecify.annotations.NullMarked;
