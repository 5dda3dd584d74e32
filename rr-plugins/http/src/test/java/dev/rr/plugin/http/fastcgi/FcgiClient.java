package dev.rr.plugin.http.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A web server's side of a connection. */
public final class FcgiClient implements Closeable {
  public static final int ABORT_REQUEST = FcgiRecords.ABORT_REQUEST;
  public static final int END_REQUEST = FcgiRecords.END_REQUEST;
  public static final int STDIN = FcgiRecords.STDIN;
  public static final int STDERR = FcgiRecords.STDERR;
  public static final int GET_VALUES = FcgiRecords.GET_VALUES;
  public static final int GET_VALUES_RESULT = FcgiRecords.GET_VALUES_RESULT;
  public static final int UNKNOWN_TYPE = FcgiRecords.UNKNOWN_TYPE;
  public static final int UNKNOWN_ROLE = FcgiRecords.UNKNOWN_ROLE;

  /** A record as it came. */
  public record Record(int type, int id, byte[] content) {
    public String text() {
      return new String(content, StandardCharsets.ISO_8859_1);
    }

    public Map<String, String> pairs() throws ProtocolException {
      return FcgiRecords.pairs(content);
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  public FcgiClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Names and values as records carry them. */
  public static byte[] pairs(Map<String, String> pairs) {
    ByteBuf out = Unpooled.buffer();
    pairs.forEach((name, value) -> FcgiRecords.pair(out, name, value));
    byte[] all = new byte[out.readableBytes()];
    out.readBytes(all);
    return all;
  }

  public FcgiClient send(int type, int id, byte[] content) throws IOException {
    ByteBuf out = Unpooled.buffer();
    FcgiRecords.header(out, type, id, content.length).writeBytes(content);
    socket.getOutputStream().write(out.array(), 0, out.readableBytes());
    return this;
  }

  public FcgiClient begin(int id, int role, boolean keep) throws IOException {
    return send(
        FcgiRecords.BEGIN_REQUEST,
        id,
        new byte[] {0, (byte) role, (byte) (keep ? 1 : 0), 0, 0, 0, 0, 0});
  }

  public FcgiClient params(int id, Map<String, String> params) throws IOException {
    byte[] all = pairs(params);
    for (int at = 0; at < all.length; at += 60_000) {
      send(FcgiRecords.PARAMS, id, Arrays.copyOfRange(all, at, Math.min(all.length, at + 60_000)));
    }
    return send(FcgiRecords.PARAMS, id, new byte[0]);
  }

  public FcgiClient stdin(int id, String text) throws IOException {
    return send(FcgiRecords.STDIN, id, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public Record read() throws IOException {
    int version = in.readUnsignedByte();
    assertThat(version).isEqualTo(1);
    int type = in.readUnsignedByte();
    int id = in.readUnsignedShort();
    byte[] content = new byte[in.readUnsignedShort()];
    int padding = in.readUnsignedByte();
    in.readByte();
    in.readFully(content);
    in.readFully(new byte[padding]);
    return new Record(type, id, content);
  }

  /** What one request was answered, with what came of the others left out. */
  public String answer(int id) throws IOException {
    StringBuilder out = new StringBuilder();
    while (true) {
      Record record = read();
      if (record.id() == id && record.type() == FcgiRecords.STDOUT) {
        out.append(record.text());
      } else if (record.id() == id && record.type() == FcgiRecords.END_REQUEST) {
        assertThat(record.content()).isEqualTo(new byte[8]);
        return out.toString();
      }
    }
  }

  public boolean closed() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
