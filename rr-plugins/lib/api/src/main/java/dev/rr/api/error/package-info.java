/** Errors whose texts PHP packages know. */
@NullMarked
package dev.rr.api.error;

import org.jspecify.annotations.NullMarked;
