package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** grpc-java's client, with bytes for messages. */
record Client(ManagedChannel channel) {
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

  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static Metadata.Key<byte[]> binary(String name) {
    return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
  }

  /** A call under way. */
  static final class Call extends ClientCall.Listener<byte[]> {
    private static final byte[] END = {};

    private final ClientCall<byte[], byte[]> call;
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable Metadata> headers = new AtomicReference<>();
    private volatile Status status = Status.UNKNOWN;
    private volatile Metadata trailers = new Metadata();

    Call(ClientCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public void onHeaders(Metadata received) {
      headers.set(received);
    }

    @Override
    public void onMessage(byte[] message) {
      messages.add(message);
    }

    @Override
    public void onClose(Status end, Metadata received) {
      status = end;
      trailers = received;
      messages.add(END);
      closed.countDown();
    }

    void cancel() {
      call.cancel("the test gives up", null);
    }

    void send(byte[] message) {
      call.sendMessage(message);
    }

    void end() {
      call.halfClose();
    }

    /** The next message of a stream. */
    byte[] next() throws InterruptedException {
      byte[] message = messages.poll(30, TimeUnit.SECONDS);
      if (message == null || message == END) {
        throw new AssertionError("no message but " + (message == null ? "nothing" : status));
      }
      return message;
    }

    /** Messages that came and were not taken, after the end. */
    int received() {
      return messages.size() - 1;
    }

    boolean isOver() {
      return closed.getCount() == 0;
    }

    /** Whether the transport has room for more. */
    boolean isReady() {
      return call.isReady();
    }

    Call await() throws InterruptedException {
      if (!closed.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the call does not end");
      }
      return this;
    }

    Status status() throws InterruptedException {
      return await().status;
    }

    /** {@code CODE: description}, or the answer where all is well. */
    String outcome() throws InterruptedException {
      Status end = status();
      return end.isOk() ? new String(next(), UTF_8) : end.getCode() + ": " + end.getDescription();
    }

    Metadata headers() {
      Metadata received = headers.get();
      return received == null ? new Metadata() : received;
    }

    Metadata trailers() throws InterruptedException {
      await();
      return trailers;
    }
  }

  Call ping(String message) {
    return ping(message, new Metadata(), CallOptions.DEFAULT);
  }

  Call ping(String message, Metadata metadata, CallOptions options) {
    return unary("service.Echo", "Ping", message.getBytes(UTF_8), metadata, options);
  }

  Call unary(
      String service, String method, byte[] message, Metadata metadata, CallOptions options) {
    Call call = open(MethodType.UNARY, service, method, metadata, options);
    call.send(message);
    call.end();
    return call;
  }

  Call open(
      MethodType type, String service, String method, Metadata metadata, CallOptions options) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(type)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
            .build();
    ClientCall<byte[], byte[]> made = channel.newCall(descriptor, options);
    Call call = new Call(made);
    made.start(call, metadata);
    made.request(1000);
    made.setMessageCompression(true);
    return call;
  }
}
