package dev.rr.plugin.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.rr.api.rpc.RpcArgument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * An argument in the protobuf codec: a message for methods that take one; for any other method only
 * an empty body passes.
 *
 * @param payload the frame's payload
 * @param from where the argument begins
 * @param size is told what the decoded argument takes
 */
record ProtoArgument(byte[] payload, int from, LongConsumer size) implements RpcArgument {
  @Override
  public String string() {
    return zero("");
  }

  @Override
  public boolean bool() {
    return zero(false);
  }

  @Override
  public int integer() {
    return zero(0);
  }

  @Override
  public long longInteger() {
    return zero(0L);
  }

  @Override
  public double decimal() {
    return zero(0.0);
  }

  @Override
  public byte[] bytes() {
    return zero(new byte[0]);
  }

  @Override
  public List<String> strings() {
    return zero(List.of());
  }

  @Override
  public Map<String, Object> map() {
    return zero(new LinkedHashMap<>());
  }

  @Override
  @SuppressWarnings("unchecked") // a parser's message is of its prototype's type
  public <M> M message(M prototype) {
    Message type = (Message) prototype;
    ProtoSize.count(type.getDescriptorForType(), payload, from, size);
    try {
      return (M) type.getParserForType().parseFrom(payload, from, payload.length - from);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "goridge_read_request_body: proto: cannot parse invalid wire-format data: "
              + e.getMessage(),
          e);
    }
  }

  private <T> T zero(T value) {
    if (from < payload.length) {
      throw new IllegalArgumentException("goridge_read_request_body: message type is not a proto");
    }
    return value;
  }
}
