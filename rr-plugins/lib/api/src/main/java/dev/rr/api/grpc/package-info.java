/**
 * Calls of gRPC on their way to the workers, as plugins see them: names and bytes, free of any
 * library.
 */
@NullMarked
package dev.rr.api.grpc;

import org.jspecify.annotations.NullMarked;
