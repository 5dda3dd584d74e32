package dev.rr.plugin.http.worker;

import java.nio.ByteBuffer;

/**
 * Reads an answer's head in JSON: {@code {"status":200,"headers":{"name":["value"]}}}. Other keys
 * are skipped. One thread.
 */
final class JsonAnswerReader {
  private final JsonScanner in;
  private final WorkerAnswer.Builder answer;

  private JsonAnswerReader(JsonScanner in, WorkerAnswer.Builder answer) {
    this.in = in;
    this.answer = answer;
  }

  /**
   * Reads a head.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static void read(ByteBuffer json, WorkerAnswer.Builder answer) {
    new JsonAnswerReader(new JsonScanner(json), answer).head();
  }

  private void head() {
    in.expect('{');
    if (in.accept('}')) {
      return;
    }
    do {
      String key = in.string();
      in.expect(':');
      switch (key) {
        case "status" -> answer.status(in.integer());
        case "headers" -> headers();
        default -> in.skip();
      }
    } while (in.accept(','));
    in.expect('}');
  }

  private void headers() {
    if (in.peek() != '{') {
      // PHP writes an empty map as an empty list.
      in.skip();
      return;
    }
    in.expect('{');
    if (in.accept('}')) {
      return;
    }
    do {
      String name = in.headerName();
      in.expect(':');
      if (!in.accept('[')) {
        answer.field(name, in.scalar());
      } else if (!in.accept(']')) {
        do {
          answer.field(name, in.scalar());
        } while (in.accept(','));
        in.expect(']');
      }
    } while (in.accept(','));
    in.expect('}');
  }
}
