/** Plugins: read into a model, checked, and turned into a Dagger module and a descriptor. */
@NullMarked
package dev.rr.processor.plugin;

import org.jspecify.annotations.NullMarked;
