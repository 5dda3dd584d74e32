package dev.rr.plugin.http.fastcgi;

import dev.rr.api.http.HttpHeaders;
import dev.rr.http.FramedExchange;
import dev.rr.plugin.http.connection.HeadWriter;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.text.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A request over FastCGI and its answer. There is no way to send interim heads and trailers. On its
 * loop only.
 */
final class FcgiExchange extends FramedExchange {
  /** Bytes up to which a copy is cheaper than a second buffer. */
  private static final int COPY = 32 * 1024;

  private final FcgiConnection connection;
  private final int id;
  private final HeadWriter out;

  /** Bytes of the body that wait; the connection bounds them. */
  private int waiting;

  FcgiExchange(FcgiConnection connection, int id, FcgiHead head, Loop loop, HeadWriter out) {
    super(loop, head.request(), head.peer(), head.length());
    this.connection = connection;
    this.id = id;
    this.out = out;
  }

  int id() {
    return id;
  }

  /** A piece of the body; an empty one is its end. */
  void stdin(byte[] content) {
    if (content.length == 0) {
      ended(HttpHeaders.EMPTY);
    } else {
      arrived(ByteBuffer.wrap(content));
    }
  }

  @Override
  protected void waits(int bytes) {
    int more = bytes - waiting;
    waiting = bytes;
    if (more != 0) {
      connection.held(more);
    }
  }

  // The answer.

  @Override
  protected void sendInterim(int code, HttpHeaders fields) {
    // The web server would take it for the answer.
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders fields, long known, @Nullable ByteBuffer body, boolean end) {
    ByteWriter head = out.cgi(code, fields, known);
    int size = body == null ? 0 : body.remaining();
    // The usual answer is one buffer: head, body and end, in three records.
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
  protected void sendBody(ByteBuffer bytes) {
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
  protected void sendEnd(HttpHeaders trailers) {
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
  protected boolean sendRegion(FileChannel file, long offset, long count, Runnable after) {
    return false;
  }

  @Override
  protected void push() {
    connection.context().flush();
    connection.count();
  }

  @Override
  protected void cut() {
    drop();
    connection.cut(this);
  }

  @Override
  protected void answered() {
    drop();
    connection.ended(this);
  }

  @Override
  protected boolean transportWritable() {
    return connection.context().channel().isWritable();
  }
}
