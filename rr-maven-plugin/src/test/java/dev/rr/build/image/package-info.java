@NullMarked
package dev.rr.build.image;

import org.jspecify.annotations.NullMarked;
