/**
 * Writes the interfaces that services in PHP implement, as upstream's generator does. Owns no
 * thread.
 */
@NullMarked
package dev.rr.grpcphp;

import org.jspecify.annotations.NullMarked;
