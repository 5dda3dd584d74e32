package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpText;
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
    text(out, 1, utf8(request.remoteAddress()));
    text(out, 2, utf8(request.protocol()));
    text(out, 3, utf8(request.method()));
    text(out, 4, utf8(Targets.uri(request)));
    ContextWriter.grouped(request.headers(), request.body().length() < 0)
        .forEach((name, values) -> entry(out, 5, name, values));
    if (request.headers().contains("Cookie")) {
      for (Map.Entry<String, String> cookie :
          Cookies.parse(request.headers().all("Cookie")).entrySet()) {
        entry(out, 6, cookie.getKey(), List.of(cookie.getValue()));
      }
    }
    text(out, 7, utf8(Targets.rawQuery(request.target())));
    if (parsed) {
      // A bool is a varint; false is left out.
      out.put(8 << 3).put(1);
    }
    if (uploads.length > 0) {
      length(out, 9, uploads.length).put(uploads);
    }
    request.attributes().forEach((name, values) -> entry(out, 10, name, values));
  }

  /**
   * An entry of a map of lists. Sizes come before contents in protobuf, so they are summed up
   * first: {@code map<string, HeaderValue>} is a message with key 1 and value 2, and {@code
   * HeaderValue} one with its values as 1.
   */
  private static void entry(ByteWriter out, int field, String name, List<String> values) {
    String key = utf8(name);
    int size = 0;
    for (String value : values) {
      size += sizeOf(byteString(value).length());
    }
    length(out, field, sizeOf(key.length()) + sizeOf(size));
    length(out, 1, key.length()).text(key);
    length(out, 2, size);
    for (String value : values) {
      String item = byteString(value);
      length(out, 1, item.length()).text(item);
    }
  }

  /** Bytes of a delimited field, of any number up to 15, with so many bytes in it. */
  private static int sizeOf(int length) {
    return 1 + varintSize(length) + length;
  }

  /** A text; left out when empty, as proto3 has it. */
  private static void text(ByteWriter out, int field, String value) {
    if (!value.isEmpty()) {
      length(out, field, value.length()).text(value);
    }
  }

  private static ByteWriter length(ByteWriter out, int field, int length) {
    varint(out.put(field << 3 | LENGTH_DELIMITED), length);
    return out;
  }

  private static void varint(ByteWriter out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.put(rest);
  }

  /** How many bytes {@link #varint} writes: one for each seven bits. */
  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** As bytes, each a character: only what middleware adds may be other text than that already. */
  private static String byteString(String text) {
    return HttpText.isBytes(text) ? text : encoded(text);
  }

  /** As valid UTF-8: what is none is taken for ISO-8859-1, as in JSON. */
  private static String utf8(String text) {
    return Targets.isUtf8(text) ? byteString(text) : encoded(text);
  }

  private static String encoded(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
