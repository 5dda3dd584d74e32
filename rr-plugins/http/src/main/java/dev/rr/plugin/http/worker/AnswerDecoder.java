package dev.rr.plugin.http.worker;

import dev.rr.api.worker.Payload;
import java.nio.ByteBuffer;

/** Decodes the head of a worker's answer, which is the context of a frame. Any thread. */
final class AnswerDecoder {
  private AnswerDecoder() {}

  /**
   * Decodes a context.
   *
   * @param codec the frame's codec flags; without any, the first byte tells: it is the tag of a
   *     protobuf answer's first or second field, which begins no JSON
   * @param context not empty, and backed by an array, as all that a pool hands over
   * @throws IllegalArgumentException when it is malformed
   */
  static WorkerAnswer decode(int codec, ByteBuffer context) {
    byte first = context.get(context.position());
    boolean unmarkedProto = codec == 0 && (first == 0x08 || first == 0x12);
    WorkerAnswer.Builder answer = new WorkerAnswer.Builder();
    if ((codec & Payload.PROTO) != 0 || unmarkedProto) {
      ProtoAnswerReader.read(context, answer);
    } else if ((codec & ~Payload.JSON) == 0) {
      JsonAnswerReader.read(context, answer);
    } else {
      throw new IllegalArgumentException("unknown payload type: " + codec);
    }
    return answer.build();
  }
}
