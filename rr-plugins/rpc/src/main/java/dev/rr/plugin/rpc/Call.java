package dev.rr.plugin.rpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request frame. Immutable.
 *
 * @param sequence the caller's number for it, sent back with the answer
 * @param flags the frame's flags, which name its codec
 * @param payload the method's name, then the argument
 * @param nameLength the length of the name in bytes
 * @param dropped bytes of the argument that were too many to be taken; 0 for a whole request
 */
record Call(int sequence, int flags, byte[] payload, int nameLength, long dropped) {
  /** A smaller argument is kept rather than its method's name copied. */
  private static final int SMALL = 512;

  /** The method with its service. */
  String method() {
    return new String(payload, 0, nameLength, StandardCharsets.UTF_8);
  }

  /** The same without its argument, so that an answer that waits does not keep that. */
  Call withoutArgument() {
    return payload.length - nameLength <= SMALL
        ? this
        : new Call(sequence, flags, Arrays.copyOf(payload, nameLength), nameLength, dropped);
  }

  /** How it is encoded, and how its answer will be. */
  Codec codec() {
    return Codec.of(flags);
  }
}
