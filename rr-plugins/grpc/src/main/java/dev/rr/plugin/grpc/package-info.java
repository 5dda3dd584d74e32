/**
 * Serves gRPC from PHP workers. A call's message is handed to a worker as it came, and the worker's
 * answer to the client: nothing is decoded. HTTP/2 and its limits are grpc-java's, on event loops
 * of this plugin's server. Owns the threads {@code grpc-loop} and a pool.
 */
@NullMarked
package dev.rr.plugin.grpc;

import org.jspecify.annotations.NullMarked;
