@NullMarked
package dev.rr.build;

import org.jspecify.annotations.NullMarked;
