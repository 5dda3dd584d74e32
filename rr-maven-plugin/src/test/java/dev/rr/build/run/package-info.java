@NullMarked
package dev.rr.build.run;

import org.jspecify.annotations.NullMarked;
