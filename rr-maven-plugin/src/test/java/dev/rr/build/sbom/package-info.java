@NullMarked
package dev.rr.build.sbom;

import org.jspecify.annotations.NullMarked;
