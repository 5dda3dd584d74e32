package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request over FastCGI and its answer. There is no way to send interim heads and trailers. On its
 * loop only.
 */
final class FcgiExchange extends Exchange {
  /** Bytes up to which a copy is cheaper than a second buffer. */
  private static final int COPY = 32 * 1024;

  private final FcgiConnection connection;
  private final int id;
  private final long length;
  private final Http1Writer out;

  /** Chunks that wait for the reader; the connection bounds them. */
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);

  private long received;
  private boolean read;
  private boolean told;
  private @Nullable HttpFault fault;

  FcgiExchange(FcgiConnection connection, int id, FcgiHead head, Loop loop, Http1Writer out) {
    super(
        loop,
        head.method(),
        head.target(),
        head.protocol(),
        head.scheme(),
        head.host(),
        head.headers(),
        head.peer());
    this.connection = connection;
    this.id = id;
    this.length = head.length();
    this.out = out;
  }

  int id() {
    return id;
  }

  @Override
  public long length() {
    return length;
  }

  // The body.

  /** A piece of the body; an empty one is its end. */
  void stdin(byte[] content) {
    if (done() || read) {
      return;
    }
    received += content.length;
    if (content.length == 0) {
      read = true;
      if (received < length) {
        fault = new HttpFault(400, "unexpected EOF");
      }
    } else if (length >= 0 && received > length) {
      fail(new HttpFault(400, "the body is longer than its Content-Length"));
    } else {
      waiting.add(ByteBuffer.wrap(content));
      connection.held(content.length);
    }
    deliver();
  }

  /** Whether nothing more of the body is to come. */
  boolean requestRead() {
    return read;
  }

  /** The body will not be complete. */
  void fail(HttpFault cause) {
    read = true;
    fault = cause;
    dropWaiting();
    deliver();
  }

  @Override
  void bodyWanted() {
    deliver();
  }

  private void deliver() {
    while (takesBody() && !waiting.isEmpty()) {
      ByteBuffer chunk = waiting.remove();
      connection.held(-chunk.remaining());
      bodyChunk(chunk);
    }
    if (!told && waiting.isEmpty() && takesBody() && (read || length == 0)) {
      told = true;
      if (fault != null) {
        bodyFailed(fault);
      } else {
        bodyEnd(HttpHeaders.EMPTY);
      }
    }
  }

  /** Lets go of what nobody will take. */
  void dropWaiting() {
    for (ByteBuffer chunk : waiting) {
      connection.held(-chunk.remaining());
    }
    waiting.clear();
  }

  // The answer.

  @Override
  void sendInterim(int code, HttpHeaders fields) {
    // The web server would take it for the answer.
  }

  @Override
  void sendHead(int code, HttpHeaders fields, long known, @Nullable ByteBuffer body, boolean end) {
    ByteWriter head = out.cgi(code, fields, known);
    int size = body == null ? 0 : body.remaining();
    boolean together = head.size() + size <= COPY;
    if (head.size() > FcgiRecords.MAX_CONTENT) {
      sendBody(ByteBuffer.wrap(head.toByteArray()));
    } else {
      int content = head.size() + (together ? size : 0);
      ByteBuf bytes = buffer(FcgiRecords.HEADER + content + (end ? 24 : 0));
      FcgiRecords.header(bytes, FcgiRecords.STDOUT, id, content);
      bytes.writeBytes(head.array(), 0, head.size());
      if (together && body != null) {
        bytes.writeBytes(body);
      }
      if (end && together) {
        writeEnd(bytes, 0);
        return;
      }
      write(bytes);
    }
    if (body != null && body.hasRemaining()) {
      sendBody(body);
    }
    if (end) {
      sendEnd(HttpHeaders.EMPTY);
    }
  }

  @Override
  void sendBody(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), FcgiRecords.MAX_CONTENT);
      ByteBuffer piece = bytes.slice(bytes.position(), count);
      bytes.position(bytes.position() + count);
      ByteBuf header = buffer(FcgiRecords.HEADER + (count <= COPY ? count : 0));
      FcgiRecords.header(header, FcgiRecords.STDOUT, id, count);
      if (count <= COPY) {
        write(header.writeBytes(piece));
      } else {
        write(header);
        write(Unpooled.wrappedBuffer(piece));
      }
    }
  }

  @Override
  void sendEnd(HttpHeaders trailers) {
    writeEnd(buffer(24), 0);
  }

  /** Ends the stream and the request. */
  void writeEnd(ByteBuf bytes, int applicationStatus) {
    FcgiRecords.header(bytes, FcgiRecords.STDOUT, id, 0);
    write(FcgiRecords.end(bytes, id, applicationStatus, FcgiRecords.REQUEST_COMPLETE));
  }

  private ByteBuf buffer(int size) {
    return connection.context().alloc().directBuffer(size);
  }

  private void write(ByteBuf bytes) {
    ChannelHandlerContext context = connection.context();
    context.write(bytes, context.voidPromise());
  }

  @Override
  boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    return false;
  }

  @Override
  void push() {
    connection.context().flush();
  }

  @Override
  void cut() {
    connection.cut(this);
  }

  @Override
  void answered() {
    connection.ended(this);
  }

  @Override
  boolean transportWritable() {
    return connection.context().channel().isWritable();
  }
}
