/**
 * The annotation processor. It checks plugins, configuration records and contracts while they
 * compile, and writes a Dagger module, binders, RPC dispatch and a descriptor for each plugin. Runs
 * on javac's thread.
 */
@NullMarked
package dev.rr.processor;

import org.jspecify.annotations.NullMarked;
