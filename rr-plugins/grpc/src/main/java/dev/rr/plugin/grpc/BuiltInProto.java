package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.MessageLite;
import dev.rr.protofile.ProtoFiles;
import dev.rr.protofile.ProtoSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The proto file of a service that answers without PHP, which no user has to write. Any thread. */
final class BuiltInProto {
  private static final List<BuiltInProto> ALL =
      List.of(
          new BuiltInProto("grpc.health.v1", "health.proto"),
          new BuiltInProto("grpc.reflection.v1", "reflection.proto"),
          new BuiltInProto("grpc.reflection.v1alpha", "reflection.proto"));

  private final String declares;
  private final String resource;
  private final String name;
  // Read when it is asked for: few clients do. Guarded by this.
  private @Nullable ProtoFiles parsed;

  private BuiltInProto(String declares, String resource) {
    this.declares = declares;
    this.resource = resource;
    this.name = declares.replace('.', '/') + "/" + resource;
  }

  /** The file of this name as a serialised descriptor; empty when there is none. */
  static List<byte[]> named(String name) {
    return ALL.stream()
        .filter(file -> file.name.equals(name))
        .findAny()
        .map(file -> serialised(file.parsed().file(name)))
        .orElse(List.of());
  }

  /** The file that declares this. */
  static List<byte[]> ofSymbol(String symbol) {
    return ALL.stream()
        .filter(file -> symbol.startsWith(file.declares + "."))
        .findAny()
        .map(file -> serialised(file.parsed().fileOfSymbol(symbol)))
        .orElse(List.of());
  }

  private static List<byte[]> serialised(List<? extends MessageLite> files) {
    return files.stream().map(MessageLite::toByteArray).toList();
  }

  private synchronized ProtoFiles parsed() {
    if (parsed == null) {
      parsed = read();
    }
    return parsed;
  }

  private ProtoFiles read() {
    try (InputStream in = BuiltInProto.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return ProtoFiles.of(name, text.replace("package PACKAGE;", "package " + declares + ";"));
    } catch (IOException | ProtoSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
