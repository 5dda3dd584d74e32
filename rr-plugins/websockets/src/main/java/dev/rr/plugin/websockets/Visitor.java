package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.http.Targets;
import dev.rr.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to connect or join, as PHP is told it each time: the request that the connection began
 * with, as a JSON context without its end. Immutable.
 */
final class Visitor {
  private final byte[] begin;
  private final String address;

  private Visitor(byte[] begin, String address) {
    this.begin = begin;
    this.address = address;
  }

  /** Who sent a request. On its loop. */
  static Visitor of(HttpRequest request) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("remoteAddr", request.remoteAddress());
    fields.put("protocol", request.protocol());
    fields.put("method", request.method());
    fields.put("uri", Targets.uri(request));
    fields.put("headers", headers(request.headers()));
    // Always empty upstream; they stand in the header.
    fields.put("cookies", Map.of());
    fields.put("rawQuery", Targets.rawQuery(request.target()));
    fields.put("parsed", false);
    fields.put("uploads", null);
    fields.put("attributes", request.attributes());
    return new Visitor(
        open(JsonWriter.write(fields), request.attributes().isEmpty()), request.remoteAddress());
  }

  /** Without the two braces at its end, with a comma where attributes stand before the next. */
  private static byte[] open(byte[] json, boolean empty) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    out.write(json, 0, json.length - 2);
    if (!empty) {
      out.write(',');
    }
    return out.toByteArray();
  }

  private static Map<String, List<String>> headers(HttpHeaders headers) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (!name.equalsIgnoreCase("Host")) {
        map.computeIfAbsent(spelling(map, name), n -> new ArrayList<>(1)).add(text(value));
      }
    });
    return map;
  }

  /** As it came first. */
  private static String spelling(Map<String, List<String>> map, String name) {
    return map.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  /** Fields are byte strings; JSON has none. */
  private static String text(String value) {
    return Targets.isUtf8(value) ? new String(value.getBytes(ISO_8859_1), UTF_8) : value;
  }

  String address() {
    return address;
  }

  /** The context that asks whether the client may connect. */
  byte[] joinServer() {
    return ended("\"ws:joinServer\":true}}".getBytes(UTF_8));
  }

  /** The context that asks whether it may join all of these topics. */
  byte[] joinTopics(List<String> topics) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\"ws:joinTopics\":".getBytes(UTF_8));
    out.writeBytes(JsonWriter.write(String.join(",", topics)));
    out.writeBytes("}}".getBytes(UTF_8));
    return ended(out.toByteArray());
  }

  private byte[] ended(byte[] end) {
    byte[] whole = new byte[begin.length + end.length];
    System.arraycopy(begin, 0, whole, 0, begin.length);
    System.arraycopy(end, 0, whole, begin.length, end.length);
    return whole;
  }
}
