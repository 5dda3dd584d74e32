@NullMarked
package dev.rr.embed;

import org.jspecify.annotations.NullMarked;
