/** Bills of the materials of a file, CycloneDX and SPDX, with licences. Caller's thread. */
@NullMarked
package dev.rr.build.sbom;

import org.jspecify.annotations.NullMarked;
