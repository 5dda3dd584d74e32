/** Metrics as plugins offer them, free of any library: values are asked for when somebody looks. */
@NullMarked
package dev.rr.api.metrics;

import org.jspecify.annotations.NullMarked;
