package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.worker.Payload;
import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.text.ByteWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what a worker is told about a request besides its body: the context of a frame. Stateless;
 * on the thread that owns the worker, which has the request to itself by then.
 *
 * <p>Texts of a request are byte strings. What the codec cannot carry is decided by each writer;
 * what PHP is told and what is kept from it is decided here, for both alike.
 */
public sealed interface ContextWriter permits JsonContextWriter, ProtoContextWriter {
  /** More fields than this are put together by a map instead of by comparing each with each. */
  int FEW = 64;

  /** The codec flag of its frames. */
  int codec();

  /**
   * Writes a context.
   *
   * @param parsed whether the body is a parsed form
   * @param uploads JSON text of the tree of uploads; empty when there is none
   */
  void write(ByteWriter out, HttpRequest request, boolean parsed, byte[] uploads);

  /** What a form without fields looks like. */
  Payload.Body emptyForm();

  /** The context for a codec flag. */
  static ContextWriter of(int codec) {
    return codec == Payload.PROTO ? new ProtoContextWriter() : new JsonContextWriter();
  }

  /**
   * Headers that PHP does not get: it sees the host in the URI, and the body is no longer chunked.
   */
  static boolean isHidden(String name, boolean chunked) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase(HeaderNames.HOST);
      case 7 -> chunked && name.equalsIgnoreCase(HeaderNames.TRAILER);
      case 17 -> name.equalsIgnoreCase(HeaderNames.TRANSFER_ENCODING);
      default -> false;
    };
  }

  /** The headers of a request by name, in the order of their first appearance. */
  static Map<String, List<String>> grouped(HttpHeaders headers, boolean chunked) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      if (!isHidden(headers.name(i), chunked)) {
        map.computeIfAbsent(HeaderNames.canonical(headers.name(i)), n -> new ArrayList<>(1))
            .add(headers.value(i));
      }
    }
    return map;
  }
}
