package dev.rr.plugin.http.worker;

import dev.rr.http.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the protobuf message {@code http.v1.Response}; unknown fields are skipped. One thread.
 *
 * <p>Two fields do not pay for a library: {@code int64 status = 1} and {@code map<string,
 * HeaderValue> headers = 2}, whose values are lists of bytes. A tag is a field's number and its
 * wire type. A message within the message is another reader on the same array.
 */
final class ProtoAnswerReader {
  private final byte[] bytes;

  /** Where the whole message begins in the array. */
  private final int begin;

  private final int end;
  private int at;

  private ProtoAnswerReader(byte[] bytes, int begin, int at, int end) {
    this.bytes = bytes;
    this.begin = begin;
    this.at = at;
    this.end = end;
  }

  /**
   * Reads an answer's head.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static void read(ByteBuffer message, WorkerAnswer.Builder answer) {
    int begin = message.arrayOffset() + message.position();
    ProtoAnswerReader reader =
        new ProtoAnswerReader(message.array(), begin, begin, begin + message.remaining());
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

  /** An entry of the map: its key is field 1, its value field 2. */
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

  private ProtoAnswerReader message() {
    int start = length();
    return new ProtoAnswerReader(bytes, begin, start, at);
  }

  /** Passes a length-delimited value; where it begins. */
  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed(at);
    }
    int start = at;
    at += (int) length;
    return start;
  }

  /** Passes a value of a field that is not known. */
  private void skip(int wireType) {
    // Varint, 64 bits, length-delimited, 32 bits; groups (3 and 4) are no longer in the language.
    switch (wireType) {
      case 0 -> {
        var unused = varint();
      }
      case 1 -> at += 8;
      case 2 -> {
        var unused = length();
      }
      case 5 -> at += 4;
      default -> throw malformed(at);
    }
    if (at > end) {
      throw malformed(end);
    }
  }

  /** Seven bits a byte, the lowest first; the eighth says that another follows. */
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
    throw malformed(at);
  }

  private IllegalArgumentException malformed(int where) {
    return new IllegalArgumentException("malformed protobuf at byte " + (where - begin));
  }
}
