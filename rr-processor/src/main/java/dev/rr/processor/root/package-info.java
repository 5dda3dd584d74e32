/**
 * Puts descriptors together: the graph of a selection with every order a user can see, and the
 * source of the root component that is generated from it. No threads, no files: values in, values
 * out.
 */
@NullMarked
package dev.rr.processor.root;

import org.jspecify.annotations.NullMarked;
