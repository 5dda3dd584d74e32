package dev.rr.build.image;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes the body of an answer to a channel, up to a limit. The HTTP client's threads. */
final class BoundedBody implements HttpResponse.BodySubscriber<Void> {
  private final WritableByteChannel out;
  private final long limit;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private long written;
  private Flow.@Nullable Subscription subscription;

  /**
   * Makes one.
   *
   * @param out closed at the end
   * @param limit in bytes
   */
  BoundedBody(WritableByteChannel out, long limit) {
    this.out = out;
    this.limit = limit;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    Flow.Subscription given = subscription;
    if (given == null || end.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        written += buffer.remaining();
        if (written > limit) {
          throw new TooLongException("the answer is longer than " + limit + " bytes");
        }
        write(buffer);
      }
      given.request(1);
    } catch (IOException e) {
      given.cancel();
      onError(e);
    }
  }

  private void write(ByteBuffer buffer) throws IOException {
    try {
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    } catch (IOException e) {
      throw new NotKeptException(e);
    }
  }

  @Override
  public void onError(Throwable error) {
    try {
      out.close();
    } catch (IOException e) {
      error.addSuppressed(e);
    }
    end.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    try {
      out.close();
      end.complete(null);
    } catch (IOException e) {
      end.completeExceptionally(e);
    }
  }

  /** What came could not be written here, which is no fault of who sent it. */
  static final class NotKeptException extends IOException {
    private static final long serialVersionUID = 1L;

    NotKeptException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** More than the limit came. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }
}
