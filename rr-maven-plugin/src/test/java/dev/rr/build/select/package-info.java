@NullMarked
package dev.rr.build.select;

import org.jspecify.annotations.NullMarked;
