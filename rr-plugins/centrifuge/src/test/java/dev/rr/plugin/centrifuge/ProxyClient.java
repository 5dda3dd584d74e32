package dev.rr.plugin.centrifuge;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls as Centrifugo does, with bytes for messages. */
record ProxyClient(ManagedChannel channel) {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  /**
   * How a call ended.
   *
   * @param message the answer; empty when there is none
   */
  record Outcome(Status status, byte[] message) {
    /** {@code CODE: description}, or the answer in hex digits where all is well. */
    String text() {
      return status.isOk()
          ? HexFormat.of().formatHex(message)
          : status.getCode() + ": " + status.getDescription();
    }
  }

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  Outcome call(String method, byte[] message) throws Exception {
    return call(method, message, new Metadata(), CallOptions.DEFAULT);
  }

  Outcome call(String method, byte[] message, Metadata metadata, CallOptions options)
      throws Exception {
    return begin(MethodType.UNARY, method, message, metadata, options).get(30, TimeUnit.SECONDS);
  }

  /** Sends a message and, unless the method streams, its end. */
  CompletableFuture<Outcome> begin(
      MethodType type, String method, byte[] message, Metadata metadata, CallOptions options) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(type)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(ProxyService.NAME, method))
            .build();
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = channel.newCall(descriptor, options);
    call.start(new Waiting(outcome), metadata);
    call.request(2);
    call.sendMessage(message);
    if (type != MethodType.BIDI_STREAMING) {
      call.halfClose();
    }
    return outcome;
  }

  private static final class Waiting extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Outcome> outcome;
    private byte[] message = {};

    Waiting(CompletableFuture<Outcome> outcome) {
      this.outcome = outcome;
    }

    @Override
    public void onMessage(byte[] given) {
      message = given;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      outcome.complete(new Outcome(status, message));
    }
  }
}
