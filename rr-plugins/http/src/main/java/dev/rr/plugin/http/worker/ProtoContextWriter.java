package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpRequest;
import dev.rr.api.worker.Payload;
import dev.rr.http.Targets;
import dev.rr.plugin.http.text.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The context as the protobuf message {@code http.v1.Request}, written by hand: ten fields do not
 * pay for a library. Fields that are {@code string} there get valid UTF-8; header values and
 * cookies are {@code bytes} and go out as they came.
 */
final class ProtoContextWriter implements ContextWriter {
  private static final int LENGTH_DELIMITED = 2;

  @Override
  public int codec() {
    return Payload.PROTO;
  }

  @Override
  public Payload.Body emptyForm() {
    return Payload.NO_BODY;
  }

  @Override
  public void write(ByteWriter out, HttpRequest request, boolean parsed, byte[] uploads) {
    bytes(out, 1, utf8(request.remoteAddress()));
    bytes(out, 2, utf8(request.protocol()));
    bytes(out, 3, utf8(request.method()));
    bytes(out, 4, utf8(Targets.uri(request)));
    ContextWriter.grouped(request.headers(), request.body().length() < 0)
        .forEach((name, values) -> entry(out, 5, name, values));
    if (request.headers().contains("Cookie")) {
      for (Map.Entry<String, String> cookie :
          Cookies.parse(request.headers().all("Cookie")).entrySet()) {
        entry(out, 6, cookie.getKey(), List.of(cookie.getValue()));
      }
    }
    bytes(out, 7, utf8(Targets.rawQuery(request.target())));
    if (parsed) {
      out.put(8 << 3).put(1);
    }
    bytes(out, 9, uploads);
    request.attributes().forEach((name, values) -> entry(out, 10, name, values));
  }

  private static void entry(ByteWriter out, int field, String name, List<String> values) {
    byte[] key = utf8(name);
    byte[][] items = new byte[values.size()][];
    int size = 0;
    for (int i = 0; i < items.length; i++) {
      items[i] = raw(values.get(i));
      size += 1 + varintSize(items[i].length) + items[i].length;
    }
    int total = 1 + varintSize(key.length) + key.length + 1 + varintSize(size) + size;
    varint(out.put(field << 3 | LENGTH_DELIMITED), total);
    varint(out.put(1 << 3 | LENGTH_DELIMITED), key.length);
    out.put(key);
    varint(out.put(2 << 3 | LENGTH_DELIMITED), size);
    for (byte[] item : items) {
      varint(out.put(1 << 3 | LENGTH_DELIMITED), item.length);
      out.put(item);
    }
  }

  private static void bytes(ByteWriter out, int field, byte[] value) {
    if (value.length > 0) {
      varint(out.put(field << 3 | LENGTH_DELIMITED), value.length);
      out.put(value);
    }
  }

  private static void varint(ByteWriter out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.put(rest);
  }

  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private static byte[] raw(String text) {
    ByteWriter out = new ByteWriter(text.length());
    return out.text(text).toByteArray();
  }

  private static byte[] utf8(String text) {
    return Targets.isUtf8(text) ? raw(text) : text.getBytes(StandardCharsets.UTF_8);
  }
}
