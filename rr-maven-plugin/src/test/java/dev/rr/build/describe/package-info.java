@NullMarked
package dev.rr.build.describe;

import org.jspecify.annotations.NullMarked;
