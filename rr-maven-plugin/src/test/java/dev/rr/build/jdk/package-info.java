@NullMarked
package dev.rr.build.jdk;

import org.jspecify.annotations.NullMarked;
