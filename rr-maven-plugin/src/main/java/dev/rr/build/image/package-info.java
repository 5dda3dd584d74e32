/**
 * Makes container images, by the OCI image specification, of files alone: no daemon, nothing is
 * run. The same inputs give the same bytes. Caller's thread.
 */
@NullMarked
package dev.rr.build.image;

import org.jspecify.annotations.NullMarked;
