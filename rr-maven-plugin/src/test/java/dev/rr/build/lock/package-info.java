@NullMarked
package dev.rr.build.lock;

import org.jspecify.annotations.NullMarked;
