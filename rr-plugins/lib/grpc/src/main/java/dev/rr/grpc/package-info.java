/**
 * A server of gRPC for plugins that hand calls to workers: grpc-java's HTTP/2 on event loops of
 * ours, with bytes for messages. {@link dev.rr.grpc.GrpcServer} listens, {@link
 * dev.rr.grpc.MethodTable} says what each path is answered by, {@link dev.rr.grpc.CallMemory} keeps
 * what calls hold within bounds. The loops are the only threads, and the server's.
 */
@NullMarked
package dev.rr.grpc;

import org.jspecify.annotations.NullMarked;
