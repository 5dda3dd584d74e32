package dev.rr.plugin.rpc;

import java.nio.charset.StandardCharsets;

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
  /** The method with its service. */
  String method() {
    return new String(payload, 0, nameLength, StandardCharsets.UTF_8);
  }

  /** How it is encoded, and how its answer will be. */
  Codec codec() {
    return Codec.of(flags);
  }
}
