package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.worker.ExecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a client is told when no worker answered. Packages before version 3 tell errors in a frame
 * of their own: {@code code|:|message|:|detail...}. A detail may be any bytes, so bytes are split.
 */
final class WorkerErrors {
  private static final byte[] DELIMITER = "|:|".getBytes(UTF_8);
  private static final long LARGEST = 0xffff_ffffL;

  private WorkerErrors() {}

  static GrpcStatus status(ExecException error) {
    String told = String.valueOf(error.getMessage());
    List<byte[]> parts = split(error.said());
    if (parts.size() > 1) {
      return status(parts, told);
    }
    return GrpcStatus.of(GrpcStatus.INTERNAL, told);
  }

  private static GrpcStatus status(List<byte[]> parts, String told) {
    long code = code(parts.getFirst());
    if (code < 0) {
      return GrpcStatus.of(GrpcStatus.UNKNOWN, told);
    }
    List<ByteString> details =
        parts.stream().skip(2).filter(RpcStatus::isMessage).map(ByteString::copyFrom).toList();
    int known = code == 0 || code == LARGEST ? GrpcStatus.INTERNAL : (int) code;
    return new RpcStatus(known, new String(parts.get(1), UTF_8), details).toStatus().orElseThrow();
  }

  /** An unsigned number of 32 bits in decimal digits; -1 for anything else. */
  private static long code(byte[] digits) {
    if (digits.length == 0 || digits.length > 10) {
      return -1;
    }
    long code = 0;
    for (byte digit : digits) {
      if (digit < '0' || digit > '9') {
        return -1;
      }
      code = code * 10 + digit - '0';
    }
    return code > LARGEST ? -1 : code;
  }

  private static List<byte[]> split(byte[] text) {
    List<byte[]> parts = new ArrayList<>();
    int from = 0;
    for (int at = 0; at + DELIMITER.length <= text.length; at++) {
      if (Arrays.equals(text, at, at + DELIMITER.length, DELIMITER, 0, DELIMITER.length)) {
        parts.add(Arrays.copyOfRange(text, from, at));
        from = at + DELIMITER.length;
        at = from - 1;
      }
    }
    parts.add(Arrays.copyOfRange(text, from, text.length));
    return parts;
  }
}
