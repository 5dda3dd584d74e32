package dev.rr.plugin.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.worker.Payload;
import dev.rr.http.Targets;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The context as JSON: what every package before 4.0 reads, at a fraction of protobuf's cost in
 * PHP.
 */
final class JsonContext implements Context {
  private static final byte[] REMOTE = ascii("{\"remoteAddr\":");
  private static final byte[] PROTOCOL = ascii(",\"protocol\":");
  private static final byte[] METHOD = ascii(",\"method\":");
  private static final byte[] URI = ascii(",\"uri\":");
  private static final byte[] HEADERS = ascii(",\"headers\":{");
  private static final byte[] COOKIES = ascii("},\"cookies\":{");
  private static final byte[] RAW_QUERY = ascii("},\"rawQuery\":");
  private static final byte[] PARSED = ascii(",\"parsed\":true,\"uploads\":");
  private static final byte[] UNPARSED = ascii(",\"parsed\":false,\"uploads\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] ATTRIBUTES = ascii(",\"attributes\":{");
  private static final byte[] END = ascii("}}");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] EMPTY_FORM = ascii("{}");

  @Override
  public int codec() {
    return Payload.JSON;
  }

  @Override
  public byte[] emptyForm() {
    return EMPTY_FORM;
  }

  @Override
  public void write(ByteWriter out, HttpRequest request, boolean parsed, byte[] uploads) {
    string(out.put(REMOTE), request.remoteAddress());
    string(out.put(PROTOCOL), request.protocol());
    string(out.put(METHOD), request.method());
    string(out.put(URI), Targets.uri(request));
    headers(out.put(HEADERS), request);
    cookies(out.put(COOKIES), request.headers());
    string(out.put(RAW_QUERY), Targets.rawQuery(request.target()));
    out.put(parsed ? PARSED : UNPARSED).put(uploads.length == 0 ? NULL : uploads);
    lists(out.put(ATTRIBUTES), request.attributes());
    out.put(END);
  }

  private static void headers(ByteWriter out, HttpRequest request) {
    HttpHeaders headers = request.headers();
    boolean chunked = request.body().length() < 0;
    if (headers.size() > Context.FEW) {
      lists(out, Context.grouped(headers, chunked));
      return;
    }
    boolean any = false;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (Context.isHidden(name, chunked) || appearsBefore(headers, i)) {
        continue;
      }
      if (any) {
        out.put(',');
      }
      any = true;
      string(out, name);
      string(out.put(':').put('['), headers.value(i));
      for (int j = i + 1; j < headers.size(); j++) {
        if (headers.name(j).equalsIgnoreCase(name)) {
          string(out.put(','), headers.value(j));
        }
      }
      out.put(']');
    }
  }

  private static boolean appearsBefore(HttpHeaders headers, int index) {
    String name = headers.name(index);
    for (int i = 0; i < index; i++) {
      if (headers.name(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private static void cookies(ByteWriter out, HttpHeaders headers) {
    if (!headers.contains("Cookie")) {
      return;
    }
    boolean any = false;
    for (Map.Entry<String, String> cookie : Cookies.parse(headers.all("Cookie")).entrySet()) {
      if (any) {
        out.put(',');
      }
      any = true;
      string(out, cookie.getKey());
      string(out.put(':'), cookie.getValue());
    }
  }

  private static void lists(ByteWriter out, Map<String, List<String>> map) {
    Iterator<Map.Entry<String, List<String>>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, List<String>> entry = entries.next();
      string(out, entry.getKey());
      out.put(':').put('[');
      for (int i = 0; i < entry.getValue().size(); i++) {
        if (i > 0) {
          out.put(',');
        }
        string(out, entry.getValue().get(i));
      }
      out.put(']');
      if (entries.hasNext()) {
        out.put(',');
      }
    }
  }

  /**
   * Writes a byte string as JSON text. Bytes that are no UTF-8 are taken for ISO-8859-1, since JSON
   * knows no other way to carry them.
   */
  static void string(ByteWriter out, String text) {
    if (isPlain(text)) {
      out.put('"').text(text).put('"');
      return;
    }
    out.put('"');
    boolean utf8 = Targets.isUtf8(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        escape(out, c);
      } else if (c < 0x80 || utf8 && c <= 0xff) {
        out.put(c);
      } else if (c <= 0xff) {
        out.put(0xc0 | c >> 6).put(0x80 | c & 0x3f);
      } else {
        int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
        out.put(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    out.put('"');
  }

  static void escape(ByteWriter out, char c) {
    out.put('\\');
    switch (c) {
      case '"', '\\' -> out.put(c);
      case '\n' -> out.put('n');
      case '\r' -> out.put('r');
      case '\t' -> out.put('t');
      default -> out.put('u').put('0').put('0').put(HEX[c >> 4]).put(HEX[c & 15]);
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
