package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.MessageLite;
import dev.rr.protofile.ProtoFiles;
import dev.rr.protofile.ProtoSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The proto file of {@link HealthService}, which no user has to write. Any thread. */
final class HealthFile {
  private static final String NAME = "grpc/health/v1/health.proto";

  private HealthFile() {}

  /** Read when it is asked for: few clients do. */
  private static final class Holder {
    private static final ProtoFiles FILE = read();

    private static ProtoFiles read() {
      try (InputStream in = HealthFile.class.getResourceAsStream("health.proto")) {
        return ProtoFiles.of(NAME, new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
      } catch (IOException | ProtoSyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The file as a serialised descriptor; empty when its name is another. */
  static List<byte[]> named(String name) {
    return name.equals(NAME) ? ofSymbol("grpc.health.v1.Health") : List.of();
  }

  /** The file where it declares this. */
  static List<byte[]> ofSymbol(String symbol) {
    return symbol.startsWith("grpc.health.v1.")
        ? Holder.FILE.fileOfSymbol(symbol).stream().map(MessageLite::toByteArray).toList()
        : List.of();
  }
}
