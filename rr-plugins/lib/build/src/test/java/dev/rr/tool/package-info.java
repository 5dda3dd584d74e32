@NullMarked
package dev.rr.tool;

import org.jspecify.annotations.NullMarked;
