package dev.rr.api.grpc;

/** A reply that hands everything on, for those who change or watch a part of it. */
public class ForwardingGrpcReply implements GrpcReply {
  private final GrpcReply next;

  /** Hands on to {@code next}. */
  protected ForwardingGrpcReply(GrpcReply next) {
    this.next = next;
  }

  @Override
  public GrpcMetadata headers() {
    return next.headers();
  }

  @Override
  public GrpcMetadata trailers() {
    return next.trailers();
  }

  @Override
  public void message(byte[] message) {
    next.message(message);
  }

  @Override
  public boolean part(byte[] message) {
    return next.part(message);
  }

  @Override
  public void end() {
    next.end();
  }

  @Override
  public void fail(GrpcStatus status) {
    next.fail(status);
  }
}
