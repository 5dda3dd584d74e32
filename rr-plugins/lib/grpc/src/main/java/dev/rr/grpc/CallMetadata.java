package dev.rr.grpc;

import dev.rr.api.grpc.GrpcMetadata;
import dev.rr.api.log.Log;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Metadata between the transport and the contract. */
final class CallMetadata {
  /** What the transport says and nobody else: of requests not told, of answers not taken. */
  private static final Set<String> RESERVED =
      Set.of(
          "te",
          "grpc-timeout",
          "grpc-encoding",
          "grpc-message",
          "grpc-status",
          "grpc-message-type");

  private static final Set<String> RESERVED_OF_ANSWERS =
      Set.of("content-type", "content-length", "user-agent", "grpc-accept-encoding");

  private CallMetadata() {}

  /**
   * What came with a call. The library's public methods read texts as ASCII; this one gives bytes,
   * those of {@code -bin} decoded.
   */
  static GrpcMetadata received(Metadata metadata, @Nullable String authority) {
    GrpcMetadata received = new GrpcMetadata();
    if (authority != null) {
      received.add(":authority", authority);
    }
    byte[][] pairs = InternalMetadata.serialize(metadata);
    for (int i = 0; pairs != null && i + 1 < pairs.length; i += 2) {
      String name = new String(pairs[i], StandardCharsets.ISO_8859_1);
      if (!RESERVED.contains(name)) {
        received.add(name, pairs[i + 1]);
      }
    }
    return received;
  }

  /** Bytes that it takes. */
  static long size(GrpcMetadata metadata) {
    long size = 0;
    for (int i = 0; i < metadata.size(); i++) {
      size += metadata.name(i).length() + metadata.bytes(i).length + CallMemory.OBJECTS;
    }
    return size;
  }

  /** What goes with an answer; what cannot be sent is left out with a warning. */
  static Metadata sent(GrpcMetadata metadata, Log log) {
    Metadata sent = new Metadata();
    for (int i = 0; i < metadata.size(); i++) {
      String name = metadata.name(i);
      if (RESERVED.contains(name) || RESERVED_OF_ANSWERS.contains(name)) {
        continue;
      }
      if (!isName(name)) {
        log.warn("metadata not sent: its key is none", "key", name);
      } else if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        sent.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), metadata.bytes(i));
      } else if (isPrintable(metadata.bytes(i))) {
        sent.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), metadata.value(i));
      } else {
        log.warn(
            "metadata not sent: its value has other characters than printable ASCII; a key that"
                + " ends with -bin takes any bytes",
            "key",
            name);
      }
    }
    return sent;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(Metadata.BINARY_HEADER_SUFFIX)
        && name.chars().allMatch(CallMetadata::mayBeInName);
  }

  private static boolean mayBeInName(int c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
  }

  private static boolean isPrintable(byte[] value) {
    for (byte b : value) {
      if (b < ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }
}
