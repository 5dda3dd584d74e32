@NullMarked
package dev.rr.build.archive;

import org.jspecify.annotations.NullMarked;
