package dev.rr.plugin.http;

import dev.rr.testing.worker.FakePool;
import java.nio.ByteBuffer;

/** Pools whose workers answer HTTP. */
final class HttpWorkers {
  private static final String OK = "{\"status\":200,\"headers\":{}}";

  private HttpWorkers() {}

  /** A pool that answers 200 with the context it was given. */
  static FakePool echoingContext() {
    return new FakePool((request, reply) -> FakePool.answer(reply, OK, request.context()));
  }

  /** A pool that answers 200 with the body it was given. */
  static FakePool echoingBody() {
    return new FakePool((request, reply) ->
        reply.frame(8, FakePool.bytes(OK), ByteBuffer.wrap(request.body()), 0, true));
  }
}
