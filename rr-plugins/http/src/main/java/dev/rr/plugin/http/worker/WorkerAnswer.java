package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.worker.Payload;
import dev.rr.http.HeaderNames;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The head of a worker's answer.
 *
 * @param status as the worker gave it, any number
 * @param headers in canonical spelling
 * @param trailers what the worker wants sent behind the body
 */
record WorkerAnswer(long status, HttpHeaders headers, HttpHeaders trailers) {
  private static final String TRAILER = HeaderNames.TRAILER;

  /**
   * Decodes a frame's context.
   *
   * @param codec the frame's codec flags; without any, the first byte tells: it is the tag of a
   *     protobuf answer's first or second field, which begins no JSON
   * @throws IllegalArgumentException when it is malformed
   */
  static WorkerAnswer decode(int codec, ByteBuffer context) {
    byte[] bytes = new byte[context.remaining()];
    context.get(bytes);
    Builder builder = new Builder();
    boolean unmarkedProto =
        codec == 0 && bytes.length > 0 && (bytes[0] == 0x08 || bytes[0] == 0x12);
    if ((codec & Payload.PROTO) != 0 || unmarkedProto) {
      ProtoReader.response(bytes, builder);
    } else if ((codec & ~Payload.JSON) == 0) {
      new JsonScanner(bytes).response(builder);
    } else {
      throw new IllegalArgumentException("unknown payload type: " + codec);
    }
    return builder.build();
  }

  /** Collects fields with the names the worker gave. */
  static final class Builder {
    private long status = 200;
    private final HttpHeaders fields = new HttpHeaders();
    private boolean hasTrailer;

    void status(long code) {
      status = code;
    }

    void field(String name, String value) {
      fields.add(name, value);
      hasTrailer |= name.equalsIgnoreCase(TRAILER);
    }

    private WorkerAnswer build() {
      return hasTrailer ? split() : new WorkerAnswer(status, fields, HttpHeaders.EMPTY);
    }

    private WorkerAnswer split() {
      Set<String> listed = listed();
      HttpHeaders headers = new HttpHeaders();
      HttpHeaders trailers = new HttpHeaders();
      for (int i = 0; i < fields.size(); i++) {
        String name = HeaderNames.canonical(fields.name(i));
        if (!listed.contains(name)) {
          if (!name.equals(TRAILER)) {
            headers.add(fields.name(i), fields.value(i));
          }
        } else if (HeaderNames.mayTrail(name)) {
          // Others are in neither place: a worker that wants them behind the body is mistaken.
          trailers.add(name, fields.value(i));
        }
      }
      return new WorkerAnswer(status, headers, trailers);
    }

    private Set<String> listed() {
      Set<String> listed = new HashSet<>();
      for (int i = 0; i < fields.size(); i++) {
        if (fields.name(i).equalsIgnoreCase(TRAILER)) {
          for (String name : fields.value(i).split(",", -1)) {
            listed.add(HeaderNames.canonical(name.strip()));
          }
        }
      }
      return listed;
    }
  }
}
