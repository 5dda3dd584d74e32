package dev.rr.plugin.kv;

import com.google.protobuf.UnsafeByteOperations;
import dev.rr.proto.KvProto.Item;
import dev.rr.proto.KvProto.Response;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What drivers say, as answers hold it. */
final class KvAnswers {
  private KvAnswers() {}

  static Response keys(Set<String> keys) {
    Response.Builder answer = Response.newBuilder();
    keys.forEach(key -> answer.addItems(Item.newBuilder().setKey(key)));
    return answer.build();
  }

  /** Values are not copied: whoever keeps them does not change them. */
  static Response values(Map<String, byte[]> values) {
    Response.Builder answer = Response.newBuilder();
    values.forEach((key, value) ->
        answer.addItems(
            Item.newBuilder().setKey(key).setValue(UnsafeByteOperations.unsafeWrap(value))));
    return answer.build();
  }

  static Response expiries(Map<String, Optional<Instant>> expiries) {
    Response.Builder answer = Response.newBuilder();
    expiries.forEach((key, expiry) ->
        answer.addItems(
            Item.newBuilder().setKey(key).setTimeout(expiry.map(Timestamps::format).orElse(""))));
    return answer.build();
  }
}
