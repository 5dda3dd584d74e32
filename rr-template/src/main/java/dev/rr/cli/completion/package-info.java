/** Scripts by which shells complete a command line. Stateless. */
@NullMarked
package dev.rr.cli.completion;

import org.jspecify.annotations.NullMarked;
