package dev.rr.api.rpc;

import java.util.List;
import java.util.Map;

/**
 * The argument of a call, decoded on demand by the codec it came in. An empty body gives the type's
 * zero value. A method that cannot decode throws {@code IllegalArgumentException} with the text for
 * the caller.
 */
public interface RpcArgument {
  /** Text. */
  String string();

  /** True or false. */
  boolean bool();

  /** A 32-bit number. */
  int integer();

  /** A 64-bit number. */
  long longInteger();

  /** A floating point number. */
  double decimal();

  /** Bytes; base64 text under JSON. */
  byte[] bytes();

  /** A list of texts. */
  List<String> strings();

  /** A JSON object as nested maps, lists and scalars. */
  Map<String, Object> map();

  /**
   * A protobuf message, also from JSON with snake_case names.
   *
   * @param prototype the type's default instance ({@code com.google.protobuf.Message})
   */
  <M> M message(M prototype);
}
