package dev.rr.plugin.http.body;

import dev.rr.api.worker.Payload;
import java.util.List;

/**
 * What was taken of a request's body.
 *
 * @param body {@link Payload#NO_BODY} when there is none; for a form, when it has no fields
 * @param parsed whether the body is a form's JSON text
 * @param uploads JSON text of the tree of uploads, empty without
 * @param files what the worker reads and somebody has to delete afterwards
 */
public record TakenBody(Payload.Body body, boolean parsed, byte[] uploads, TempFiles files) {
  private static final byte[] NO_UPLOADS = new byte[0];

  /** No body. */
  static final TakenBody NOTHING =
      new TakenBody(Payload.NO_BODY, false, NO_UPLOADS, TempFiles.NONE);

  /** A form without files; its JSON text is empty when it has no fields. */
  static TakenBody form(byte[] json) {
    return form(json, NO_UPLOADS, TempFiles.NONE);
  }

  /** A form with files. */
  static TakenBody form(byte[] json, byte[] uploads, TempFiles files) {
    return new TakenBody(body(json), true, uploads, files);
  }

  /** A body in memory. */
  static TakenBody raw(byte[] bytes) {
    return new TakenBody(body(bytes), false, NO_UPLOADS, TempFiles.NONE);
  }

  /** A body on disk. */
  static TakenBody raw(Payload.Spooled file) {
    return new TakenBody(file, false, NO_UPLOADS, new TempFiles(List.of(file.path())));
  }

  private static Payload.Body body(byte[] bytes) {
    return bytes.length == 0 ? Payload.NO_BODY : new Payload.Bytes(bytes);
  }
}
