@NullMarked
package dev.rr.maven;

import org.jspecify.annotations.NullMarked;
