@NullMarked
package dev.rr.build.resolve;

import org.jspecify.annotations.NullMarked;
