package dev.rr.plugin.otel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An OTLP export request ({@code ExportTraceServiceRequest}), read off the wire by hand.
 *
 * @param resource the resource's attributes as text
 * @param spans in the order sent
 */
record Exported(Map<String, String> resource, List<Span> spans) {
  /** A span; ids in hex, kind and status as numbers of the protocol. */
  record Span(
      String trace,
      String id,
      String parent,
      String name,
      long kind,
      long status,
      String message,
      Map<String, String> attributes) {}

  /** A field: its number, and either bytes or a number. */
  private record Field(int number, byte[] bytes, long value) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  static Exported read(byte[] request) {
    Map<String, String> resource = new TreeMap<>();
    List<Span> spans = new ArrayList<>();
    for (Field resourceSpans : of(fields(request), 1)) {
      for (Field each : of(fields(resourceSpans.bytes()), 1)) {
        resource.putAll(attributes(fields(each.bytes()), 1));
      }
      for (Field scope : of(fields(resourceSpans.bytes()), 2)) {
        of(fields(scope.bytes()), 2).forEach(s -> spans.add(span(fields(s.bytes()))));
      }
    }
    return new Exported(resource, spans);
  }

  private static Span span(List<Field> fields) {
    List<Field> status = of(fields, 15).stream().flatMap(f -> fields(f.bytes()).stream()).toList();
    return new Span(
        hex(fields, 1),
        hex(fields, 2),
        hex(fields, 4),
        of(fields, 5).getFirst().text(),
        of(fields, 6).getFirst().value(),
        of(status, 3).stream().mapToLong(Field::value).findFirst().orElse(0),
        of(status, 2).stream().map(Field::text).findFirst().orElse(""),
        attributes(fields, 9));
  }

  private static String hex(List<Field> fields, int number) {
    return of(fields, number).stream()
        .map(f -> HexFormat.of().formatHex(f.bytes()))
        .findFirst()
        .orElse("");
  }

  private static Map<String, String> attributes(List<Field> fields, int number) {
    Map<String, String> all = new TreeMap<>();
    for (Field pair : of(fields, number)) {
      List<Field> keyAndValue = fields(pair.bytes());
      Field value = fields(of(keyAndValue, 2).getFirst().bytes()).getFirst();
      all.put(
          of(keyAndValue, 1).getFirst().text(),
          value.number() == 1 ? value.text() : Long.toString(value.value()));
    }
    return all;
  }

  private static List<Field> of(List<Field> fields, int number) {
    return fields.stream().filter(f -> f.number() == number).toList();
  }

  private static List<Field> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> all = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> all.add(new Field(number, new byte[0], varint(in)));
        case 1 -> all.add(new Field(number, new byte[0], in.getLong()));
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          all.add(new Field(number, bytes, 0));
        }
        case 5 -> all.add(new Field(number, new byte[0], in.getInt()));
        default -> throw new AssertionError("no such wire type in " + tag);
      }
    }
    return all;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }
}
