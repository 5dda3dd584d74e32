package dev.rr.plugin.http.worker;

import dev.rr.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the protobuf message {@code http.v1.Response}; unknown fields are skipped. One thread. */
final class ProtoReader {
  private final byte[] bytes;
  private int at;
  private final int end;

  private ProtoReader(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /**
   * Reads an answer's head.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static void response(byte[] bytes, WorkerAnswer.Builder answer) {
    ProtoReader reader = new ProtoReader(bytes, 0, bytes.length);
    // Without the field the status is 0, which is no status.
    answer.status(0);
    while (reader.at < reader.end) {
      long tag = reader.varint();
      if (tag == (1 << 3)) {
        answer.status(reader.varint());
      } else if (tag == (2 << 3 | 2)) {
        reader.message().header(answer);
      } else {
        reader.skip((int) tag & 7);
      }
    }
  }

  private void header(WorkerAnswer.Builder answer) {
    String name = "";
    List<String> values = new ArrayList<>(1);
    while (at < end) {
      long tag = varint();
      if (tag == (1 << 3 | 2)) {
        name = message().text();
      } else if (tag == (2 << 3 | 2)) {
        message().values(values);
      } else {
        skip((int) tag & 7);
      }
    }
    String canonical = HeaderNames.canonical(name);
    for (String value : values) {
      answer.field(canonical, value);
    }
  }

  private void values(List<String> into) {
    while (at < end) {
      long tag = varint();
      if (tag == (1 << 3 | 2)) {
        into.add(message().text());
      } else {
        skip((int) tag & 7);
      }
    }
  }

  private String text() {
    return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private ProtoReader message() {
    int start = length();
    return new ProtoReader(bytes, start, at);
  }

  /** Passes a length-delimited value; where it begins. */
  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException("malformed protobuf at byte " + at);
    }
    int start = at;
    at += (int) length;
    return start;
  }

  private void skip(int wireType) {
    switch (wireType) {
      case 0 -> {
        var unused = varint();
      }
      case 1 -> at += 8;
      case 2 -> {
        var unused = length();
      }
      case 5 -> at += 4;
      default -> throw new IllegalArgumentException("malformed protobuf at byte " + at);
    }
    if (at > end) {
      throw new IllegalArgumentException("malformed protobuf at byte " + end);
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        break;
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("malformed protobuf at byte " + at);
  }
}
