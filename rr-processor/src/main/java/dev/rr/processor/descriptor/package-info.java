/** What the processor writes about a plugin and {@code rr:build} reads, without loading a class. */
@NullMarked
package dev.rr.processor.descriptor;

import org.jspecify.annotations.NullMarked;
