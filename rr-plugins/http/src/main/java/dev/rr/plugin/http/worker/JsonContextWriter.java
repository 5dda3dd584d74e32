package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.worker.Payload;
import dev.rr.http.Targets;
import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.plugin.http.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The context as JSON: what every package before 4.0 reads, at a fraction of protobuf's cost in
 * PHP.
 *
 * <p>It is written field by field into bytes, without a tree and mostly without a text in between:
 * this runs once for each request, on the thread that the worker waits for. Keys and their order
 * are upstream's.
 */
final class JsonContextWriter implements ContextWriter {
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
  private static final Payload.Body EMPTY_FORM = new Payload.Bytes(ascii("{}"));

  @Override
  public int codec() {
    return Payload.JSON;
  }

  @Override
  public Payload.Body emptyForm() {
    return EMPTY_FORM;
  }

  @Override
  public void write(ByteWriter out, HttpRequest request, boolean parsed, byte[] uploads) {
    JsonText.string(out.put(REMOTE), request.remoteAddress());
    JsonText.string(out.put(PROTOCOL), request.protocol());
    JsonText.string(out.put(METHOD), request.method());
    JsonText.string(out.put(URI), Targets.uri(request));
    headers(out.put(HEADERS), request);
    cookies(out.put(COOKIES), request.headers());
    JsonText.string(out.put(RAW_QUERY), Targets.rawQuery(request.target()));
    out.put(parsed ? PARSED : UNPARSED).put(uploads.length == 0 ? NULL : uploads);
    lists(out.put(ATTRIBUTES), request.attributes());
    out.put(END);
  }

  /**
   * A name with the list of its values. Names that come more than once are found by looking back,
   * which for the usual dozen of fields is cheaper than a map; for many it would be quadratic.
   */
  private static void headers(ByteWriter out, HttpRequest request) {
    HttpHeaders headers = request.headers();
    boolean chunked = request.body().length() < 0;
    if (headers.size() > ContextWriter.FEW) {
      lists(out, ContextWriter.grouped(headers, chunked));
      return;
    }
    boolean any = false;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (ContextWriter.isHidden(name, chunked) || appearsBefore(headers, i)) {
        continue;
      }
      if (any) {
        out.put(',');
      }
      any = true;
      JsonText.string(out, name);
      JsonText.string(out.put(':').put('['), headers.value(i));
      for (int j = i + 1; j < headers.size(); j++) {
        if (headers.name(j).equalsIgnoreCase(name)) {
          JsonText.string(out.put(','), headers.value(j));
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
      JsonText.string(out, cookie.getKey());
      JsonText.string(out.put(':'), cookie.getValue());
    }
  }

  /** The entries of a map of lists, without what stands around them. */
  private static void lists(ByteWriter out, Map<String, List<String>> map) {
    Iterator<Map.Entry<String, List<String>>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, List<String>> entry = entries.next();
      JsonText.string(out, entry.getKey());
      out.put(':').put('[');
      for (int i = 0; i < entry.getValue().size(); i++) {
        if (i > 0) {
          out.put(',');
        }
        JsonText.string(out, entry.getValue().get(i));
      }
      out.put(']');
      if (entries.hasNext()) {
        out.put(',');
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
