package dev.rr.api.grpc;

import dev.rr.annotation.Contract;

/**
 * Stands between clients and workers. {@code grpc.interceptors} names those that are in force; the
 * first meets a call first and its answer last. It may answer a call itself, by not handing it on.
 */
@Contract
public interface GrpcInterceptor {
  /**
   * Puts itself around {@code next}. Called once, before the server listens.
   *
   * @param next answers what this hands on
   */
  GrpcHandler intercept(GrpcHandler next);
}
