@NullMarked
package dev.rr.build.assemble;

import org.jspecify.annotations.NullMarked;
