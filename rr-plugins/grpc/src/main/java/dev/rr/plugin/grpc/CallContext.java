package dev.rr.plugin.grpc;

import dev.rr.api.grpc.GrpcCall;
import dev.rr.api.trace.Span;
import dev.rr.api.worker.Payload;
import dev.rr.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a worker is told beside the message, as JSON: service, method, and {@code context}, a list
 * of values for each name. Of one name what is written last stays: first the trace, then the
 * client's metadata, then what is known of the connection. The lengths of a stream's messages are
 * in {@code messages}, unless it is one.
 */
record CallContext(GrpcCall call) implements Payload.Context {
  @Override
  public byte[] bytes() {
    Map<String, List<String>> context = new LinkedHashMap<>();
    if (call.notes().get(Span.NOTE) instanceof Span span) {
      span.inject((name, value) -> context.put(name, List.of(value)));
    }
    context.putAll(call.metadata().byName());
    context.put(":peer.address", List.of(call.peer()));
    if (call.secure()) {
      context.put(":peer.auth-type", List.of("tls"));
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("service", call.service());
    all.put("method", call.method());
    all.put("context", context);
    if (call.messages().size() != 1) {
      all.put("messages", call.messages().stream().map(message -> message.length).toList());
    }
    return JsonWriter.write(all);
  }
}
